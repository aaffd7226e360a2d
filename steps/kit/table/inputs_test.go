package table

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// inputs reads a table that another tool wrote.
func inputs(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/inputs/" + name + ".parquet")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestInputs are tables that were once believed, or refused, wrongly.
func TestInputs(t *testing.T) {
	w, err := ReadWindows(fstest.MapFS{"w.parquet": file(inputs(t, "windows-pandas-index"))})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"guest.load_1m.mean"}; !slices.Equal(w.Features, want) {
		t.Errorf("the features are %q, want %q", w.Features, want)
	}
	if said := strings.Join(w.Remarks, "\n"); !strings.Contains(said, "__index_level_0__") || !strings.Contains(said, "no schema hash") {
		t.Errorf("the remarks are %q", said)
	}
	d, err := ReadWindows(fstest.MapFS{"w.parquet": file(inputs(t, "windows-decimal"))})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Center, w.Center) || d.Center[0] != 5 {
		t.Errorf("decimals are read as %v, want %v", d.Center, w.Center)
	}
	a, err := ReadAssignment(fstest.MapFS{
		AssignmentFile: file(inputs(t, "assignment-empty-pandas")), SplitInfoFile: file([]byte(`{"by":"host"}`)),
	})
	if err != nil || !reflect.DeepEqual(a, &Assignment{Info: SplitInfo{By: "host"}}) {
		t.Errorf("an empty table is read as %+v, %v", a, err)
	}
}
