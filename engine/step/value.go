package step

import (
	"errors"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// A Duration is a time.Duration written as in "10s", "1m30s" or "7d".
type Duration time.Duration

// Seconds returns d in seconds.
func (d Duration) Seconds() float64 { return time.Duration(d).Seconds() }

// MarshalText writes "10s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "10s", "1m30s", "250ms", "7d", "1d12h". A day has 24 h.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := parseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is not a duration%s; write it as 10s, 1m30s or 250ms", b, whyDuration(string(b)))
	}
	*d = Duration(v)
	return nil
}

// parseDuration is time.ParseDuration for texts that may begin with days.
func parseDuration(text string) (time.Duration, error) {
	days, rest, has := strings.Cut(text, "d")
	if !has || strings.Trim(days, "+-.0123456789") != "" || strings.HasPrefix(rest, "+") || strings.HasPrefix(rest, "-") {
		return time.ParseDuration(text)
	}
	v, err := time.ParseDuration(days + "h")
	if err != nil || v != v*24/24 {
		return 0, errLong
	}
	if v *= 24; rest == "" {
		return v, nil
	}
	more, err := time.ParseDuration(rest)
	if strings.HasPrefix(days, "-") {
		more = -more
	}
	if err == nil && (v > 0 && more > math.MaxInt64-v || v < 0 && more < math.MinInt64-v) {
		err = errLong
	}
	return v + more, err
}

var errLong = errors.New("it is too long")

// whyDuration says what is wrong with a text that is no duration, if it is one
// of the usual slips.
func whyDuration(text string) string {
	number, unit := splitUnit(text)
	_, err := strconv.ParseFloat(number, 64)
	switch {
	case text == "" || err != nil:
		return ""
	case unit == "":
		return ", it has no unit"
	case strings.ContainsAny(text, " \t"):
		return ", it has a blank in it"
	case unit == "w" || unit == "y":
		return ", the longest unit is d"
	case strings.Trim(unit, "dhmsnuµ.0123456789+-") != "":
		return fmt.Sprintf(", %s is no unit", unit)
	case strings.LastIndexByte(unit, 'd') > 0 || strings.ContainsAny(unit, "+-"):
		return ", days come first and a sign before all"
	}
	return ", it is longer than 292 years"
}

// splitUnit cuts "1.5GB" into its number and its unit.
func splitUnit(text string) (number, unit string) {
	i := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("+-.0123456789", r) })
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

// A Fraction is a part of a whole, 0 to 1, written as "20%" or 0.2, to twelve
// digits.
type Fraction float64

// digits is what a Fraction is rounded to, so that the text that goes into keys
// reads back as the very same number: 1e-12.
const digits = 1e12

// MarshalText writes a percentage, "20%".
func (f Fraction) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatFloat(math.Round(float64(f)*digits)/(digits/100), 'f', -1, 64) + "%"), nil
}

// UnmarshalText reads "20%" or "0.2".
func (f *Fraction) UnmarshalText(b []byte) error {
	text, percent := strings.CutSuffix(strings.TrimSpace(string(b)), "%")
	v, err := strconv.ParseFloat(text, 64)
	if percent {
		v /= 100
	}
	if err != nil || math.IsNaN(v) {
		return fmt.Errorf("%q is not a part of a whole; write it as 20%% or 0.2", b)
	}
	if !(v >= 0 && v <= 1) {
		hint := ""
		if !percent && v > 1 && v <= 100 {
			hint = fmt.Sprintf(", or %s%%", text)
		}
		return fmt.Errorf("%q is not a part of a whole, which is 0%% to 100%%; write it as 20%% or 0.2%s", b, hint)
	}
	*f = Fraction(math.Round(v*digits) / digits)
	return nil
}

// A Portion is a Fraction above 0. Its zero value is a portion that is not given, so a
// parameter of this type is tagged omitempty, and an explicit 0% is refused: it
// would be taken for the default.
type Portion float64

// MarshalText writes a percentage, "20%".
func (p Portion) MarshalText() ([]byte, error) { return Fraction(p).MarshalText() }

// UnmarshalText reads "20%" or "0.2".
func (p *Portion) UnmarshalText(b []byte) error {
	var f Fraction
	if err := f.UnmarshalText(b); err != nil {
		return err
	}
	if f == 0 {
		return fmt.Errorf("%q is nothing; write a part above 0%%, or leave it out", b)
	}
	*p = Portion(f)
	return nil
}

// match is path.Match for patterns known to be well formed, of which one has to
// match; | is between them.
func match(patterns, name string) bool {
	matches := false
	for pattern := range strings.SplitSeq(patterns, "|") {
		ok, err := path.Match(pattern, name)
		if err != nil {
			panic(fmt.Sprintf("step: pattern %q: %v", pattern, err))
		}
		matches = matches || ok
	}
	return matches
}
