package receipt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"assay/artifacts"
	"assay/artifacts/store"
)

// The caches that a command line has beside its receipt, by the word that their names begin with. Other packages know
// what is in them.
const (
	GraphCache  = "graph"  // the graph that the recipe came to
	MemoryCache = "memory" // what its nodes made
)

func cachePath(s *store.Store, what string, key artifacts.Digest) string {
	return filepath.Join(s.Dir(), "recipes", what+"-"+key.String()[:32])
}

// Cached returns the text of a cache of the command line named key; nil if there is none.
func Cached(s *store.Store, what string, key artifacts.Digest) []byte {
	text, err := os.ReadFile(cachePath(s, what, key))
	if err != nil {
		return nil
	}
	s.MarkUsed(cachePath(s, what, key))
	return text
}

// Cache keeps the text of a cache.
func Cache(s *store.Store, what string, key artifacts.Digest, text []byte) error {
	return s.WriteFile(cachePath(s, what, key), text)
}

// Forget removes what all command lines remember of results. Who removes records calls it first.
func Forget(s *store.Store) error {
	dir := filepath.Join(s.Dir(), "recipes")
	list, err := os.ReadDir(dir)
	for _, e := range list {
		if strings.HasPrefix(e.Name(), MemoryCache+"-") && e.Type().IsRegular() {
			if gone := os.Remove(filepath.Join(dir, e.Name())); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}
	return err
}
