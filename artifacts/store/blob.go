package store

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// BlobMode is the mode of a whole blob.
const BlobMode fs.FileMode = 0o444

// Path returns where the blob d lies, or would lie.
func (s *Store) Path(d artifacts.Digest) string {
	name := make([]byte, 0, len(s.dir)+len("/blobs/ab/")+2*len(d))
	name = append(append(name, s.dir...), "/blobs/"...)
	name = append(hex.AppendEncode(name, d[:1]), '/')
	return string(hex.AppendEncode(name, d[:]))
}

// Whole reports whether the blob d is there and undamaged. It hashes the blob
// only if it is not sealed, or if deep is set; a damaged blob is removed, with a
// warning.
func (s *Store) Whole(d artifacts.Digest, deep bool) bool {
	path := s.Path(d)
	st, err := os.Lstat(path)
	if err != nil || !st.Mode().IsRegular() { // a link is somebody's; a blob is put in its place
		return false
	}
	known := st.ModTime().Equal(Sealed) || s.unsealed.trusts(d, st)
	if !deep && known {
		return true
	}
	if got, err := artifacts.HashFile(path); err == nil && got == d {
		if !known && disk.FlushFile(path) == nil {
			os.Chtimes(path, Sealed, Sealed) // only saves the next hash
		}
		return true
	}
	s.warn(fmt.Sprintf("blob %s in the store is damaged%s; it is made again", d.Short(), writerOf(path)))
	if st, err := os.Lstat(filepath.Dir(path)); err == nil && st.IsDir() { // what a link leads to is not the store's
		os.Remove(path)
	}
	return false
}

// writerOf says that somebody writes to a blob, if that is known.
func writerOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if !disk.HasWriter(f) {
		return ""
	}
	return ": a process, maybe one that a step left behind, has it open and writes to it"
}
