package xgb

import (
	"encoding/json"
	"errors"
)

// text translates a text, whose length comes first.
func (u *ubj) text() error {
	n, err := u.length()
	if err != nil {
		return err
	}
	b, err := u.take(n)
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(string(b))
	u.out = append(u.out, quoted...)
	return err
}

// object translates an object: keys without a type, each before its value.
func (u *ubj) object(depth int) error {
	left, counted, err := u.counted()
	if err != nil {
		return err
	}
	u.out = append(u.out, '{')
	for i := 0; ; i++ {
		if counted && i == left || !counted && u.next('}') {
			u.out = append(u.out, '}')
			return nil
		}
		if i > 0 {
			u.out = append(u.out, ',')
		}
		if err := u.text(); err != nil {
			return err
		}
		u.out = append(u.out, ':')
		if err := u.value(depth + 1); err != nil {
			return err
		}
	}
}

// array translates an array. If all elements are of one type, it comes first.
func (u *ubj) array(depth int) error {
	var kind byte
	if u.next('$') {
		b, err := u.take(1)
		if err != nil {
			return err
		}
		kind = b[0]
	}
	n, counted, err := u.counted()
	if err != nil {
		return err
	}
	if kind != 0 && (!counted || kind != 'd' && kind != 'D' && integerSize(kind) == 0) {
		return errors.New("a list of one type is of numbers and has its length")
	}
	u.out = append(u.out, '[')
	for i := 0; ; i++ {
		if counted && i == n || !counted && u.next(']') {
			u.out = append(u.out, ']')
			return nil
		}
		if i > 0 {
			u.out = append(u.out, ',')
		}
		if kind == 0 {
			err = u.value(depth + 1)
		} else {
			err = u.of(kind, depth+1)
		}
		if err != nil {
			return err
		}
	}
}

// counted reads the number of elements, if it comes next.
func (u *ubj) counted() (n int, is bool, err error) {
	if !u.next('#') {
		return 0, false, nil
	}
	n, err = u.length()
	return n, true, err
}
