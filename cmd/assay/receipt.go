package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/receipt"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/display"
	"assay/engine"
	"assay/engine/journal"
	"assay/engine/recipe"
)

// A run that did everything it was asked to do leaves a receipt. The next run of the same
// command line first checks whether the receipt still holds. If so, it parses nothing and
// builds no graph, which makes it cheap.

// receiptKey names a command line by everything in it that affects the results.
func (o *options) receiptKey(args []string) (artifacts.Digest, error) {
	file, err := filepath.Abs(args[0])
	if err != nil {
		return artifacts.Digest{}, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return artifacts.Digest{}, err
	}
	words := []string{"run", wd, file, "sets"}
	words = append(append(words, o.over.Sets...), "params")
	words = append(append(words, o.over.Params...), "targets")
	words = append(words, args[1:]...)
	return artifacts.Of([]byte(strings.Join(words, "\x00"))), nil
}

// binaryName distinguishes this build from others, which may make other results of the same
// recipe.
func binaryName() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	st, err := os.Stat(path)
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d %d", st.Size(), st.ModTime().UnixNano())
}

// receiptBasis names what a receipt depends on besides the files that it lists: this build,
// and the folder of records. Without its records a run would execute everything again,
// even if every blob is there. A run asks for it at its end, after it recorded its results.
func receiptBasis(st *store.Store) string { return binaryName() + " " + receipt.Generation(st) }

// holds reports whether the receipt of this command line still holds, and if so prints what
// the run would have printed. args are the recipe and the targets.
func (o *options) holds(c *cobra.Command, st *store.Store, args []string) (bool, error) {
	began := time.Now()
	key, err := o.receiptKey(args)
	if err != nil {
		return false, err
	}
	r := receipt.Check(c.Context(), st, key, receiptBasis(st))
	if r == nil {
		return false, nil
	}
	s := &session{file: args[0], opts: o, store: st, out: c.OutOrStdout(), err: c.ErrOrStderr()}
	s.sayUpToDate(r.Nodes, time.Since(began))
	var list []delivery
	for _, p := range r.Outputs {
		tree, err := st.ReadTree(p.Tree)
		if err != nil {
			return false, err
		}
		list = append(list, delivery{dir: p.Dir, tree: tree})
	}
	if err := s.deliver(c.Context(), list); err != nil {
		return false, err
	}
	if len(args) == 1 && o.asWritten() {
		s.sayLock(false)
	}
	if o.programs {
		display.NewJSON(s.err).End(journal.OK, journal.Counts{Nodes: r.Nodes, Cached: r.Nodes}, nil)
	}
	return true, nil
}

// upToDate does the whole work of a run that has nothing to do, and reports whether it did.
func (o *options) upToDate(c *cobra.Command, args []string) (bool, error) {
	st, err := o.existingStore(c, args)
	if st == nil {
		return false, err // there is no receipt
	}
	defer st.Close()
	return o.holds(c, st, args)
}

// existingStore opens the store if it may know the command line args. It returns nil if there is none, or if the
// recipe comes through a pipe.
func (o *options) existingStore(c *cobra.Command, args []string) (*store.Store, error) {
	if err := o.enter(c, args); err != nil {
		return nil, err
	}
	if _, err := os.Stat(o.store); err != nil || recipe.Piped(args[0]) {
		return nil, nil
	}
	return o.openStore(c)
}

// keepReceipt saves the receipt of a run that did everything it was asked to do.
func (s *session) keepReceipt(args []string, rs *engine.Results) error {
	key, err := s.opts.receiptKey(args)
	if err != nil {
		return err
	}
	r := &receipt.Receipt{Binary: receiptBasis(s.store), Nodes: len(rs.Outcomes), Files: map[string]artifacts.Digest{},
		Sources: rs.Roots}
	for _, f := range rs.Graph.Recipe.Files {
		r.Files[f.Name] = artifacts.Of(f.Text)
	}
	if len(args) == 1 && s.opts.asWritten() {
		r.Files[s.lockPath()] = artifacts.Of(rs.LockText())
	}
	seen := make(map[artifacts.Digest]bool, 2*len(rs.Outcomes))
	add := func(d artifacts.Digest) {
		if !seen[d] {
			seen[d] = true
			r.Blobs = append(r.Blobs, d)
		}
	}
	for _, n := range rs.Graph.Nodes {
		for _, p := range n.Outputs {
			tree := rs.Outcomes[n].Outputs[p.Name]
			add(rs.Outcomes[n].Digest(p.Name))
			for _, f := range tree {
				add(f.Digest)
			}
		}
	}
	for _, p := range s.deliveries(rs) {
		r.Outputs = append(r.Outputs, receipt.Delivered{Dir: p.dir, Tree: p.tree.Digest()})
	}
	return receipt.Save(s.store, key, r)
}
