package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
)

// summaryFile is the file of an artifact that is printed when it is delivered:
// how a step says its result on the terminal.
const summaryFile = "summary.txt"

// maxSummary bounds what is printed of one.
const maxSummary = 64 << 10

// A delivery is where an artifact is put outside the store.
type delivery struct {
	name string // of the artifact in the lock; "" if that is of no use
	dir  string
	tree artifacts.Tree
}

// deliveries lists what is named under "outputs:", of the nodes that were run. The
// nodes of a matrix have folders of their own.
func (s *session) deliveries(rs *engine.Results) []delivery {
	var list []delivery
	for _, out := range rs.Graph.Recipe.Deliveries {
		for _, n := range rs.Graph.Nodes {
			if n.Step != out.Ref.Step {
				continue
			}
			dir := out.Path
			if len(n.Labels) > 0 {
				dir = path.Join(dir, n.Labels.String())
			}
			list = append(list, delivery{n.Name() + "." + out.Ref.Port, dir, rs.Outcomes[n].Outputs[out.Ref.Port]})
		}
	}
	return list
}

// deliverAll puts the artifacts named under "outputs:" where the recipe says, and
// prints where they are.
func (s *session) deliverAll(ctx context.Context, rs *engine.Results) error {
	return s.deliver(ctx, s.deliveries(rs))
}

// deliver delivers all of a list, or nothing if something is in the way of one.
func (s *session) deliver(ctx context.Context, list []delivery) error {
	locked := sync.OnceValue(s.lockedArtifacts)
	by := s.opts.commandLine(s.file)
	var all []deliver.Copy
	for _, d := range list {
		all = append(all, deliver.Copy{
			Tree: d.tree, Dir: filepath.FromSlash(d.dir),
			Locked: func() artifacts.Digest { return locked()[d.name] },
			By:     by,
			Replaces: func(old string) {
				fmt.Fprintf(s.err, "note  %s held what this made: assay run %s; it is replaced. To keep both, give "+
					"them folders of their own under outputs:\n", d.dir, old)
			},
		})
	}
	if _, err := deliver.Copies(ctx, s.store, all...); err != nil {
		return err
	}
	for _, d := range list {
		s.printSummary(d.tree)
		s.printPlaces(d.tree, d.dir)
	}
	return nil
}

// commandLine is what a person types to make what this command line makes, up to
// targets and where that is from: a recipe with what is changed in it.
func (o *options) commandLine(recipe string) string {
	words := []string{quoteWord(plain.Near(artifacts.RealPath(recipe)))}
	for _, p := range o.over.Params {
		words = append(words, "--params", quoteWord(p))
	}
	for _, set := range o.over.Sets {
		words = append(words, "--set", quoteWord(set))
	}
	return strings.Join(words, " ")
}

// plainWord is a word that means itself to a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// quoteWord writes a word as a shell reads it.
func quoteWord(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// lockedArtifacts returns what the lock beside the recipe names, as the last run
// left it; nothing if it cannot be read.
func (s *session) lockedArtifacts() map[string]artifacts.Digest {
	lock, err := artifacts.ReadLock(s.lockPath())
	if err != nil {
		return nil
	}
	out := map[string]artifacts.Digest{}
	for _, a := range lock.Artifacts {
		out[a.Name] = a.Digest
	}
	return out
}

func (s *session) printSummary(t artifacts.Tree) {
	d, ok := t.Lookup(summaryFile)
	if !ok {
		return
	}
	text, err := os.ReadFile(s.store.Path(d))
	if err != nil || len(text) > maxSummary {
		return
	}
	fmt.Fprintf(s.out, "\n%s\n", text)
}

// printPlaces names the page of an artifact, or its folder if it has none.
func (s *session) printPlaces(t artifacts.Tree, dir string) {
	for _, f := range t {
		if path.Ext(f.Name) == ".html" {
			fmt.Fprintf(s.out, "report: %s\n", path.Join(filepath.ToSlash(dir), f.Name))
			return
		}
	}
	fmt.Fprintf(s.out, "output: %s\n", filepath.ToSlash(dir))
}
