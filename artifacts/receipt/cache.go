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

// The caches that lie beside receipts, by the word that their names begin with. Other packages know what is in them.
// A graph and a memory are named by the command line, settings by the checksum of the graph.
const (
	GraphCache    = "graph"    // the graph that the recipe came to
	MemoryCache   = "memory"   // what its nodes made
	SettingsCache = "settings" // what the recipe said
)

// CachePath returns where a cache named key lies, or would lie.
func CachePath(s *store.Store, what string, key artifacts.Digest) string {
	return filepath.Join(s.Dir(), "recipes", what+"-"+key.String()[:32])
}

// Cached returns the text of a cache; nil if there is none.
func Cached(s *store.Store, what string, key artifacts.Digest) []byte {
	text, err := os.ReadFile(CachePath(s, what, key))
	if err != nil {
		return nil
	}
	s.MarkUsed(CachePath(s, what, key))
	return text
}

// Cache keeps the text of a cache.
func Cache(s *store.Store, what string, key artifacts.Digest, text []byte) error {
	return s.WriteFile(CachePath(s, what, key), text)
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
