package store

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/pack"
	"assay/artifacts/source"
)

// Sources that are single files are remembered together, in one file: a recipe may have thousands, and one stat is
// much less than to open and read each. Losing it costs time and nothing else.

// FilesHead begins the text of that file.
const FilesHead = "assay files 1"

// maxSmall is how many single files are remembered at most.
const maxSmall = 100_000

// small are the single files that the store remembers.
type small struct {
	mu    sync.Mutex
	read  bool
	files map[string]smallFile // by absolute path
	dirty bool
}

// smallFile is what a file looked like when it was hashed.
type smallFile struct {
	digest artifacts.Digest
	stamp  disk.Stamp
	hashed int64 // when, in Unix ns
	used   bool  // by this process
}

func (s *Store) smallPath() string { return filepath.Join(s.dir, "sources", "files") }

// recall returns the source at root if it is a single file that has not changed since it was hashed.
func (m *small) recall(s *Store, root string, now disk.Stamp) *source.Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.read {
		m.read = true
		m.files = s.readSmall()
	}
	f, ok := m.files[root]
	if !ok || f.stamp != now || source.IsRacy(now, f.hashed) {
		return nil
	}
	f.used = true
	m.files[root] = f
	return source.Known(root, f.digest, now)
}

// remember notes what a single file looked like when it was hashed, at the time began or later.
func (m *small) remember(src *source.Source, began time.Time) {
	d, stamp, ok := src.File()
	if !ok {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[src.Root] = smallFile{d, stamp, began.UnixNano(), true}
	m.dirty = true
}

// write writes what is remembered, if something is new. If that fails, the next run reads the files again.
func (m *small) write(s *Store) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.dirty {
		return
	}
	for root, f := range m.files {
		if len(m.files) > maxSmall && !f.used {
			delete(m.files, root)
		}
	}
	w := pack.NewWriter(FilesHead)
	w.Int(len(m.files))
	for root, f := range m.files {
		w.Text(root)
		w.Digest(f.digest)
		for _, n := range []int64{f.stamp.Size, f.stamp.Mtime, f.stamp.Ctime, int64(f.stamp.Inode), f.hashed} {
			w.Fixed(uint64(n))
		}
	}
	text, _ := w.Sum()
	m.dirty = s.WriteFile(s.smallPath(), text) != nil
}

// readSmall reads what is remembered. A file that is damaged is none.
func (s *Store) readSmall() map[string]smallFile {
	text, err := os.ReadFile(s.smallPath())
	if err != nil {
		return map[string]smallFile{}
	}
	s.MarkUsed(s.smallPath())
	files, _ := parseSmall(text)
	return files
}

// IsFiles reports whether a text is what is remembered of single files.
func IsFiles(text []byte) bool {
	_, err := parseSmall(text)
	return err == nil
}

// parseSmall reads the text of the file. It returns no files with an error.
func parseSmall(text []byte) (map[string]smallFile, error) {
	out := map[string]smallFile{}
	r, _, err := pack.Open(FilesHead, text)
	if err != nil {
		return out, err
	}
	for range r.Count() {
		root, d := r.Text(), r.Digest()
		f := smallFile{digest: d, stamp: disk.Stamp{Size: int64(r.Fixed()), Mtime: int64(r.Fixed()),
			Ctime: int64(r.Fixed()), Inode: r.Fixed()}, hashed: int64(r.Fixed())}
		if r.Bad() {
			break
		}
		out[root] = f
	}
	if err := r.Err(); err != nil {
		return map[string]smallFile{}, err
	}
	return out, nil
}
