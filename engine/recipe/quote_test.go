package recipe

import (
	"os/exec"
	"strings"
	"testing"
)

func TestQuotedReferences(t *testing.T) {
	env := Env{}
	for name, text := range map[string]string{"plain": "a-1.txt", "odd": `"it's; $x"`, "empty": `""`, "list": "[a b, c]", "map": "{a: 1}"} {
		env[name] = parseValue(&File{"r.yaml", []byte(text)}, &Mistakes{})
	}
	for text, want := range map[string]string{
		"x ${plain:q} y": "x a-1.txt y",
		"${plain:q}":     "a-1.txt",
		"cat ${odd:q}":   `cat 'it'\''s; $x'`,
		"${empty:q}":     "''",
		"ls ${list:q}":   "ls 'a b' c",
		"$${plain:q}":    "${plain:q}",
	} {
		var ms Mistakes
		if got := Resolve(scalar(text, Pos{}), env, &ms); got.Text != want || ms.Added() > 0 {
			t.Errorf("%s: %q, want %q; %v", text, got.Text, want, ms.Err())
		}
	}
	for _, text := range []string{"${map:q}", "${nothing:q}", "${plain:x}"} {
		var ms Mistakes
		if got := Resolve(scalar(text, Pos{&File{"r.yaml", []byte(text)}, 1, 1}), env, &ms); got.Form != Broken || ms.Added() != 1 {
			t.Errorf("%s: %v, %d mistakes", text, got.Form, ms.Added())
		}
	}
	if names := Names(scalar("${a:q} ${b}", Pos{})); strings.Join(names, " ") != "a b" {
		t.Errorf("names are %v", names)
	}
}

// A shell reads a quoted text as the text itself.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "a b", "it's", "$(x) `y` \\ \"z\"", "\n", "é", "-n", "a\tb*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			t.Skip()
		}
		out, err := exec.Command("/bin/sh", "-c", "printf %s "+Quote("x"+text)).Output()
		if err != nil || string(out) != "x"+text {
			t.Errorf("%q came back as %q, %v", text, out, err)
		}
	})
}
