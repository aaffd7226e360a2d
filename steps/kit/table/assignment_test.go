package table

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/files"
)

func assignmentBytes(t testing.TB, rows []AssignmentRow) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteAssignment(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sampleAssignment() ([]AssignmentRow, SplitInfo) {
	return []AssignmentRow{
			{Key: Key{"a", "1"}, Part: Train, Boot: "a/1", Profile: "p", Sample: "s"},
			{Key: Key{"a", "2"}, Part: Excluded, Why: "a reason", Boot: "a/1", Profile: "p", Sample: "s"},
			{Key: Key{"b", "1"}, Part: Test, Boot: "b/1", Profile: "q", Sample: "t"},
		}, SplitInfo{
			By: "host", Test: []string{"b"}, UntestedProfiles: []string{"p"},
			Episodes: map[Part]int{Train: 1, Test: 1, Excluded: 1},
			Profiles: map[Part]map[string]int{Train: {"p": 1}, Test: {"q": 1}, Excluded: {"p": 1}},
			Boots:    map[Part]int{Train: 1, Test: 1},
		}
}

func TestAssignmentRoundTrip(t *testing.T) {
	rows, info := sampleAssignment()
	var js bytes.Buffer
	if err := files.EncodeJSON(&js, info); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(js.Bytes(), []byte("}\n")) {
		t.Error("split.json does not end with a line")
	}
	b := assignmentBytes(t, rows)
	shuffled := slices.Clone(rows)
	slices.Reverse(shuffled)
	if !bytes.Equal(b, assignmentBytes(t, shuffled)) {
		t.Error("the order of the rows shows in the file")
	}
	got, err := ReadAssignment(fstest.MapFS{AssignmentFile: file(b), SplitInfoFile: file(js.Bytes())})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, &Assignment{Info: info, Rows: rows}) {
		t.Errorf("comes back as %+v", got)
	}
	if got.Part(Key{"b", "1"}) != Test || got.Part(Key{"c", "1"}) != Excluded {
		t.Error("Part looks up wrong")
	}
}

func TestAssignmentMistakes(t *testing.T) {
	rows, _ := sampleAssignment()
	good := []byte(`{"by":"host"}`)
	for name, c := range map[string]struct {
		fsys fstest.MapFS
		want string
	}{
		"no info":  {fstest.MapFS{AssignmentFile: file(assignmentBytes(t, rows))}, "split.json: there is none; write one"},
		"no rows":  {fstest.MapFS{SplitInfoFile: file(good)}, "assignment.parquet"},
		"not json": {fstest.MapFS{SplitInfoFile: file([]byte("by: host"))}, "split.json"},
		"nothing":  {fstest.MapFS{SplitInfoFile: file([]byte("{}"))}, "split is by"},
	} {
		if _, err := ReadAssignment(c.fsys); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	rows[1].Part = "dev"
	if err := WriteAssignment(&bytes.Buffer{}, rows); err == nil || !strings.Contains(err.Error(), `"dev"`) {
		t.Errorf("a part that is none: %v", err)
	}
}
