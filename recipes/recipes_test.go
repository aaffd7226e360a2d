// Package recipes holds the recipes that ship, and the test that they are
// well-formed and locked.
package recipes

import (
	"path/filepath"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/steps"
)

// Each recipe must resolve against the kinds there are, and its lock must be
// about the artifacts it makes. What the digests are is for "assay verify".
func TestRecipesResolveAndAreLocked(t *testing.T) {
	t.Chdir("..") // paths in recipes start there
	files, err := filepath.Glob("recipes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no recipes", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var ms recipe.Mistakes
			r, err := recipe.Load(file, nil, &ms)
			if err != nil {
				t.Fatal(err)
			}
			g := graph.New(r, steps.All(), &ms)
			if err := ms.Err(); err != nil {
				t.Fatal(err)
			}
			lock, err := artifacts.ReadLock(strings.TrimSuffix(file, ".yaml") + ".lock")
			if err != nil {
				t.Fatal(err)
			}
			locked := map[string]string{}
			for _, a := range lock.Artifacts {
				locked[a.Name] = a.Kind
			}
			for _, n := range g.Nodes {
				for _, p := range n.Outputs {
					name := n.Name() + "." + p.Name
					if locked[name] != n.Kind.String() {
						t.Errorf("the lock has %s by %q, the recipe makes it by %s; run assay run %s", name, locked[name], n.Kind, file)
					}
					delete(locked, name)
				}
			}
			for name := range locked {
				t.Errorf("the lock has %s, which the recipe does not make", name)
			}
		})
	}
}
