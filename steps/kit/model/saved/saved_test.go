package saved

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/modeltest"
)

// TestOpen opens what each family keeps, and refuses what none does.
func TestOpen(t *testing.T) {
	s := model.Schema{Features: []string{"a", "b"}, Classes: []string{"x", "y"}, Meaning: "m"}
	leaf := gbt.Tree{{Value: 0.25, Weight: 0.25}}
	m := &gbt.Model{Schema: s, Start: []float32{0.5, 0.5}, Trees: []gbt.Tree{leaf, leaf}}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	got, err := Open(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	if about := got.About(); about.Family != "gbt" || about.Hash() != s.Hash() || about.Rounds != 1 {
		t.Errorf("about %+v", about)
	}
	p, want := make([]float32, 4), make([]float32, 4)
	x := []float32{1, 2, 3, 4}
	got.Predict(p, x)
	m.Predict(want, x)
	for i := range p {
		if p[i] != want[i] || p[i] != 0.5 {
			t.Errorf("probabilities %v, want %v", p, want)
		}
	}
	modeltest.NoAllocs(t, func() { got.Predict(p, x) })
	for text, want := range map[string]string{"": "there is no model: a model is a file model.json", "{": "model.json: "} {
		files := fstest.MapFS{}
		if text != "" {
			files[gbt.File] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := Open(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
