package glob

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct{ pattern, yes, no string }{
		{"a.csv", "a.csv", "a_csv b/a.csv a.csv.gz"},
		{"*.csv", "a.csv .csv", "a/b.csv a.csvx"},
		{"a/*.csv", "a/b.csv", "a/b/c.csv b/c.csv a.csv"},
		{"**/x", "x a/x a/b/x", "ax a/xx x/y"},
		{"a/**", "a/x a/b/x", "a ab/x b/a/x"},
		{"a/**/x", "a/x a/b/c/x", "a/bx x"},
		{"a**b", "ab a/x/b", "a b/a"},
		{"?.x", "a.x é.x", "/.x ab.x .x"},
		{"{a,b}.{x,y}", "a.x b.y", "a b.z ab.x"},
		{"{a,b/{c,d}}/x", "a/x b/c/x b/d/x", "b/x c/x"},
		{"a[1].x", "a[1].x", "a1.x"},
		{"a,b", "a,b", "a b"},
		{`\*\{a\}`, "*{a}", "x{a}"},
		{"a+(b)$", "a+(b)$", "aab"},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		for _, name := range strings.Fields(c.yes) {
			if !p.Match(name) {
				t.Errorf("%s does not match %s", c.pattern, name)
			}
		}
		for _, name := range strings.Fields(c.no) {
			if p.Match(name) {
				t.Errorf("%s matches %s", c.pattern, name)
			}
		}
	}
}

func TestExactAndPrefix(t *testing.T) {
	for pattern, want := range map[string]string{"a/b": "a/b!", "a/*": "a/", "**": "", `a\*`: "a*!", "{a,b}": ""} {
		p, err := Parse(pattern)
		if err != nil {
			t.Fatal(err)
		}
		got := p.Prefix()
		if p.Exact() {
			got += "!"
		}
		if got != want || p.String() != pattern {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		"":                        "not a path",
		"/a":                      "not a path",
		"a/":                      "not a path",
		"a//b":                    "not a path",
		"../a":                    "not a path",
		".":                       "not a path",
		"\xff":                    "not a path",
		"{a":                      "{ without",
		"a}":                      "} without",
		"{a}":                     "write ${name}",
		`a\`:                      "ends in a backslash",
		strings.Repeat("a", 5000): "5000 bytes",
	} {
		if _, err := Parse(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", pattern, err, want)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("a*{b,c}", `x\y`)
	f.Fuzz(func(t *testing.T, name, other string) {
		p, err := Parse(Quote(name))
		if err != nil {
			return // no name of a file
		}
		if !p.Exact() || !p.Match(name) || other != name && p.Match(other) {
			t.Errorf("%q quoted is %q", name, Quote(name))
		}
		Parse(name)
	})
}
