package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/artifacts"
)

// The notes of a recipe begin with a line that says where it lies, so that gc
// finds its lock: relative to the store if both are in one folder, which may
// then be moved, else absolute.
const RecipeWord = "recipe "

// RecipePath is where the last results of a recipe are remembered. Recipes are
// told apart by where they lie.
func (s *Store) RecipePath(recipe string) string {
	name := artifacts.Of([]byte(recipe)).String()[:16]
	base := strings.TrimSuffix(filepath.Base(recipe), filepath.Ext(recipe))
	return filepath.Join(s.dir, "recipes", base+"-"+name)
}

// RecipeNotes returns what was kept for the recipe at an absolute path; nil if
// nothing was.
func (s *Store) RecipeNotes(recipe string) ([]byte, error) {
	b, err := os.ReadFile(s.RecipePath(recipe))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	_, notes := s.cutRecipe(b)
	return notes, err
}

// KeepRecipeNotes keeps a text for the recipe at an absolute path.
func (s *Store) KeepRecipeNotes(recipe string, text []byte) error {
	path := s.RecipePath(recipe)
	text = append(fmt.Appendf(nil, "%s%s\n", RecipeWord, strconv.Quote(s.relative(recipe))), text...)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		s.touch(path)
		return nil
	}
	return s.WriteFile(path, text)
}

// relative returns how a path outside the store is remembered.
func (s *Store) relative(path string) string {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(filepath.Dir(dir), path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return filepath.ToSlash(rel)
}

// cutRecipe takes the first line off a recipe's notes. Notes that an earlier
// version wrote have none.
func (s *Store) cutRecipe(b []byte) (recipe string, notes []byte) {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	quoted, ok := strings.CutPrefix(string(line), RecipeWord)
	if !ok {
		return "", b
	}
	path, err := strconv.Unquote(quoted)
	if err != nil || path == "" {
		return "", rest
	}
	path = filepath.FromSlash(path)
	if dir, err := filepath.Abs(s.dir); err == nil && !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(dir), path)
	}
	return path, rest
}

// knownRecipe is a recipe that was run in this store.
type knownRecipe struct {
	Recipe string // absolute path of the recipe
	Notes  string // path of the notes
}

// KnownRecipes lists all recipes that the store has notes of, whether they still lie where
// they did or not.
func (s *Store) KnownRecipes() ([]knownRecipe, error) {
	list, err := os.ReadDir(filepath.Join(s.dir, "recipes"))
	if err != nil {
		return nil, err
	}
	var out []knownRecipe
	for _, e := range list {
		k := knownRecipe{Notes: filepath.Join(s.dir, "recipes", e.Name())}
		st, err := e.Info()
		if err != nil || !st.Mode().IsRegular() {
			continue // gone since, or not the store's
		}
		b, err := os.ReadFile(k.Notes)
		if err != nil {
			return nil, err
		}
		if k.Recipe, _ = s.cutRecipe(b); k.Recipe != "" {
			out = append(out, k)
		}
	}
	return out, nil
}

// Recipes returns the absolute paths of the recipes that were run in this
// store and still lie where they did, sorted.
func (s *Store) Recipes() ([]string, error) {
	known, err := s.KnownRecipes()
	var out []string
	for _, k := range known {
		if _, err := os.Stat(k.Recipe); err == nil {
			out = append(out, k.Recipe)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), err
}
