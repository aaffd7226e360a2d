package telemetry

import (
	"math"
	"math/big"
	"strconv"
)

// An instant is a clock reading in nanoseconds as JSON gave it. Integers are
// kept whole: a double near today's Unix time is only good to 256 ns.
type instant struct {
	form form
	ns   int64    // whole
	f    float64  // fractional
	huge *big.Int // huge
}

type form uint8

const (
	absent     form = iota // no key, or null
	whole                  // an integer of 64 bits
	huge                   // a larger integer
	fractional             // a number with a point or an exponent
	wrong                  // not a number
)

// numberAt reads the number literal that skipNumber found.
func numberAt(text []byte, integer bool) instant {
	if !integer {
		f, _ := strconv.ParseFloat(string(text), 64) // out of range is infinite, as in Python
		return instant{form: fractional, f: f}
	}
	if n := clockDigits(text); n > 0 {
		return instant{form: whole, ns: n}
	}
	if ns, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return instant{form: whole, ns: ns}
	}
	n, ok := new(big.Int).SetString(string(text), 10)
	if !ok {
		return instant{form: wrong}
	}
	return instant{form: huge, huge: n}
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

// unix returns the instant cut to a whole number of nanoseconds.
func (t instant) unix() (ns int64, ok bool) {
	switch t.form {
	case whole:
		return t.ns, true
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
func (t instant) since(zero int64) (seconds float64, ok bool) {
	switch t.form {
	case whole:
		d := t.ns - zero
		if (t.ns < zero) == (d < 0) {
			return float64(d) / 1e9, true
		}
		return bigSeconds(big.NewInt(t.ns), zero)
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
