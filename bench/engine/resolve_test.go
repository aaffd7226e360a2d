//go:build unix

package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/steps"
)

// axesRecipe is a recipe of one step with side × side nodes, from two axes.
func axesRecipe(side int) string {
	values := make([]string, side)
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	list := strings.Join(values, ", ")
	return fmt.Sprintf(`name: axes
sources: {f: src.txt}
steps:
  s:
    uses: exec
    matrix: {a: [%s], b: [%s]}
    in: {x: f}
    with: {run: [sh, -c, "echo ${a} ${b} > out/o/x"], outputs: [o]}
`, list, list)
}

// resolved reads the recipe at path and resolves it.
func resolved(b *testing.B, path string) *graph.Graph {
	var ms recipe.Mistakes
	r, err := recipe.Load(path, nil, &ms)
	if err != nil {
		b.Fatal(err)
	}
	g := graph.New(r, steps.All(), &ms)
	if err := ms.Err(); err != nil {
		b.Fatal(err)
	}
	return g
}

// BenchmarkResolve measures what comes before the first execution: a recipe of 10,000 nodes from two axes is
// read, expanded and bound, and every node's key is computed and looked up in an empty store.
func BenchmarkResolve(b *testing.B) {
	b.Chdir(b.TempDir())
	write(b, "r.yaml", axesRecipe(100))
	write(b, "src.txt", "hi\n")
	st, err := store.Open(".assay", func(msg string) { b.Log(msg) })
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	for b.Loop() {
		e := &engine.Engine{Store: st, Executor: engine.Local{Cores: 2}}
		_, plan, err := e.Inspect(context.Background(), resolved(b, "r.yaml"))
		if err != nil || len(plan) != 10_000 || plan[0].State != engine.WillRun {
			b.Fatal(len(plan), err)
		}
	}
}

// write writes a file in the current folder.
func write(b *testing.B, name, text string) {
	if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
}
