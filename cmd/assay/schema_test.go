package main

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/engine/recipe"
	"assay/steps"
)

var update = flag.Bool("update", false, "write the committed schema again")

const committedSchema = "../../recipes/" + schemaFile

func TestCommittedSchemaIsThatOfTheKinds(t *testing.T) {
	var want bytes.Buffer
	if err := plain.WriteJSON(&want, schema.Recipe(steps.All())); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(committedSchema, want.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(committedSchema)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("recipes/%s is not that of the kinds there are (%v); write it with: go run ./cmd/assay schema > recipes/%s", schemaFile, err, schemaFile)
	}
}

func TestRecipesNameTheirSchema(t *testing.T) {
	files, err := filepath.Glob("../../recipes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no recipes", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(text), schemaLine+"\n") {
			t.Errorf("%s does not begin with %q, %v", file, schemaLine, err)
		}
	}
}

func TestStarterNamesAreYAML(t *testing.T) {
	for in, want := range map[string]string{
		"corpus/x-1": "corpus/x-1", "/abs": "/abs", "a b": `"a b"`, "12": `"12"`, "true": `"true"`, "x: y": `"x: y"`, "${x}": `"$${x}"`, "-": `"-"`,
	} {
		if got := scalarText(in); got != want {
			t.Errorf("%s is written %s, want %s", in, got, want)
		}
	}
}

// The schema has the keys that the parser knows: those in its hint for an unknown key.
func TestSchemaHasTheKeysOfRecipes(t *testing.T) {
	sch := schema.Recipe(steps.All())
	step := sch["$defs"].(schema.Object)["step"].(schema.Object)
	for text, keys := range map[string]any{
		"steps: {}\nqqqqqq: 1\n":                sch["properties"],
		"steps: {s: {uses: eval, qqqqqq: 1}}\n": step["properties"],
	} {
		var ms recipe.Mistakes
		recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms)
		_, hint, _ := strings.Cut(ms.Err().Error(), "(known: ")
		want := strings.Split(strings.TrimSuffix(hint, ")"), ", ")
		got := slices.Sorted(maps.Keys(keys.(schema.Object)))
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the schema has %v, recipes have %v", got, want)
		}
	}
}
