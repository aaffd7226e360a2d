package telemetry

import (
	"math"
	"math/big"
	"strconv"
)

// A number is one as JSON gave it, or that there is none. Integers are kept whole:
// most are clock readings in nanoseconds, and a double near today's Unix time is
// only good to 256 ns.
type number struct {
	form form
	n    int64    // whole
	f    float64  // fractional
	huge *big.Int // huge
}

// integer returns a whole number.
func integer(n int64) number { return number{form: whole, n: n} }

// absent reports whether there was no key, or null.
func (t number) absent() bool { return t.form == absent }

type form uint8

const (
	absent     form = iota // no key, or null
	whole                  // an integer of 64 bits
	huge                   // a larger integer
	fractional             // a number with a point or an exponent
	wrong                  // not a number
)

// numberAt reads the number literal that skipNumber found.
func numberAt(text []byte, isInteger bool) number {
	if !isInteger {
		f, _ := strconv.ParseFloat(string(text), 64) // out of range is infinite, as in Python
		return number{form: fractional, f: f}
	}
	if n := clockDigits(text); n > 0 {
		return number{form: whole, n: n}
	}
	if ns, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return number{form: whole, n: ns}
	}
	n, ok := new(big.Int).SetString(string(text), 10)
	if !ok {
		return number{form: wrong}
	}
	return number{form: huge, huge: n}
}

// clockDigits is the fast way for a time as it should be: 19 digits or fewer that
// fit 63 bits. It returns 0 for anything else.
func clockDigits(text []byte) int64 {
	if len(text) > 19 || text[0] == '-' {
		return 0
	}
	n := uint64(0)
	for _, c := range text {
		n = n*10 + uint64(c-'0')
	}
	return max(0, int64(n)) // negative if past 63 bits
}

// unix returns the number cut to a whole number of nanoseconds.
func (t number) unix() (ns int64, ok bool) {
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

// since returns the seconds from zero to t as Python computes (t - zero) / 1e9:
// integers are subtracted exactly and rounded once, floats round twice. It
// fails where Python raises: on a wrong type and on an integer past all floats.
func (t number) since(zero int64) (seconds float64, ok bool) {
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

// float returns a decoded number as a double.
func (t number) float() (float64, bool) {
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

// decodeNumber reads a number, or what stands in its place. Booleans are numbers, as
// in Python.
func decodeNumber(b []byte, i, depth int) (number, int) {
	if i >= len(b) {
		return number{}, bad
	}
	switch c := b[i]; {
	case c == '-' || c >= '0' && c <= '9':
		end, isInteger := skipNumber(b, i)
		if end < 0 {
			return number{}, bad
		}
		return numberAt(b[i:end], isInteger), end
	case c == 'n':
		return number{}, skipWord(b, i, "null")
	case c == 't':
		return number{form: whole, n: 1}, skipWord(b, i, "true")
	case c == 'f':
		return number{form: whole}, skipWord(b, i, "false")
	case c == 'N':
		return number{form: fractional, f: math.NaN()}, skipWord(b, i, "NaN")
	case c == 'I':
		return number{form: fractional, f: math.Inf(1)}, skipWord(b, i, "Infinity")
	}
	return number{form: wrong}, skipValue(b, i, depth)
}

// asNumber is a decoded value as a number; Python counts booleans among them.
func asNumber(v any) number {
	switch v := v.(type) {
	case number:
		return v
	case bool:
		if v {
			return number{form: whole, n: 1}
		}
		return number{form: whole}
	case nil:
		return number{}
	}
	return number{form: wrong}
}
