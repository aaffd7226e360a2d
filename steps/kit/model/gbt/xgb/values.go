package xgb

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Floats are written with the shortest digits that read back as the same float32, always
// with an exponent: XGBoost reads numbers without one as integers.
type Floats []float32

func (f Floats) MarshalJSON() ([]byte, error) {
	return AppendFloats(make([]byte, 0, 14*len(f)+2), f), nil
}

// AppendFloats appends a list.
func AppendFloats(b []byte, f []float32) []byte {
	b = append(b, '[')
	for i, v := range f {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendFloat(b, float64(v), 'E', -1, 32)
	}
	return append(b, ']')
}

// A Flag is a truth value that is written as 0 or 1. Older releases of XGBoost wrote
// false or true.
type Flag bool

func (f Flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

func (f *Flag) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "1", "true":
		*f = true
	case "0", "false":
		*f = false
	default:
		return fmt.Errorf("%.20q is not a truth value", b)
	}
	return nil
}

// A Score is base_score. It is a text with a number, or since XGBoost 3.1 with a list of
// numbers; a plain number is taken, too.
type Score string

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Score) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		*s = Score(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(s))
}
