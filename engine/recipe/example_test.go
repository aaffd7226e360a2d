package recipe_test

import (
	"fmt"

	"assay/engine/recipe"
)

// A recipe is parsed as far as it can be understood. All mistakes are reported at once, each
// with its position and a hint.
func ExampleParse() {
	text := `
name: tiny
params: {seed: 7}
sources: {texts: data}
steps:
  count: {uses: count, in: {texts: texts}, with: {seed: "${seed}"}}
  best: {use: rank, in: {lines: count.lines}}
`
	var mistakes recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "tiny.yaml", Text: []byte(text)}, nil, &mistakes)

	count := r.Steps[0]
	fmt.Println(count.Name, "uses", count.Uses, "with", recipe.Resolve(count.With, r.Env(), &mistakes).Compact())
	fmt.Println(mistakes.Err())
	// Output:
	// count uses count with {seed:7}
	// tiny.yaml:7:10: unknown key "use" in step best (did you mean "uses"?)
}

// Decode fills a struct that holds the defaults, and adds a mistake for each value that does
// not fit.
func ExampleDecode() {
	text := "steps: {s: {uses: split, with: {by: host, seed: many}}}\n"
	var mistakes recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &mistakes)

	params := struct {
		By   string `json:"by"`
		Seed int    `json:"seed"`
	}{By: "sample", Seed: 1}
	recipe.Decode(r.Steps[0].With, &params, &mistakes)
	fmt.Println(params.By, params.Seed)
	fmt.Println(mistakes.Err())
	// Output:
	// host 1
	// r.yaml:1:49: seed: want a whole number, found "many"
}
