package xgb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// UBJSON, draft 12, as XGBoost writes it: a byte says of which type a value is, numbers are
// big-endian, and lists of numbers have their type and length before them.

const maxUBJ = maxFile / 8 // a byte becomes at most 5 of JSON

var errCut = errors.New("it ends early")

// isUBJ tells UBJSON from JSON: behind the brace is the type of a length, not a quote.
func isUBJ(b []byte) bool {
	return len(b) > 1 && b[0] == '{' && (integerSize(b[1]) > 0 || b[1] == '#')
}

// integerSize returns the bytes of an integer of a type; 0 if it is none.
func integerSize(kind byte) int {
	switch kind {
	case 'i', 'U':
		return 1
	case 'I':
		return 2
	case 'l':
		return 4
	case 'L':
		return 8
	}
	return 0
}

// fromUBJ returns the same as JSON.
func fromUBJ(b []byte) ([]byte, error) {
	if len(b) > maxUBJ {
		return nil, fmt.Errorf("it has more than %d bytes", maxUBJ)
	}
	u := ubj{in: b}
	if err := u.value(0); err != nil {
		return nil, fmt.Errorf("at byte %d: %w", len(b)-len(u.in), err)
	}
	if len(u.in) > 0 {
		return nil, fmt.Errorf("at byte %d: something follows", len(b)-len(u.in))
	}
	return u.out, nil
}

// ubj is what is still to read, and the JSON made so far.
type ubj struct{ in, out []byte }

// take returns the next n bytes.
func (u *ubj) take(n int) ([]byte, error) {
	if n < 0 || n > len(u.in) {
		return nil, errCut
	}
	b := u.in[:n]
	u.in = u.in[n:]
	return b, nil
}

// next reports whether a byte comes next, and takes it if so.
func (u *ubj) next(c byte) bool {
	if len(u.in) == 0 || u.in[0] != c {
		return false
	}
	u.in = u.in[1:]
	return true
}

// value translates a value, which begins with its type.
func (u *ubj) value(depth int) error {
	kind, err := u.take(1)
	if err != nil {
		return err
	}
	return u.of(kind[0], depth)
}

func (u *ubj) of(kind byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("it is more than %d deep", maxDepth)
	}
	switch kind {
	case '{':
		return u.object(depth)
	case '[':
		return u.array(depth)
	case 'S':
		return u.text()
	case 'Z':
		u.out = append(u.out, "null"...)
	case 'T':
		u.out = append(u.out, "true"...)
	case 'F':
		u.out = append(u.out, "false"...)
	case 'd', 'D':
		return u.float(kind)
	default:
		v, err := u.integer(kind)
		u.out = strconv.AppendInt(u.out, v, 10)
		return err
	}
	return nil
}

// integer reads an integer of a type.
func (u *ubj) integer(kind byte) (int64, error) {
	size := integerSize(kind)
	if size == 0 {
		return 0, fmt.Errorf("%q is no type that a model has", kind)
	}
	b, err := u.take(size)
	if err != nil {
		return 0, err
	}
	switch kind {
	case 'i':
		return int64(int8(b[0])), nil
	case 'U':
		return int64(b[0]), nil
	case 'I':
		return int64(int16(binary.BigEndian.Uint16(b))), nil
	case 'l':
		return int64(int32(binary.BigEndian.Uint32(b))), nil
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// float translates a float32 or float64.
func (u *ubj) float(kind byte) error {
	v, size, bits := 0.0, 4, 32
	if kind == 'D' {
		size, bits = 8, 64
	}
	b, err := u.take(size)
	if err != nil {
		return err
	}
	if v = float64(math.Float32frombits(binary.BigEndian.Uint32(b))); bits == 64 {
		v = math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	if math.IsInf(v, 0) {
		u.out = append(u.out, "Infinity"...)
		return nil
	}
	u.out = strconv.AppendFloat(u.out, v, 'E', -1, bits)
	return nil
}

// length reads a length, which is an integer with its type.
func (u *ubj) length() (int, error) {
	kind, err := u.take(1)
	if err != nil {
		return 0, err
	}
	n, err := u.integer(kind[0])
	if err == nil && (n < 0 || n > int64(len(u.in))) {
		err = errCut
	}
	return int(n), err
}
