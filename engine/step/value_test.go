package step_test

import (
	"encoding"
	"strings"
	"testing"

	"assay/engine/step"
)

// text returns the text of a value, and checks that the text reads back as the same value.
func text[T comparable, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, v T) string {
	t.Helper()
	b, err := any(v).(encoding.TextMarshaler).MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var again T
	if err := P(&again).UnmarshalText(b); err != nil || again != v {
		t.Errorf("%s reads back as %v, not %v: %v", b, again, v, err)
	}
	return string(b)
}

func TestSizes(t *testing.T) {
	for in, want := range map[string]string{
		"64MiB": "64MiB", "1.5GB": "1500MB", "1.5 GiB": "1536MiB", "0.5KiB": "512", "1000": "1kB", "0": "0", "7B": "7",
		"1048576": "1MiB", "8388607TiB": "8388607TiB", "9223372036854775807": "9223372036854775807", "512kB": "512kB", "1e3": "",
		"64M":        "64M\" is not a size, M is not a unit: MB are thousands, MiB times 1024",
		"1K":         "kB are thousands",
		"3 parsecs":  "parsecs is not a unit",
		"-1":         "it is below 0",
		"0.3KiB":     "not a whole number of bytes",
		"9000000TiB": "larger than any disk",
		"":           "is not a size; write",
		"MiB":        "is not a size; write",
		"1.2.3kB":    "is not a size; write",
	} {
		var s step.Size
		err := s.UnmarshalText([]byte(in))
		switch {
		case err != nil && (want == "" || strings.Contains(err.Error(), want)):
		case err != nil || text(t, s) != want:
			t.Errorf("%q is %d, %v; want %s", in, s, err, want)
		}
	}
}

func TestDurationsAndFractionsSayWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"10": ", it has no unit;", "10 s": "a space", "2y": "the longest unit is w", "1h2d": "sign first, then weeks", "2d-1h": "sign first, then weeks", "1d2w": "sign first, then weeks", "99999w": "292 years", "15250w2d": "292 years", "d": "is not a duration; write", "999999999d": "292 years", "106751d24h": "292 years", "3parsecs": "parsecs is not a unit",
		"ten": "is not a duration; write", "": "is not a duration; write", "9999999999h": "292 years",
	} {
		if err := new(step.Duration).UnmarshalText([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
	for in, want := range map[string]string{
		"20": "write it as 20% or 0.2, or 20%", "120%": "0% to 100%", "-1%": "0% to 100%", "NaN": "is not a part of a whole; write", "x": "is not a part",
	} {
		if err := new(step.Fraction).UnmarshalText([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

func TestDays(t *testing.T) {
	for in, want := range map[string]string{
		"7d": "168h0m0s", "1d12h30m": "36h30m0s", "0.5d": "12h0m0s", "-1d1h": "-25h0m0s", "+2d": "48h0m0s", "0d": "0s", "90s": "1m30s", "106751d23h": "2562047h0m0s",
		"2w": "336h0m0s", "1w2d12h": "228h0m0s", "-1w1h": "-169h0m0s", "0.5w": "84h0m0s",
	} {
		var d step.Duration
		if err := d.UnmarshalText([]byte(in)); err != nil || text(t, d) != want {
			t.Errorf("%q is %v, %v; want %s", in, d, err, want)
		}
	}
}

func FuzzValues(f *testing.F) {
	for _, seed := range []string{"64MiB", "1.5GB", "33.3%", "0.333333333333333", "1m30s", "250ms", "1d12h", "1e-3", "-0", "7.1e1%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var s step.Size
		if s.UnmarshalText([]byte(in)) == nil {
			text(t, s)
		}
		var d step.Duration
		if d.UnmarshalText([]byte(in)) == nil {
			text(t, d)
		}
		var p step.Fraction
		if p.UnmarshalText([]byte(in)) == nil {
			text(t, p)
		}
	})
}
