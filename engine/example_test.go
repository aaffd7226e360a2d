package engine_test

import (
	"context"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// greetParams are what a recipe writes under "with:".
type greetParams struct {
	Name string `json:"name" doc:"whom to greet"`
}

type (
	textIn  struct{ Text fs.FS }
	textOut struct{ Text *os.Root }
)

// greet writes a greeting; it reads nothing.
func greet(_ context.Context, p greetParams, _ struct{}, out textOut) error {
	return out.Text.WriteFile("text", []byte("hello "+p.Name), 0o666)
}

// shout writes its input in capital letters.
func shout(_ context.Context, _ struct{}, in textIn, out textOut) error {
	text, err := fs.ReadFile(in.Text, "text")
	if err != nil {
		return err
	}
	return out.Text.WriteFile("text", []byte(strings.ToUpper(string(text))), 0o666)
}

const shoutRecipe = `
steps:
  greet: {uses: greet, with: {name: ada}}
  shout: {uses: shout, in: {text: greet.text}}
`

// An engine runs a graph against a store. The second run finds everything there.
func ExampleEngine_Run() {
	dir, err := os.MkdirTemp("", "assay-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(filepath.Join(dir, ".assay"), func(warning string) { fmt.Println(warning) })
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	kinds := []*step.Kind{
		step.Define("greet", "1", "Write a greeting", greetParams{}, greet),
		step.Define("shout", "1", "Write a text in capital letters", struct{}{}, shout),
	}
	var mistakes recipe.Mistakes
	file := &recipe.File{Name: filepath.Join(dir, "r.yaml"), Text: []byte(shoutRecipe)}
	g := graph.New(recipe.Parse(file, nil, &mistakes), kinds, &mistakes)
	if err := mistakes.Err(); err != nil {
		log.Fatal(err)
	}
	e := &engine.Engine{Store: s, Executor: engine.Local{Cores: 2}}
	for range 2 {
		results, err := e.Run(context.Background(), g)
		if err != nil {
			log.Fatal(err)
		}
		for _, n := range g.Nodes {
			o := results.Outcomes[n]
			file, _ := o.Outputs["text"].Lookup("text")
			text, err := os.ReadFile(s.Path(file))
			fmt.Printf("%s: %d of %d executed: %s %v\n", n.Name(), o.Ran, o.Actions, text, err)
		}
	}
	// Output:
	// greet: 1 of 1 executed: hello ada <nil>
	// shout: 1 of 1 executed: HELLO ADA <nil>
	// greet: 0 of 1 executed: hello ada <nil>
	// shout: 0 of 1 executed: HELLO ADA <nil>
}
