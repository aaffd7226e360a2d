package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/parquet-go/parquet-go/format"
)

// A cell is one value that is not null, as the file has it.
type cell struct {
	kind  format.Type
	bits  uint64 // of a number
	bytes []byte // of a string
}

// cut takes a plain value of a kind off the front of b.
func cutCell(kind format.Type, b []byte) (cell, []byte, error) {
	switch kind {
	case format.Int32, format.Float:
		if len(b) >= 4 {
			return cell{kind, uint64(binary.LittleEndian.Uint32(b)), nil}, b[4:], nil
		}
	case format.Int64, format.Double:
		if len(b) >= 8 {
			return cell{kind, binary.LittleEndian.Uint64(b), nil}, b[8:], nil
		}
	case format.ByteArray:
		s, rest, err := cut(b)
		return cell{kind, 0, s}, rest, err
	default:
		return cell{}, nil, fmt.Errorf("values are of the type %v, which no table here has", kind)
	}
	return cell{}, nil, errors.New("a page ends too early")
}

// text returns a string.
func (c cell) text(t *texter) (string, error) {
	if c.kind != format.ByteArray {
		return "", fmt.Errorf("found %v, want a string", c.kind)
	}
	if len(c.bytes) > maxText {
		return "", fmt.Errorf("a text of %d bytes is longer than %d", len(c.bytes), maxText)
	}
	return t.of(c.bytes), nil
}

// integer returns an integer of either width.
func (c cell) integer() (int64, error) {
	switch c.kind {
	case format.Int32:
		return int64(int32(c.bits)), nil
	case format.Int64:
		return int64(c.bits), nil
	}
	return 0, fmt.Errorf("found %v, want an integer", c.kind)
}

// number returns a number of any type.
func (c cell) number() (float64, error) {
	switch c.kind {
	case format.Double:
		return math.Float64frombits(c.bits), nil
	case format.Float:
		return float64(math.Float32frombits(uint32(c.bits))), nil
	}
	i, err := c.integer()
	if err != nil {
		return 0, fmt.Errorf("found %v, want a number", c.kind)
	}
	return float64(i), nil
}

// A texter makes strings of bytes, each distinct one once.
type texter struct{ seen map[string]string }

func newTexter() *texter { return &texter{map[string]string{}} }

func (t *texter) of(b []byte) string {
	if s, ok := t.seen[string(b)]; ok {
		return s
	}
	s := strings.ToValidUTF8(string(b), "\uFFFD")
	t.seen[s] = s
	return s
}
