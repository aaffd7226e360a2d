package parquet

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/parquet-go/parquet-go/format"
)

// errEnough ends the reading of a column.
var errEnough = errors.New("enough")

// EachWord calls do with the value of each row of a column of texts, integers or booleans, as text, until do returns
// false. Another type is an error that names it, and a null one that names the row. It needs memory for one page.
func EachWord(p *File, column string, do func(string) bool) error {
	i, err := p.leaf(column, false)
	if err != nil {
		return err
	}
	if l := &p.Leaves[i]; !l.words() {
		return fmt.Errorf("column %s is %s, want text, integers or booleans", column, l.sense.name)
	}
	row, texts := -1, NewTexter()
	for g := range p.meta.RowGroups {
		c := p.open(g, i)
		before := row
		err := c.each(func(_ bool, is presence, v cell) error {
			if row++; row == maxRows {
				return fmt.Errorf("more than %d rows in the table", maxRows)
			}
			if is != present {
				return errNull
			}
			word, err := v.word(texts)
			if err == nil && !do(word) {
				return errEnough
			}
			return err
		})
		switch n := int(p.meta.RowGroups[g].NumRows); {
		case errors.Is(err, errEnough):
			return nil
		case err != nil:
			return fmt.Errorf("%s, column %s: %w", RowName(max(row, 0)), column, err)
		case row-before != n:
			return fmt.Errorf("column %s has %d values for %d rows", column, row-before, n)
		}
	}
	return nil
}

// words reports whether the values of a leaf are texts, integers or booleans. A column of nothing but nulls is any of
// these.
func (l *Leaf) words() bool {
	whole := l.kind == format.Int32 || l.kind == format.Int64
	switch l.sense.of {
	case meansItself:
		return whole || l.kind == format.ByteArray || l.kind == format.Boolean
	case meansText:
		return l.kind == format.ByteArray
	case meansUnsigned:
		return whole
	}
	return l.sense.of == meansNull
}

// word returns a text, an integer in decimal, true or false.
func (c cell) word(t *Texter) (string, error) {
	switch c.leaf.kind {
	case format.ByteArray:
		return c.text(t)
	case format.Boolean:
		return strconv.FormatBool(c.bits != 0), nil
	case format.Int32:
		if c.leaf.sense.of == meansUnsigned {
			return strconv.FormatUint(uint64(uint32(c.bits)), 10), nil
		}
		return strconv.FormatInt(int64(int32(c.bits)), 10), nil
	}
	if c.leaf.sense.of == meansUnsigned {
		return strconv.FormatUint(c.bits, 10), nil
	}
	return strconv.FormatInt(int64(c.bits), 10), nil
}
