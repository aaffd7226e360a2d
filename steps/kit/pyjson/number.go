package pyjson

import (
	"math"
	"math/big"
	"strconv"
)

// A number is one as JSON gave it, or that there is none. Integers are kept whole:
// most are clock readings in nanoseconds, and a double near today's Unix time is
// only good to 256 ns.
type Number struct {
	form form
	n    int64    // whole
	f    float64  // fractional
	huge *big.Int // huge
}

// Integer returns a whole number.
func Integer(n int64) Number { return Number{form: whole, n: n} }

// Absent reports whether there was no key, or null.
func (t Number) Absent() bool { return t.form == absent }

type form uint8

const (
	absent     form = iota // no key, or null
	whole                  // an integer of 64 bits
	huge                   // a larger integer
	fractional             // a number with a point or an exponent
	wrong                  // not a number
)

// numberAt reads the number literal that SkipNumber found.
func numberAt(text []byte, isInteger bool) Number {
	if !isInteger {
		f, _ := strconv.ParseFloat(string(text), 64) // out of range is infinite, as in Python
		return Number{form: fractional, f: f}
	}
	if n, end := PlainInteger(text, 0); end == len(text) {
		return Integer(n)
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return Integer(n)
	}
	n, ok := new(big.Int).SetString(string(text), 10)
	if !ok {
		return Number{form: wrong}
	}
	return Number{form: huge, huge: n}
}

// Unix returns the number cut to a whole number of nanoseconds.
func (t Number) Unix() (ns int64, ok bool) {
	switch t.form {
	case whole:
		return t.n, true
	case fractional:
		if t.f >= math.MinInt64 && t.f < math.MaxInt64 {
			return int64(t.f), true
		}
	}
	return 0, false
}

// Since returns the seconds from zero to t as Python computes (t - zero) / 1e9:
// integers are subtracted exactly and rounded once, floats round twice. It
// fails where Python raises: on a wrong type and on an integer past all floats.
func (t Number) Since(zero int64) (seconds float64, ok bool) {
	switch t.form {
	case whole:
		d := t.n - zero
		if (t.n < zero) == (d < 0) {
			return float64(d) / 1e9, true
		}
		return bigSeconds(big.NewInt(t.n), zero)
	case huge:
		return bigSeconds(t.huge, zero)
	case fractional:
		return (t.f - float64(zero)) / 1e9, true
	}
	return 0, false
}

func bigSeconds(t *big.Int, zero int64) (float64, bool) {
	f, _ := new(big.Int).Sub(t, big.NewInt(zero)).Float64()
	return f / 1e9, !math.IsInf(f, 0)
}

// Float returns a decoded number as a double.
func (t Number) Float() (float64, bool) {
	switch t.form {
	case whole:
		return float64(t.n), true
	case huge:
		f, _ := t.huge.Float64()
		return f, !math.IsInf(f, 0)
	case fractional:
		return t.f, true
	}
	return 0, false
}

// DecodeNumber reads a number, or what stands in its place. Booleans are numbers, as
// in Python.
func DecodeNumber(b []byte, i, depth int) (Number, int) {
	if i >= len(b) {
		return Number{}, Bad
	}
	switch c := b[i]; {
	case c == '-' || c >= '0' && c <= '9':
		end, isInteger := SkipNumber(b, i)
		if end < 0 {
			return Number{}, Bad
		}
		return numberAt(b[i:end], isInteger), end
	case c == 'n':
		return Number{}, SkipWord(b, i, "null")
	case c == 't':
		return Number{form: whole, n: 1}, SkipWord(b, i, "true")
	case c == 'f':
		return Number{form: whole}, SkipWord(b, i, "false")
	case c == 'N':
		return Number{form: fractional, f: math.NaN()}, SkipWord(b, i, "NaN")
	case c == 'I':
		return Number{form: fractional, f: math.Inf(1)}, SkipWord(b, i, "Infinity")
	}
	return Number{form: wrong}, SkipValue(b, i, depth)
}

// AsNumber is a decoded value as a number; Python counts booleans among them.
func AsNumber(v any) Number {
	switch v := v.(type) {
	case Number:
		return v
	case bool:
		if v {
			return Number{form: whole, n: 1}
		}
		return Number{form: whole}
	case nil:
		return Number{}
	}
	return Number{form: wrong}
}
