package graph_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"assay/engine/graph"
	"assay/engine/recipe"
)

// TestPlacesOfOutputs checks paths that lead through links, and sources that contain the lock.
// The rest is in cmd/assay/testdata/outputs.txtar.
func TestPlacesOfOutputs(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := errors.Join(os.Mkdir("data", 0o777), os.WriteFile("data/in.txt", []byte("x"), 0o666)); err != nil {
		t.Fatal(err)
	}
	os.Symlink("data", "link")
	for _, c := range []struct{ sources, outputs, want string }{
		{"{data: data}", "{out: a.text, out2: a.text}", ""},
		{"{data: data}", "{data2/out: a.text, ../out: a.text}", ""},
		{"{data: data}", "{link/out: a.text}", `r.yaml:4:11: output link/out lies inside source data (data)`},
		{"{data: link}", "{data/out: a.text}", `r.yaml:4:11: output data/out lies inside source data (link)`},
		{"{data: .}", "{out: a.text}", `output out lies inside source data (.)`},
		{"{data: data}", "{data/../res: a.text, res: a.text}", `r.yaml:4:32: output res is the same as output data/../res (r.yaml:4:11)`},
		{"{data: data}", "{res/sub: a.text, res: a.text}", `r.yaml:4:28: output res contains output res/sub (r.yaml:4:11)`},
		{"{data: data}", "{data: b.text, /: a.text}", `output "/": this is the root of all folders`},
		{"{data: .}", "{}", `r.yaml:1:17: source data (.) holds the recipe's lock r.lock`},
		{"{data: data, all: .}", "{}", ""}, // each takes *.txt only
	} {
		var ms recipe.Mistakes
		text := "sources: " + c.sources + "\nsteps:\n  a: {uses: copy, in: {text: data}}" + "\noutputs: " + c.outputs
		if strings.Contains(c.sources, "all") {
			text = strings.Replace(text, "\noutputs", "\n  b: {uses: each, in: {files: all}}\noutputs", 1)
		}
		graph.New(recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms), kinds(), &ms)
		err := ms.Err()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("sources %s, outputs %s: %v, want %q", c.sources, c.outputs, err, c.want)
		}
	}
}
