package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine/recipe"
	"assay/engine/recipe/layout"
)

func newFmt() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use:   "fmt [--check] RECIPE…",
		Short: "lay recipes out in the canonical way",
		Long: `fmt lays recipes out: two spaces per level, one empty line at most, short lists and
maps in braces on one line. Comments, order, quotes and meaning stay. It prints
the names of the files it changes. With --check it changes none, and exits with
1 if there are any. A file that is not YAML is left as it is.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{fmt.Errorf("which recipe? For example: %s recipes/quick.yaml", c.CommandPath())}
			}
			changed, err := layOut(args)
			if err != nil {
				return err
			}
			for _, f := range changed {
				fmt.Fprintln(c.OutOrStdout(), f.Name)
				if check {
					continue
				}
				if err := replaceFile(f.Name, f.Text); err != nil {
					return err
				}
			}
			if check && len(changed) > 0 {
				return fmt.Errorf("%s not in the canonical layout; run: assay fmt", plain.Plural(len(changed), "file"))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&check, "check", false, "only list files that would change, and exit with 1 if there are any")
	return c
}

// layOut returns the files that change, as they will be. All mistakes come
// back as one error.
func layOut(files []string) ([]*recipe.File, error) {
	var changed []*recipe.File
	var ms recipe.Mistakes
	for _, name := range files {
		if recipe.Piped(name) {
			return nil, &usageError{fmt.Errorf("assay fmt writes into the file of a recipe, and %s is a pipe", name)}
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, &usageError{fmt.Errorf("the recipe cannot be read: %w", err)}
		}
		before := ms.Added()
		out := layout.Format(&recipe.File{Name: name, Text: text}, &ms)
		if ms.Added() == before && !bytes.Equal(out, text) {
			changed = append(changed, &recipe.File{Name: name, Text: out})
		}
	}
	return changed, ms.Err()
}

// replaceFile replaces a file by renaming a complete one over it, so that it
// is whole at any instant. A link stays a link, and the mode what it was.
func replaceFile(name string, text []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(info.Mode()&fs.ModePerm), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("%s is left as it was: %w", name, err)
	}
	return nil
}
