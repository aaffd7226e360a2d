package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/source"
)

// Scan returns the source at root, see [source.Scan]. The store remembers what its
// files look like. A folder that the store itself lies in is an error.
func (s *Store) Scan(ctx context.Context, root string) (*source.Source, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	st, err := os.Stat(root)
	if err == nil && st.IsDir() && artifacts.Within(artifacts.RealPath(s.dir), artifacts.RealPath(root)) {
		return nil, fmt.Errorf("the store %s lies in %s and changes with every run; name the files or folders in it "+
			"that are meant, or keep the store elsewhere with --store", s.dir, root)
	}
	if err != nil || !st.Mode().IsRegular() {
		return source.Scan(ctx, root, memory{s})
	}
	if src := s.small.recall(s, root, disk.StampOf(st)); src != nil {
		return src, nil
	}
	began := time.Now()
	src, err := source.Scan(ctx, root, memory{s})
	if err == nil {
		s.small.remember(src, began)
	}
	return src, err
}

// memory is what the store remembers of sources.
type memory struct{ s *Store }

func (m memory) path(root string) string {
	return filepath.Join(m.s.dir, "sources", artifacts.Of([]byte(root)).String()[:16])
}

// Recall is for [source.Memory].
func (m memory) Recall(root string) []byte {
	text, err := os.ReadFile(m.path(root))
	if err != nil {
		return nil
	}
	m.s.MarkUsed(m.path(root))
	return text
}

// Remember is for [source.Memory]. Without the memory, the next run reads the files again.
func (m memory) Remember(root string, text []byte) {
	if err := m.s.WriteFile(m.path(root), text); err != nil {
		m.s.warn(fmt.Sprintf("cannot remember the digests of %s: %v", root, err))
	}
}
