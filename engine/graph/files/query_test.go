package files_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"assay/artifacts"
	"assay/engine/graph/files"
	"assay/engine/recipe"
)

// rowsOf returns the values of an axis, as its recipe says, over one file, and the mistakes.
func rowsOf(t testing.TB, axis, file string, text []byte, tables ...files.Table) ([]string, string) {
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: fmt.Appendf(nil, "steps:\n  a: {uses: k, matrix: {x: %s}}\n", axis)},
		nil, &ms)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	q := files.Parse(r.Steps[0].Matrix.Axes[0], r.Env(), tables, &ms)
	var rows [][]string
	if q != nil {
		tree := artifacts.Tree{{Name: file, Digest: artifacts.Of(text)}}
		rows = q.Rows(files.OfOutput("s.o", tree, fstest.MapFS{file: {Data: text}}))
	}
	bad := ""
	if err := ms.Err(); err != nil {
		bad = err.Error()
	}
	var list []string
	for _, row := range rows {
		list = append(list, strings.Join(row, " "))
	}
	return list, bad
}

func TestRows(t *testing.T) {
	words := files.Table{Ext: ".words", Column: func(file []byte, column string, add func(string) bool) error {
		for w := range strings.FieldsSeq(string(file)) {
			if w == "bad" || !add(w+column) {
				return errors.New("bad word")
			}
		}
		return nil
	}}
	var many strings.Builder
	for i := range 100_002 {
		fmt.Fprintln(&many, i)
	}
	for _, c := range []struct{ axis, file, text, want, bad string }{
		{"{lines: s.o}", "l", " b \r\n\na\nb\n", "a|b", ""},
		{"{lines: s.o}", "l", many.String(), "", "s.o/l has more than 100,000 values"},
		{"{column: {table: s.o, name: n}}", "t.csv", "n,m\n2,\n1,3\n,4\n2,5\n", "1|2", ""},
		{"{column: {table: s.o, name: m}}", "t.csv", "n,m\n2\n", "", "wrong number of fields"},
		{"{column: {table: s.o, name: n}}", "t.csv", "", "", "the line of names: EOF"},
		{"{column: {table: s.o, name: '!'}}", "t.words", "b a b", "a!|b!", ""},
		{"{column: {table: s.o, name: '!'}}", "t.words", "a bad", "", "s.o/t.words: bad word"},
		{"{column: {table: s.o, name: x}}", "t.txt", "", "", "want a table, a file whose name ends in .csv, .tsv, .words"},
		{"{column: {table: s.o, name: [x]}}", "t.csv", "", "", "want the name of one column"},
		{"{files: s.o/*.csv}", "t.csv", "", "t", ""},
		{"{folders: s.o/*}", "t.csv", "", "", "no folders of s.o match"},
	} {
		list, bad := rowsOf(t, c.axis, c.file, []byte(c.text), words)
		if got := strings.Join(list, "|"); got != c.want || !strings.Contains(bad, c.bad) || (c.bad == "") != (bad == "") {
			t.Errorf("%s of %s: %.60q, want %q; %.200q, want %q", c.axis, c.file, got, c.want, bad, c.bad)
		}
	}
}

// FuzzTables reads columns and lines of any text.
func FuzzTables(f *testing.F) {
	f.Add([]byte("n,m\n1,2\n"), "t.csv")
	f.Add([]byte("n\tm\n1\t\"2\"\n"), "t.tsv")
	f.Fuzz(func(t *testing.T, text []byte, file string) {
		for _, axis := range []string{"{lines: s.o}", "{column: {table: s.o, name: n}}"} {
			if rows, bad := rowsOf(t, axis, file, text); bad == "" && len(rows) == 0 {
				t.Errorf("%s: neither rows nor a mistake", axis)
			}
		}
	})
}
