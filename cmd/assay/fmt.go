package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"assay/artifacts/disk"
	"assay/cmd/assay/internal/plain"
	"assay/engine/recipe"
	"assay/engine/recipe/layout"
)

// newFmt makes the verb fmt.
func newFmt() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use:   "fmt [--check] RECIPE…",
		Short: "format recipes",
		Long: `fmt formats recipes: two spaces per level, at most one empty line between entries,
short lists and maps in braces on one line. Comments, order, quotes and meaning do not
change. It prints the names of the files that it changes. With --check it changes none,
and exits with 1 if there are any. It leaves a file that is not YAML as it is.`,
		RunE: func(c *cobra.Command, args []string) error { return format(c, args, check) },
	}
	c.Flags().BoolVar(&check, "check", false, "only list files that would change, and exit with 1 if there are any")
	return c
}

// format formats files and prints the names of those that change; check writes none.
func format(c *cobra.Command, files []string, check bool) error {
	if len(files) == 0 {
		return usagef("which recipe? For example: %s recipes/quick.yaml", c.CommandPath())
	}
	changed, err := layOut(files)
	if err != nil {
		return err
	}
	for _, f := range changed {
		fmt.Fprintln(c.OutOrStdout(), f.Name)
		if check {
			continue
		}
		if err := replaceFile(f.Name, f.Text); err != nil {
			return fmt.Errorf("%s is left as it was: %w", f.Name, err)
		}
	}
	if check && len(changed) > 0 {
		return fmt.Errorf("%s not formatted; run: assay fmt", plain.Plural(len(changed), "file"))
	}
	return nil
}

// layOut returns the files that formatting changes, with their new text. All mistakes come
// back as one error.
func layOut(files []string) ([]*recipe.File, error) {
	var changed []*recipe.File
	var ms recipe.Mistakes
	for _, name := range files {
		if recipe.Piped(name) {
			return nil, usagef("assay fmt rewrites the file of a recipe, but %s is a pipe", name)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("cannot read the recipe: %w", err)
		}
		before := ms.Added()
		out := layout.Format(&recipe.File{Name: name, Text: text}, &ms)
		if ms.Added() == before && !bytes.Equal(out, text) {
			changed = append(changed, &recipe.File{Name: name, Text: out})
		}
	}
	return changed, ms.Err()
}

// replaceFile gives a file another text. A link stays a link, and the mode stays the same.
func replaceFile(name string, text []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return disk.WriteFile(name, text, info.Mode().Perm())
}
