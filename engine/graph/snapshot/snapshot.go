// Package snapshot keeps a resolved graph as a text, so that the next command need not parse and resolve a recipe
// that has not changed: [Encode] and [Decode].
//
// A snapshot is a cache. It names what the graph was made of: the program, and every file of the recipe with its
// digest. Decode looks at these and returns an error if one is another now, or if the text is damaged. Read encode.go
// first: decode.go reads the same values in the same order.
package snapshot

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"

	"assay/artifacts/pack"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// Head begins the text of a snapshot.
const Head = "assay graph 1"

// ErrOther says that a snapshot is of another recipe or another program.
var ErrOther = errors.New("the snapshot is of another recipe")

// maxFile bounds the files of a recipe that are read: more than a recipe may have.
const maxFile = 32 << 20

// readFile reads a file that a graph was made of. It must be a regular one: anything else might never end.
func readFile(name string) ([]byte, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, ErrOther
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// Decode returns the graph of a snapshot that a program made, and the checksum of the snapshot. kinds are those that
// the program knows. The recipe of the graph lacks what resolving used up, parameters and steps, and its settings.
func Decode(text []byte, program string, kinds []*step.Kind) (*graph.Graph, [sha256.Size]byte, error) {
	r, sum, err := pack.Open(Head, text)
	if err != nil {
		return nil, sum, err
	}
	d := &decoder{Reader: r, known: map[string]*step.Kind{}}
	if d.Text() != program {
		return nil, sum, ErrOther
	}
	for _, k := range kinds {
		d.known[k.String()] = k
	}
	if err := d.files(); err != nil {
		return nil, sum, err
	}
	g := d.graph()
	if err := d.Err(); err != nil {
		return nil, sum, err
	}
	if !g.Recheck() {
		return nil, sum, ErrOther
	}
	return g, sum, nil
}

// Encode returns the snapshot of a graph that a program made, and its checksum. It returns nil for a graph that
// depends on more than the files of the recipe: axes of data or of what steps make, or a recipe that comes
// through a pipe.
func Encode(g *graph.Graph, program string) (text []byte, sum [sha256.Size]byte) {
	if g.Recipe.Piped || len(g.Data()) > 0 || len(g.Later) > 0 || len(g.Recipe.Files) == 0 {
		return nil, sum
	}
	e := &encoder{Writer: pack.NewWriter(Head), files: map[*recipe.File]int{}, tables: newTables(g)}
	e.Text(program)
	for i, f := range g.Recipe.Files {
		e.files[f] = i
	}
	e.Int(len(g.Recipe.Files))
	for _, f := range g.Recipe.Files {
		e.Text(f.Name)
		e.Digest(sha256.Sum256(f.Text))
	}
	e.recipe(g.Recipe)
	e.slots(g.Slots())
	e.graph(g)
	return e.Sum()
}
