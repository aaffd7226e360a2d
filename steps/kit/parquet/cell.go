package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/format"
)

// A cell is one value that is not null, as the file has it.
type cell struct {
	leaf  *Leaf
	bits  uint64 // of a number
	bytes []byte // of a string, or of a number that is not 4 or 8 bytes long
}

// cutCell takes a plain value of a leaf off the front of b.
func cutCell(l *Leaf, b []byte) (cell, []byte, error) {
	switch l.kind {
	case format.Int32, format.Float:
		if len(b) >= 4 {
			return cell{l, uint64(binary.LittleEndian.Uint32(b)), nil}, b[4:], nil
		}
	case format.Int64, format.Double:
		if len(b) >= 8 {
			return cell{l, binary.LittleEndian.Uint64(b), nil}, b[8:], nil
		}
	case format.ByteArray:
		s, rest, err := cut(b)
		return cell{l, 0, s}, rest, err
	case format.FixedLenByteArray:
		if l.width <= 0 || l.width > maxText {
			return cell{}, nil, fmt.Errorf("values are %d bytes long", l.width)
		}
		if len(b) >= l.width {
			return cell{l, 0, b[:l.width]}, b[l.width:], nil
		}
	default:
		return cell{}, nil, fmt.Errorf("values are %s, which no table here has", l.sense.name)
	}
	return cell{}, nil, errors.New("a page ends too early")
}

// is is the error of a cell that should be something else.
func (c cell) is(want string) error {
	return fmt.Errorf("the column is %s, want %s", c.leaf.sense.name, want)
}

// text returns a string.
func (c cell) text(t *Texter) (string, error) {
	if s := c.leaf.sense.of; c.leaf.kind != format.ByteArray || s != meansText && s != meansItself {
		return "", c.is("text")
	}
	if len(c.bytes) > maxText {
		return "", fmt.Errorf("a text of %d bytes is longer than %d", len(c.bytes), maxText)
	}
	return t.of(c.bytes)
}

// integer returns an integer of either width, or a number of another type that
// is whole.
func (c cell) integer() (int64, error) {
	switch s := c.leaf.sense.of; {
	case s == meansItself && c.leaf.kind == format.Int32:
		return int64(int32(c.bits)), nil
	case s == meansUnsigned && c.leaf.kind == format.Int32:
		return int64(uint32(c.bits)), nil
	case s == meansItself && c.leaf.kind == format.Int64:
		return int64(c.bits), nil
	case s == meansUnsigned && c.leaf.kind == format.Int64 && c.bits > math.MaxInt64:
		return 0, fmt.Errorf("%d is too large", c.bits)
	case s == meansUnsigned && c.leaf.kind == format.Int64:
		return int64(c.bits), nil
	}
	v, err := c.number()
	if err != nil {
		return 0, c.is("an integer")
	}
	if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		return 0, fmt.Errorf("%v is not an integer", v)
	}
	return int64(v), nil
}

// count returns an integer from 0 that fits 32 bits.
func (c cell) count() (int32, error) {
	n, err := c.integer()
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = fmt.Errorf("%d is not a count", n)
	}
	return int32(n), err
}

// number returns a number of any type.
func (c cell) number() (float64, error) {
	if !c.leaf.numeric() {
		return 0, c.is("a number")
	}
	switch s := c.leaf.sense.of; {
	case s == meansDecimal:
		return c.decimal()
	case s == meansHalf:
		return fromHalf(binary.LittleEndian.Uint16(c.bytes)), nil
	case s == meansUnsigned && c.leaf.kind == format.Int32:
		return float64(uint32(c.bits)), nil
	case s == meansUnsigned:
		return float64(c.bits), nil
	case c.leaf.kind == format.Double:
		return math.Float64frombits(c.bits), nil
	case c.leaf.kind == format.Float:
		return float64(math.Float32frombits(uint32(c.bits))), nil
	case c.leaf.kind == format.Int32:
		return float64(int32(c.bits)), nil
	}
	return float64(int64(c.bits)), nil
}

// instant returns a point of time in nanoseconds since 1970.
func (c cell) instant() (int64, error) {
	s := c.leaf.sense
	if s.of != meansInstant || c.leaf.kind != format.Int64 {
		return 0, c.is("a TIMESTAMP in UTC")
	}
	n := int64(c.bits)
	if n > math.MaxInt64/s.tick || n < math.MinInt64/s.tick {
		return 0, fmt.Errorf("the time %d is out of range", n)
	}
	return n * s.tick, nil
}

// A Texter makes strings of bytes, each distinct one once.
type Texter struct{ seen map[string]string }

func NewTexter() *Texter { return &Texter{map[string]string{}} }

func (t *Texter) of(b []byte) (string, error) {
	if s, ok := t.seen[string(b)]; ok {
		return s, nil
	}
	if !utf8.Valid(b) {
		return "", fmt.Errorf("the text %.60q is not UTF-8", b)
	}
	s := strings.Clone(string(b))
	t.seen[s] = s
	return s, nil
}
