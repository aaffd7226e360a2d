package files_test

import (
	"strings"
	"testing"

	"assay/artifacts"
	"assay/engine/glob"
	"assay/engine/graph/files"
)

// treeOf returns a tree with files of these names, which are sorted.
func treeOf(names string) artifacts.Tree {
	var t artifacts.Tree
	for name := range strings.FieldsSeq(names) {
		t = append(t, artifacts.File{Name: name})
	}
	return t
}

func namesIn(t artifacts.Tree) string {
	var b strings.Builder
	for _, f := range t {
		b.WriteString(" " + f.Name)
	}
	return strings.TrimSpace(b.String())
}

func TestPart(t *testing.T) {
	const all = "a.csv a/1.txt a/2.txt a/b/3.txt ab b/1.txt"
	for _, c := range []struct{ pattern, files, msg, hint string }{
		{"a/1.txt", "a/1.txt", "", ""},
		{"a/*.txt", "a/1.txt a/2.txt", "", ""},
		{"a/**", "a/1.txt a/2.txt a/b/3.txt", "", ""},
		{"**/1.txt", "a/1.txt b/1.txt", "", ""},
		{"*", "a.csv ab", "", ""},
		{"{b,a/b}/*", "a/b/3.txt b/1.txt", "", ""},
		{"a", "", `"a" is a folder in data`, "data/a/**"},
		{"a/b", "", `"a/b" is a folder in data`, "data/a/b/**"},
		{"a/1.tx", "", `data has no file "a/1.tx"`, `did you mean "a/1.txt"?`},
		{"zz/*", "", `data has no file "zz/*"`, "known: "},
	} {
		p, err := glob.Parse(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		part := &files.Part{Pattern: p}
		msg, hint := part.Missing("data", treeOf(all))
		if got := namesIn(part.Of(treeOf(all))); got != c.files || msg != c.msg || !strings.Contains(hint, c.hint) {
			t.Errorf("%s: %q, %q (%s)", c.pattern, got, msg, hint)
		}
	}
	var whole *files.Part
	if got := namesIn(whole.Of(treeOf(all))); got != all {
		t.Errorf("no part: %q", got)
	}
}
