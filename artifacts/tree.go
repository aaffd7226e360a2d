package artifacts

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Tree is the content of a directory: its files, sorted by name. Folders
// exist only as parts of names; modes and times are not content.
type Tree []File

// A File is one file of a tree.
type File struct {
	Name   string // slash-separated, valid for io/fs
	Digest Digest
}

// Text returns the lines that this prints in the tree's directory:
//
//	find * -type f | LC_ALL=C sort | xargs sha256sum
func (t Tree) Text() []byte {
	size := 0
	for _, f := range t {
		size += 2*len(f.Digest) + len("  \n") + len(f.Name)
	}
	b := make([]byte, 0, size) // a source may have 100,000 files
	for _, f := range t {
		b = hex.AppendEncode(b, f.Digest[:])
		b = append(append(append(b, "  "...), f.Name...), '\n')
	}
	return b
}

// Digest names the tree: the SHA-256 of its text.
func (t Tree) Digest() Digest { return Of(t.Text()) }

// MaxTreeText bounds what ParseTree reads: some 3 million files.
const MaxTreeText = 512 << 20

// ParseTree reads the text of a tree. Anything that Text would not write is an error, so
// a tree has only one text.
func ParseTree(text []byte) (Tree, error) {
	if len(text) > MaxTreeText {
		return nil, fmt.Errorf("tree text of %d bytes is over the limit of %d", len(text), MaxTreeText)
	}
	var t Tree
	for len(text) > 0 {
		line, rest, ok := bytes.Cut(text, []byte("\n"))
		sum, name, ok2 := strings.Cut(string(line), "  ")
		d, err := ParseDigest(sum)
		if !ok || !ok2 || err != nil || d.String() != sum {
			return nil, fmt.Errorf("line %d of the tree is not in the format of sha256sum", len(t)+1)
		}
		if err := CheckName(name); err != nil {
			return nil, fmt.Errorf("line %d of the tree: %w", len(t)+1, err)
		}
		if len(t) > 0 && t[len(t)-1].Name >= name {
			return nil, fmt.Errorf("line %d of the tree is out of order", len(t)+1)
		}
		t = append(t, File{name, d})
		text = rest
	}
	return t, nil
}

// CheckName refuses names that sha256sum would have to escape.
func CheckName(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\\n\r\x00") {
		return fmt.Errorf("file name %q cannot be part of an artifact: it must be UTF-8 without backslash and "+
			"newline; rename the file", name)
	}
	return nil
}

// SortTree puts t in the order of its text.
func SortTree(t Tree) {
	slices.SortFunc(t, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}

// Under returns t with every name below dir.
func (t Tree) Under(dir string) Tree {
	out := make(Tree, len(t))
	for i, f := range t {
		out[i] = File{dir + "/" + f.Name, f.Digest}
	}
	return out
}

// Union returns the files of all trees. A name that occurs in two of them is an error.
func Union(trees ...Tree) (Tree, error) {
	var out Tree
	for _, t := range trees {
		out = append(out, t...)
	}
	SortTree(out)
	for i := 1; i < len(out); i++ {
		if out[i].Name == out[i-1].Name {
			return nil, fmt.Errorf("two trees have a file %s", out[i].Name)
		}
	}
	return out, nil
}

// Filter returns the files whose names keep accepts.
func (t Tree) Filter(keep func(name string) bool) Tree {
	var out Tree
	for _, f := range t {
		if keep(f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// Lookup returns the digest of a file.
func (t Tree) Lookup(name string) (Digest, bool) {
	i, ok := t.Index(name)
	if !ok {
		return Digest{}, false
	}
	return t[i].Digest, true
}

// Index returns the position of a name in the tree, or where it would be, and whether it
// exists.
func (t Tree) Index(name string) (int, bool) {
	return slices.BinarySearchFunc(t, name, func(f File, n string) int { return cmp.Compare(f.Name, n) })
}
