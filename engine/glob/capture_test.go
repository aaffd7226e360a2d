package glob

import (
	"slices"
	"strings"
	"testing"
)

func TestCapture(t *testing.T) {
	for _, c := range []struct{ pattern, names, file, values string }{
		{"a/*.csv", "x", "a/b.csv", "b"},
		{"a/*.csv", "x", "a/.csv", ""},
		{"a/*.csv", "x", "a/b/c.csv", ""},
		{`\**.csv`, "x", "*b.csv", "b"},
		{"{host}/{ep}.csv", "host ep", "h1/e 1.csv", "h1|e 1"},
		{"{host}/*.{csv,tsv}", "host", "h1/e.tsv", "h1"},
		{"**/{host}.csv", "host", "a/b/h.csv", "h"},
		{"{host}-{n}", "host n", "lab-d4-7", "lab-d4|7"},
	} {
		p, err := ParseCapture(c.pattern, "x")
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := strings.Join(p.Values(c.file), "|"); got != c.values || !slices.Equal(p.Names, strings.Fields(c.names)) {
			t.Errorf("%s in %s: %q, %q", c.pattern, c.file, got, p.Names)
		}
	}
	for pattern, want := range map[string]string{
		"a": "write one *", "*/*": "write one *", "**": "write one *", "{x}/{x}": "twice",
		"{a}/../b": "not a path", "{a}{": "without its }", "*\x01": "control character",
	} {
		if _, err := ParseCapture(pattern, "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", pattern, err, want)
		}
	}
}

func FuzzParseCapture(f *testing.F) {
	f.Add("a/{b}/*.{c,d}", "a/x/y.c")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		p, err := ParseCapture(pattern, "x")
		if err != nil {
			return
		}
		if v := p.Values(name); v != nil && len(v) != len(p.Names) {
			t.Errorf("%q in %q: %q for %q", pattern, name, v, p.Names)
		}
	})
}
