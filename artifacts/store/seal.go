package store

import (
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// Sealed is the modification time of a blob that is whole and on the disk. A blob
// with any other is hashed before it is believed: somebody wrote to it, or it is
// so new that a machine that stops may yet lose its content.
var Sealed = time.Unix(1, 0)

// sealEvery is how long a new blob waits for its seal at most, as long as file
// systems keep things to themselves. Waiting for the disk once for all blobs of
// that time, while steps go on, costs a fraction of waiting for each, and nobody
// depends on it: a killed process leaves blobs that the next one hashes once.
const sealEvery = 5 * time.Second

// unsealed are the blobs of this process that wait for their seal. The process
// itself believes them as long as they look as they did when they were hashed.
type unsealed struct {
	every time.Duration

	mu      sync.Mutex
	blobs   map[artifacts.Digest]fs.FileInfo
	err     error // the first of the disk
	pending bool  // a timer is set

	sealing sync.Mutex
}

// add enters a blob that looks like st.
func (u *unsealed) add(s *Store, d artifacts.Digest, st fs.FileInfo) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.blobs == nil {
		u.blobs = map[artifacts.Digest]fs.FileInfo{}
	}
	u.blobs[d] = st
	if !u.pending {
		u.pending = true
		time.AfterFunc(u.every, func() { u.seal(s) })
	}
}

// trusts reports whether st is what the blob d looked like when it was hashed.
func (u *unsealed) trusts(d artifacts.Digest, st fs.FileInfo) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	was, ok := u.blobs[d]
	return ok && looksLike(was, st)
}

func looksLike(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// seal flushes and seals all blobs that wait for it. It returns the first error
// that the disk ever gave.
func (u *unsealed) seal(s *Store) error {
	u.sealing.Lock()
	defer u.sealing.Unlock()
	u.mu.Lock()
	u.pending = false
	list := make(map[artifacts.Digest]fs.FileInfo, len(u.blobs))
	var paths []string
	for d, st := range u.blobs {
		list[d] = st
		paths = append(paths, s.Path(d))
	}
	u.mu.Unlock()
	err := disk.Flush(paths)
	for d, was := range list {
		path := s.Path(d)
		if st, gone := os.Lstat(path); err == nil && gone == nil && looksLike(was, st) {
			err = os.Chtimes(path, Sealed, Sealed)
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for d := range list {
		delete(u.blobs, d)
	}
	if err != nil && u.err == nil {
		u.err = fmt.Errorf("what was made may not be on the disk: %w; it is hashed before it is used again", err)
		s.warn(u.err.Error())
	}
	return u.err
}
