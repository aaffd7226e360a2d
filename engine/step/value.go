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

// A Duration is a time.Duration written as "10s", "1m30s", "7d" or "2w".
type Duration time.Duration

// Seconds returns d in seconds.
func (d Duration) Seconds() float64 { return time.Duration(d).Seconds() }

// MarshalText writes "10s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "10s", "1m30s", "250ms", "7d", "1d12h", "2w". A day has 24 h.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := ParseDuration(string(b))
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// ParseDuration is time.ParseDuration with weeks and days, which come before the other
// units.
func ParseDuration(text string) (time.Duration, error) {
	v, err := parseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration%s; write it as 10s, 1m30s, 12h, 30d or 2w", text,
			whyDuration(text, err))
	}
	return v, nil
}

// parseDuration reads Go's durations with weeks and days in front of them. A sign
// applies to the whole.
func parseDuration(text string) (time.Duration, error) {
	sign, rest := "", text
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		sign, rest = text[:1], text[1:]
	}
	sum, found := time.Duration(0), false
	for _, unit := range []struct {
		name  string
		hours time.Duration
	}{{"w", 7 * 24}, {"d", 24}} {
		number, after, has := strings.Cut(rest, unit.name)
		if !has || strings.Trim(number, ".0123456789") != "" {
			continue
		}
		v, err := time.ParseDuration(sign + number + "h")
		if err != nil || v != v*unit.hours/unit.hours {
			return 0, errLong
		}
		if sum, found, rest = sum+v*unit.hours, true, after; tooLong(sum, v) {
			return 0, errLong
		}
	}
	if !found {
		return time.ParseDuration(text)
	}
	if rest == "" {
		return sum, nil
	}
	if strings.HasPrefix(rest, "+") || strings.HasPrefix(rest, "-") {
		return 0, errors.New("sign in the middle")
	}
	more, err := time.ParseDuration(sign + rest)
	if err == nil && tooLong(sum+more, more) {
		err = errLong
	}
	return sum + more, err
}

// tooLong reports whether a sum has overflowed: then its sign differs from that of what
// was added last.
func tooLong(sum, added time.Duration) bool { return added > 0 && sum < 0 || added < 0 && sum > 0 }

var errLong = errors.New("it is too long")

// whyDuration explains why a text is not a duration, if it is one of the usual mistakes.
func whyDuration(text string, why error) string {
	number, unit := splitUnit(text)
	_, err := strconv.ParseFloat(number, 64)
	switch {
	case text == "" || err != nil:
		return ""
	case errors.Is(why, errLong):
		return ", it is longer than 292 years"
	case unit == "":
		return ", it has no unit"
	case strings.ContainsAny(text, " \t"):
		return ", it has a space in it"
	case unit == "y":
		return ", the longest unit is w"
	case strings.Trim(unit, "wdhmsnuµ.0123456789+-") != "":
		return fmt.Sprintf(", %s is not a unit", unit)
	case strings.LastIndexAny(unit, "dw") > 0 || strings.ContainsAny(unit, "+-"):
		return ", write the sign first, then weeks and days: -1w2d12h"
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

// A Fraction is a part of a whole, 0 to 1, written as "20%" or 0.2, with up to twelve
// digits.
type Fraction float64

// digits is what a Fraction is rounded to, 1e-12, so that the text in keys reads back as
// the very same number.
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

// A Portion is a Fraction above 0. Its zero value means that the portion is not given,
// so a parameter of this type is tagged omitempty. An explicit 0% is refused, since it
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
		return fmt.Errorf("%q is 0; write a part above 0%%, or leave it out", b)
	}
	*p = Portion(f)
	return nil
}

// match is path.Match for patterns that are known to be well formed. Patterns are
// separated by |, and one of them has to match.
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
