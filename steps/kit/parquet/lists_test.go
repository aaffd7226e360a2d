package parquet

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
)

// A listRow is an index row's lists and what a list must not be read as.
type listRow struct {
	Lists []*string `parquet:"lists,list,optional"`
	Names []string  `parquet:"names,list"`
	Text  string    `parquet:"text"`
	Pair  struct {
		A string `parquet:"a"`
	} `parquet:"pair"`
}

// TestNullLists: a list may be empty; neither it nor a text in it may be null.
func TestNullLists(t *testing.T) {
	x := "x"
	read := func(name string, isList bool, lists ...[]*string) ([][]string, error) {
		rows := make([]listRow, len(lists))
		for i := range rows {
			rows[i].Lists = lists[i]
		}
		var b bytes.Buffer
		if err := Write(&b, "row", rows); err != nil {
			t.Fatal(err)
		}
		p, err := Open(fstest.MapFS{"l.parquet": {Data: b.Bytes()}}, "l.parquet")
		if err != nil {
			t.Fatal(err)
		}
		field := func(r *[]string) *[]string { return r }
		c := ListColumn(name, NewTexter(), field)
		c.list = isList
		return ReadAll(nil, p, []Column[[]string]{c})
	}
	if got, err := read("lists", true, []*string{&x, &x}, []*string{}, []*string{&x}); err != nil || len(got[0]) != 2 || len(got[1]) != 0 || len(got[2]) != 1 {
		t.Errorf("lists are read as %q, %v", got, err)
	}
	for want, c := range map[string]struct {
		name   string
		isList bool
		row    []*string
	}{
		"row 1 (the first is 0), column lists: null where": {"lists", true, []*string{&x, nil}},
		"column lists is a list of values, want a value":   {"lists", false, nil},
		"column text is a value in each row, want a list":  {"text", true, nil},
		"column pair is a struct, a map":                   {"pair", false, nil},
		"column none is missing":                           {"none", true, nil},
	} {
		if _, err := read(c.name, c.isList, []*string{&x}, c.row); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
