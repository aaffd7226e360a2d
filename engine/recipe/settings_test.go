package recipe

import (
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
)

// TestSettings: values are those that were merged, as they are written, in the order of
// the file.
func TestSettings(t *testing.T) {
	files := map[string]string{
		"sub/r.yaml":  "extends: ../base.yaml\nparams: {seed: 8}\nsteps:\n  a: {with: {deep: {x: \"${seed}\", y: []}, none: {}}}\n",
		"base.yaml":   "params: {seed: 7, store: data}\nsteps:\n  a: {uses: k, matrix: {hold: [{by: host}, {by: time}]}, in: {}}\n",
		"lost.yaml":   "extends: gone.yaml\n",
		"wrong.yaml":  "steps: [\n",
		"parent.yaml": "- 1\n",
	}
	read := func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}
	var ms Mistakes
	r, err := Read("sub/r.yaml", read, &ms)
	if err != nil || ms.Err() != nil {
		t.Fatal(err, ms.Err())
	}
	want := []Setting{
		{"params.seed", "8"}, {"params.store", "data"}, {"steps.a.uses", "k"}, {"steps.a.matrix.hold[]", "{by:host}"},
		{"steps.a.matrix.hold[]", "{by:time}"}, {"steps.a.in", "{}"}, {"steps.a.with.deep.x", "${seed}"},
		{"steps.a.with.deep.y", "[]"}, {"steps.a.with.none", "{}"},
	}
	if !reflect.DeepEqual(r.Settings, want) {
		t.Errorf("settings\n%v\nwant\n%v", r.Settings, want)
	}
	for name, want := range map[string]string{
		"none.yaml": "file does not exist", "lost.yaml": "gone.yaml cannot be read", "wrong.yaml": "wrong.yaml:1",
		"parent.yaml": "this is not a recipe",
	} {
		var ms Mistakes
		_, err := Read(name, read, &ms)
		if got := fmt.Sprint(err, ms.Err()); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", name, got, want)
		}
	}
}
