// Package artifacts has the nouns of the store, and their text formats.
//
// Read digest.go and tree.go first: an artifact is a [Tree] of files, and its name is
// the [Digest] of the text that sha256sum would print for it. An [Action] is one
// execution, named by the digest of its text; a [Record] is what the store keeps of its
// result. A [Lock] is the committed list of what a recipe made.
//
// The packages below work on these: store keeps them, source reads data outside the
// store, care cleans and checks a store, deliver copies artifacts out for people.
package artifacts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// A Digest names content: its SHA-256.
type Digest [sha256.Size]byte

// Of returns the digest of b.
func Of(b []byte) Digest { return sha256.Sum256(b) }

// String returns the digest in lower-case hex, as sha256sum prints it.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Short returns the first 12 hex digits, for people.
func (d Digest) Short() string { return d.String()[:12] }

// ParseDigest reads 64 hex digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != 2*len(d) {
		return d, fmt.Errorf("%.80q is not a SHA-256 digest (64 hex digits)", s)
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return d, fmt.Errorf("%.80q is not a SHA-256 digest: %w", s, err)
	}
	return d, nil
}

// HashFile returns the digest of the file at path.
func HashFile(path string) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer f.Close()
	return HashOpen(f)
}

// HashOpen returns the digest of an open file, from its current position.
func HashOpen(f *os.File) (Digest, error) {
	h := sha256.New()
	// Most files are small: the buffer grows with what is read.
	for buf := make([]byte, 4<<10); ; {
		n, err := f.Read(buf)
		h.Write(buf[:n])
		switch {
		case err == io.EOF:
			return Digest(h.Sum(nil)), nil
		case err != nil:
			return Digest{}, err
		case n == len(buf) && n < 256<<10:
			buf = make([]byte, 8*n)
		}
	}
}
