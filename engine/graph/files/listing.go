package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"assay/artifacts"
	"assay/artifacts/source"
)

// A Listing is the files that axes take their values from: those of a source when the graph was made, which a
// run must find the same, or those of an output.
type Listing struct {
	name string // of the source, or of the output
	tree artifacts.Tree
	made fs.FS          // the files of an output; nil for a source
	src  *source.Source // nil for an output

	mu   sync.Mutex
	read map[string]artifacts.Digest // files of a source whose content was looked at
}

// OfSource returns the files of a source.
func OfSource(name string, src *source.Source) *Listing {
	return &Listing{name: name, tree: src.Tree, src: src, read: map[string]artifacts.Digest{}}
}

// OfOutput returns the files of an output. Its name is the node's and the port's.
func OfOutput(name string, tree artifacts.Tree, made fs.FS) *Listing {
	return &Listing{name: name, tree: tree, made: made}
}

// Is reports whether a source has the same names of files, and the same content where that was looked at.
func (l *Listing) Is(t artifacts.Tree) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	same := slices.EqualFunc(l.tree, t, func(a, b artifacts.File) bool { return a.Name == b.Name })
	for file, d := range l.read {
		now, _ := t.Lookup(file)
		same = same && now == d
	}
	return same
}

// maxData bounds the file that an axis takes its values from.
const maxData = 64 << 20

// content returns the content of a file. What a step made must be what its digest says. A source must be what
// it was when the graph was made first.
func (l *Listing) content(f artifacts.File) (text []byte, err error) {
	if l.src != nil {
		if text, err = l.src.Read(f.Name, maxData); err != nil {
			return nil, err
		}
		d := artifacts.Of(text)
		l.mu.Lock()
		defer l.mu.Unlock()
		if was, seen := l.read[f.Name]; seen && was != d {
			return nil, fmt.Errorf("%s changed while the recipe ran; run again", f.Name)
		}
		l.read[f.Name] = d
		return text, nil
	}
	text, err = l.output(f.Name)
	if err == nil && artifacts.Of(text) != f.Digest {
		err = fmt.Errorf("%s of %s is damaged in the store; assay fsck removes it, and the next run makes it again",
			f.Name, l.name)
	}
	return text, err
}

// output reads a file of an output.
func (l *Listing) output(file string) ([]byte, error) {
	f, err := l.made.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxData+1))
	if err == nil && len(text) > maxData {
		err = errors.New(printable(file) + " of " + l.name + " has more than 64 MiB")
	}
	return text, err
}
