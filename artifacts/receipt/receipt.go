// Package receipt keeps what a run leaves that did all it was asked, so that the next
// run of the same command line can tell that nothing has changed: [Save] and [Check].
package receipt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
)

// A Receipt is the compact proof that a command line was carried out and that
// nothing it rests on has changed since: the files it was made of, the sources,
// and every blob it left. Checking it reads the recipe and stats the rest; no
// recipe is parsed and no graph is built. Losing it costs time and nothing else.
type Receipt struct {
	Binary  string                      // what made it; another binary makes its own
	Files   map[string]artifacts.Digest // recipe files and the lock, by path
	Sources map[string]artifacts.Digest // trees of sources, by absolute path
	Nodes   int
	Outputs []Delivered
	Blobs   []artifacts.Digest // all that must be whole
}

// Delivered is an artifact that was put outside the store.
type Delivered struct {
	Dir  string
	Tree artifacts.Digest
}

// Head begins the text of a receipt.
const Head = "assay receipt 1"

// pathOf is where the receipt of a command line lies.
func pathOf(s *store.Store, key artifacts.Digest) string {
	return filepath.Join(s.Dir(), "recipes", "receipt-"+key.String()[:32])
}

// Save keeps a receipt under the key of its command line.
func Save(s *store.Store, key artifacts.Digest, r *Receipt) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nbinary %s\nnodes %d\n", Head, r.Binary, r.Nodes)
	for path, d := range r.Files {
		fmt.Fprintf(&b, "file %s %s\n", d, path)
	}
	for root, d := range r.Sources {
		fmt.Fprintf(&b, "source %s %s\n", d, root)
	}
	for _, o := range r.Outputs {
		fmt.Fprintf(&b, "output %s %s\n", o.Tree, o.Dir)
	}
	b.WriteString("\n")
	for _, d := range r.Blobs {
		b.Write(d[:])
	}
	return s.WriteFile(pathOf(s, key), b.Bytes())
}

// Check returns the receipt kept under key if all of it still holds, nil if not.
func Check(ctx context.Context, s *store.Store, key artifacts.Digest, binary string) *Receipt {
	path := pathOf(s, key)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	// One full look a day, so that gc sees that the results are in use.
	if st, err := os.Stat(path); err != nil || time.Since(st.ModTime()) > store.UseInterval {
		return nil
	}
	r, err := parse(b)
	if err != nil || r.Binary != binary || !r.filesHold() {
		return nil
	}
	for root, want := range r.Sources {
		src, err := s.Scan(ctx, root)
		if err != nil || src.Tree.Digest() != want {
			return nil
		}
	}
	look := s.Glance(r.Blobs)
	for _, d := range r.Blobs {
		if !look.Whole(d) {
			return nil
		}
	}
	return r
}

func (r *Receipt) filesHold() bool {
	for path, want := range r.Files {
		if got, err := artifacts.HashFile(path); err != nil || got != want {
			return false
		}
	}
	return true
}

// parse reads the lines, then the digests of the blobs as they are: 32 bytes
// each.
func parse(b []byte) (*Receipt, error) {
	head, blobs, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != Head || len(blobs)%len(artifacts.Digest{}) != 0 {
		return nil, errors.New("not a receipt")
	}
	r := &Receipt{Files: map[string]artifacts.Digest{}, Sources: map[string]artifacts.Digest{}}
	for _, line := range lines[1:] {
		if err := r.parseLine(line); err != nil {
			return nil, err
		}
	}
	r.Blobs = make([]artifacts.Digest, len(blobs)/len(artifacts.Digest{}))
	for i := range r.Blobs {
		copy(r.Blobs[i][:], blobs[i*len(artifacts.Digest{}):])
	}
	return r, nil
}

// parseLine reads one line of a receipt's head: a word, then what it says.
func (r *Receipt) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "binary":
		r.Binary = rest
		return nil
	case "nodes":
		_, err := fmt.Sscan(rest, &r.Nodes)
		return err
	}
	sum, path, ok := strings.Cut(rest, " ")
	d, err := artifacts.ParseDigest(sum)
	if !ok || err != nil {
		return fmt.Errorf("%.80q is no line of a receipt", line)
	}
	switch word {
	case "file":
		r.Files[path] = d
	case "source":
		r.Sources[path] = d
	case "output":
		r.Outputs = append(r.Outputs, Delivered{path, d})
	default:
		return fmt.Errorf("%.80q is no line of a receipt", line)
	}
	return nil
}
