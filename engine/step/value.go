package step

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// A Duration is a time.Duration written as in "10s" or "1m30s".
type Duration time.Duration

// Seconds returns d in seconds.
func (d Duration) Seconds() float64 { return time.Duration(d).Seconds() }

// MarshalText writes "10s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "10s", "1m30s", "250ms".
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is not a duration; write it as 10s, 1m30s or 250ms", b)
	}
	*d = Duration(v)
	return nil
}

// A Fraction is a part of a whole, 0 to 1, written as "20%" or 0.2.
type Fraction float64

// MarshalText writes a percentage, "20%".
func (f Fraction) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatFloat(math.Round(float64(f)*1e12)/1e10, 'f', -1, 64) + "%"), nil
}

// UnmarshalText reads "20%" or "0.2".
func (f *Fraction) UnmarshalText(b []byte) error {
	text, percent := strings.CutSuffix(strings.TrimSpace(string(b)), "%")
	v, err := strconv.ParseFloat(text, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		return fmt.Errorf("%q is not a part of a whole; write it as 20%% or 0.2", b)
	}
	*f = Fraction(v)
	return nil
}

// match is path.Match for a pattern known to be well formed.
func match(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	if err != nil {
		panic(fmt.Sprintf("step: pattern %q: %v", pattern, err))
	}
	return ok
}
