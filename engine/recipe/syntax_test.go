package recipe

import (
	"strings"
	"testing"
)

// Errors that yaml.v3 reports without a position have one here.
func TestSyntaxHasPlaces(t *testing.T) {
	const quoted = " (if it is text and not an alias, put it in quotes)"
	for text, want := range map[string]string{
		"a: 1\nb: caf\xe9\n":        "r.yaml:2:7: the byte 0xe9 is not UTF-8 text (save the file as UTF-8)",
		"\ufeffé \xc3":              "r.yaml:1:3: the byte 0xc3 is not UTF-8 text (save the file as UTF-8)",
		"\xff\xfea\x00":             "r.yaml:1:1: the byte 0xff is not UTF-8 text (save the file as UTF-8)",
		"a\x00b\x00":                "r.yaml:1:2: the file contains a zero byte, so it is not text (save the file as UTF-8)",
		"a: 1\n# é\x1b[0m":          `r.yaml:2:4: YAML does not allow the character U+001B (remove it, or write it as "\u001b" in double quotes)`,
		"a: \u0080":                 `r.yaml:1:4: YAML does not allow the character U+0080 (remove it, or write it as "\u0080" in double quotes)`,
		"a: \uffff":                 `r.yaml:1:4: YAML does not allow the character U+FFFF (remove it, or write it as "\uffff" in double quotes)`,
		"a: 1\nb: {c: *nope}\n":     `r.yaml:2:8: no anchor is named "nope"` + quoted,
		"a: &hold 1\nb: [x, *hodl]": `r.yaml:2:8: no anchor is named "hodl" (did you mean "*hold"?)`,
		"a: *x\nb: &x 1\nc: *x":     "r.yaml:1:4: the anchor &x comes only later, on line 2 (write the anchor above the alias)",
		"---\na: &b 1\nc: *dd # *e\nf: \"*g\"\nh: [*b, *dd]\n": `r.yaml:3:4: no anchor is named "dd"` + quoted + "\n" + `r.yaml:5:9: no anchor is named "dd"` + quoted,
		"\ufeffa: *b":            `r.yaml:1:4: no anchor is named "b"` + quoted,
		"a: |\n  rm *x\nb: *y\n": `r.yaml:3:4: no anchor is named "y"` + quoted,
	} {
		var ms Mistakes
		if n := parseValue(&File{"r.yaml", []byte(text)}, &ms); n != nil {
			t.Errorf("%q was read", text)
			continue
		}
		if got := ms.Err().Error(); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// Everything that YAML allows is accepted.
func TestSyntaxLetsTextThrough(t *testing.T) {
	for _, text := range []string{"a: \ufffd", "a: x\u0085", "\ufeffa: 1\r\n", "a: \U0010ffff\t", "a: \u202e"} {
		var ms Mistakes
		if n := parseValue(&File{"r.yaml", []byte(text)}, &ms); n == nil {
			t.Errorf("%q: %v", text, ms.Err())
		}
	}
}

// A line that is shown contains no control characters.
func TestShownLinesAreInert(t *testing.T) {
	m := &Mistake{Pos: Pos{&File{"r.yaml", []byte("a\x1b[2J\xffb\tc")}, 1, 1}, Msg: "no"}
	if got := m.Show(); strings.Contains(got, "\x1b") || strings.Contains(got, "\xff") || !strings.Contains(got, "a?[2J?b\tc") {
		t.Errorf("shown as %q", got)
	}
}

// Messages about values that are decoded one by one have their keys.
func TestMistakesNameTheirKey(t *testing.T) {
	var ms Mistakes
	r := Parse(&File{"r.yaml", []byte("params: {p: many}\nshards: few\nsteps: {s: {uses: k, retries: \"${p}\", timeout: x, resources: {cpu: y}}}\n")},
		&Overrides{Sets: []string{"steps.s.timeout=z"}}, &ms)
	for _, f := range r.Steps[0].Running {
		var n int
		v := f.Value
		if v.Form == Map {
			v = v.Fields[0].Value
		}
		Decode(Resolve(v, r.Env(), &ms), &n, &ms)
	}
	want := `--set steps.s.timeout=z:1:17: timeout: want a whole number, found "z"
r.yaml:2:9: shards: want a whole number, found "few"
r.yaml:3:31: retries: want a whole number, found "many"
r.yaml:3:68: cpu: want a whole number, found "y"`
	if got := ms.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
