package layout_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/engine/recipe"
	"assay/engine/recipe/layout"
)

var update = flag.Bool("update", false, "write the golden files")

func format(text string) (string, error) {
	var ms recipe.Mistakes
	out := layout.Format(&recipe.File{Name: "r.yaml", Text: []byte(text)}, &ms)
	return string(out), ms.Err()
}

// TestFormat formats testdata/fmt/*.yaml. The result must be as in the .out file beside it.
func TestFormat(t *testing.T) {
	files, err := filepath.Glob("testdata/fmt/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := format(string(text))
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".out"
			if *update {
				os.WriteFile(golden, []byte(got), 0o666)
			}
			if want, _ := os.ReadFile(golden); got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if again, err := format(got); err != nil || again != got {
				t.Errorf("a second time it is\n%s\n%v", again, err)
			}
		})
	}
}

// The recipes in the repository are formatted already.
func TestFormatLeavesOurRecipes(t *testing.T) {
	files, err := filepath.Glob("../../../recipes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no recipes", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := format(string(text)); err != nil || got != string(text) {
			t.Errorf("%s: run assay fmt; it becomes\n%s\n%v", file, got, err)
		}
	}
}

// A formatted text has the same meaning and the same comments, and formatting it again changes
// nothing. Format checks that itself, and leaves the file as it is otherwise. This test checks
// it from outside, and that no text makes Format panic.
func FuzzFormat(f *testing.F) {
	f.Add("name: x\nparams: {a: [1, b], c: \"${a}\"} # d\nsteps:\n  s: {uses: k, in: {a: t.x}}\n")
	f.Add("a: 1 # c\n# d\nb:\n- x\n  # e\n- {y: [1,2]} # f\n")
	f.Add("a: |\n  x # y\n\n  z\n\nb: \"a\n  b # c\"\nc: &x [1, # d\n2]\nd: *x\n")
	for _, dir := range []string{"testdata/fmt/*.yaml", "../testdata/err/*.yaml"} {
		files, _ := filepath.Glob(dir)
		for _, file := range files {
			text, _ := os.ReadFile(file)
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := format(text)
		if err != nil {
			return
		}
		if again, err := format(got); err != nil || again != got {
			t.Errorf("%q\n%q\n%q\n%v", text, got, again, err)
		}
	})
}
