package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/recipe"
)

// summaryFile is the file of a report's artifact that is printed when the report is
// delivered: the headline of the run. A report is an artifact that also has an HTML page.
// Of any other artifact only the path is printed, so that nothing pushes the headline off
// the screen.
const summaryFile = "summary.txt"

// maxSummary is the size of the largest summary that is printed.
const maxSummary = 64 << 10

// A delivery is an artifact and the folder outside the store that gets a copy.
type delivery struct {
	name string // of the artifact in the lock; "" if the lock is not needed
	dir  string
	tree artifacts.Tree
}

// deliveries lists the artifacts under "outputs:" that the nodes of a run made. Each node
// of a matrix has a folder of its own.
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

// deliver copies artifacts out of the store and prints where they are, reports last and
// with their headlines. If a file is in the way of one, it copies none.
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
				fmt.Fprintf(s.err, "note  %s held the results of: assay run %s; they are replaced. To keep both, give "+
					"each a folder of its own under outputs:\n", d.dir, old)
			},
		})
	}
	if _, err := deliver.Copies(ctx, s.store, all...); err != nil {
		return err
	}
	s.sayDelivered(list)
	return nil
}

// sayDelivered prints where artifacts are, one line each, and then the headlines.
func (s *session) sayDelivered(list []delivery) {
	var reports []delivery
	for _, d := range list {
		if _, ok := d.tree.Lookup(summaryFile); ok && pageOf(d.tree) != "" {
			reports = append(reports, d)
		} else {
			s.printPath(d.tree, d.dir)
		}
	}
	for _, d := range reports {
		s.printSummary(d.tree)
		s.printPath(d.tree, d.dir)
	}
}

// commandLine returns what a user types after "assay run" to make the same artifacts: the
// recipe, and what is changed in it for this run.
func (o *options) commandLine(file string) string {
	words := []string{recipe.Quote(plain.Near(artifacts.RealPath(file)))}
	for _, p := range o.over.Params {
		words = append(words, "--params", recipe.Quote(p))
	}
	for _, set := range o.over.Sets {
		words = append(words, "--set", recipe.Quote(set))
	}
	return strings.Join(words, " ")
}

// lockedArtifacts returns the artifacts in the lock of the last run, by name; nil if there
// is no lock that can be read.
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
	fmt.Fprintf(s.out, "\n%s\n", plain.PrintableLines(string(text)))
}

// printPath prints the path of an artifact's HTML page, or of its folder if it has none.
func (s *session) printPath(t artifacts.Tree, dir string) {
	if page := pageOf(t); page != "" {
		fmt.Fprintf(s.out, "report: %s\n", path.Join(filepath.ToSlash(dir), page))
		return
	}
	fmt.Fprintf(s.out, "output: %s\n", filepath.ToSlash(dir))
}

// pageOf returns the name of an artifact's first HTML page; "" if it has none.
func pageOf(t artifacts.Tree) string {
	for _, f := range t {
		if path.Ext(f.Name) == ".html" {
			return f.Name
		}
	}
	return ""
}
