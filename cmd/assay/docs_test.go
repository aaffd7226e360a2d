package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecipesOfTheManualRun runs every recipe in docs/RECIPES.md: a manual that
// is wrong is worse than none.
func TestRecipesOfTheManualRun(t *testing.T) {
	manual, err := os.ReadFile("../../docs/RECIPES.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"data/a.txt":     "one two\ntwo three three\n",
		"data/b.txt":     "three\nfour\n",
		"tools/count.sh": "ls $1 | wc -l > $2\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	blocks := strings.Split(string(manual), "```yaml\n")[1:]
	if len(blocks) < 4 {
		t.Fatalf("found %d recipes", len(blocks))
	}
	for _, block := range blocks {
		text, _, _ := strings.Cut(block, "```")
		name, _, _ := strings.Cut(strings.TrimPrefix(text, "name: "), "\n")
		file := name + ".yaml"
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if code := Main([]string{"run", file}, &out, &errs); code != exitOK {
			t.Errorf("%s: exit %d\n%s%s", name, code, &out, &errs)
		}
	}
	for name, want := range map[string]string{"out/words/often.txt": "3 three"} {
		b, err := os.ReadFile(name)
		if err != nil || strings.TrimSpace(string(b)) != want {
			t.Errorf("%s holds %q, %v; want %q", name, b, err, want)
		}
	}
}
