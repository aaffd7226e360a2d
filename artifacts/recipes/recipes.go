// Package recipes keeps notes of the recipes that were run with a store: where each
// lies, and a text of the engine's about it ([Keep], [Notes]). [Known] and [Existing]
// list them.
package recipes

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
	"assay/artifacts/store"
)

// Head begins the notes of a recipe. Their first line says where it lies, so that gc
// finds its lock: relative to the store if both are in one folder, which may
// then be moved, else absolute.
const Head = "recipe "

// NotesPath is where the notes of a recipe lie. Recipes are told apart by where they
// lie.
func NotesPath(s *store.Store, recipe string) string {
	name := artifacts.Of([]byte(recipe)).String()[:16]
	base := strings.TrimSuffix(filepath.Base(recipe), filepath.Ext(recipe))
	return filepath.Join(s.Dir(), "recipes", base+"-"+name)
}

// Notes returns what was kept for the recipe at an absolute path; nil if nothing was.
func Notes(s *store.Store, recipe string) ([]byte, error) {
	b, err := os.ReadFile(NotesPath(s, recipe))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	_, notes := cut(s, b)
	return notes, err
}

// Keep keeps a text for the recipe at an absolute path.
func Keep(s *store.Store, recipe string, text []byte) error {
	path := NotesPath(s, recipe)
	text = append(fmt.Appendf(nil, "%s%s\n", Head, strconv.Quote(relative(s, recipe))), text...)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		s.MarkUsed(path)
		return nil
	}
	return s.WriteFile(path, text)
}

// relative returns how a path outside the store is remembered.
func relative(s *store.Store, path string) string {
	dir, err := filepath.Abs(s.Dir())
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(filepath.Dir(dir), path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return filepath.ToSlash(rel)
}

// cut takes the first line off a recipe's notes. Notes that an earlier version wrote
// have none.
func cut(s *store.Store, b []byte) (recipe string, notes []byte) {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	quoted, ok := strings.CutPrefix(string(line), Head)
	if !ok {
		return "", b
	}
	path, err := strconv.Unquote(quoted)
	if err != nil || path == "" {
		return "", rest
	}
	path = filepath.FromSlash(path)
	if dir, err := filepath.Abs(s.Dir()); err == nil && !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(dir), path)
	}
	return path, rest
}

// A Recipe is one that was run with a store.
type Recipe struct {
	Path      string // absolute
	NotesPath string
}

// Known lists all recipes that the store has notes of, whether they still lie where
// they did or not.
func Known(s *store.Store) ([]Recipe, error) {
	list, err := os.ReadDir(filepath.Join(s.Dir(), "recipes"))
	if err != nil {
		return nil, err
	}
	var out []Recipe
	for _, e := range list {
		k := Recipe{NotesPath: filepath.Join(s.Dir(), "recipes", e.Name())}
		st, err := e.Info()
		if err != nil || !st.Mode().IsRegular() {
			continue // gone since, or not the store's
		}
		b, err := os.ReadFile(k.NotesPath)
		if err != nil {
			return nil, err
		}
		if k.Path, _ = cut(s, b); k.Path != "" {
			out = append(out, k)
		}
	}
	return out, nil
}

// Existing returns the absolute paths of the recipes that were run with the store and
// still lie where they did, sorted.
func Existing(s *store.Store) ([]string, error) {
	known, err := Known(s)
	var out []string
	for _, k := range known {
		if _, err := os.Stat(k.Path); err == nil {
			out = append(out, k.Path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), err
}
