package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/remote"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
)

// newPull makes the verb pull.
func newPull() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "pull [RECIPE | LOCK]…",
		Short: "fetch results from the remote",
		Long: `pull fetches results from a remote to the store, whole: what the given recipes need,
what the given locks name, or without arguments everything. Of a recipe it fetches what a
run would find, so its sources must be here. A lock needs nothing else: its artifacts come
by their digests, but of a sharded step not the results of the shards, which a run with
--remote finds.

Everything is hashed before it is kept. A bucket that is public needs no credentials.`,
		RunE: func(c *cobra.Command, args []string) error { return o.pull(c, args) },
	}
	o.register(c)
	o.registerRemote(c)
	return c
}

// pull fetches what the arguments name.
func (o *options) pull(c *cobra.Command, args []string) error {
	if len(args) == 0 || slices.ContainsFunc(args, isLock) {
		return o.pullGoods(c, args)
	}
	o.strict = true
	for _, file := range args {
		if err := o.withSession(c, []string{file}, func(s *session) error { return s.pull(c) }); err != nil {
			return err
		}
	}
	return nil
}

// pullGoods fetches what locks name, or all there is.
func (o *options) pullGoods(c *cobra.Command, args []string) error {
	if err := o.storeFlags.enter(c); err != nil {
		return err
	}
	var goods remote.Goods
	for _, file := range args {
		_, l, err := readLockOf(file)
		if err != nil {
			return err
		}
		for _, a := range l.Artifacts {
			goods.Results, goods.Trees = append(goods.Results, a.Key), append(goods.Trees, a.Digest)
		}
	}
	slices.SortFunc(goods.Results, compareDigests)
	goods.Results = slices.Compact(goods.Results)
	st, err := o.openStore(c)
	if err != nil {
		return err
	}
	defer st.Close()
	return o.pullInto(c, st, goods, len(args) == 0)
}

// pullInto fetches goods, or all there is, to a store.
func (o *options) pullInto(c *cobra.Command, st *store.Store, goods remote.Goods, all bool) error {
	r, err := o.needRemote(c, st)
	if err != nil {
		return err
	}
	if all {
		if goods.Results, err = r.Keys(c.Context()); err != nil {
			return fmt.Errorf("pull from %s: %w", r.Address(), err)
		}
	}
	lacks, err := r.Pull(c.Context(), goods, moving(c.ErrOrStderr(), "fetched"))
	if err != nil {
		return fmt.Errorf("pull from %s: %w", r.Address(), err)
	}
	sayPulled(c, r)
	if n := len(lacks.Trees); n > 0 {
		return fmt.Errorf("%s of %d are not in the remote, such as %s; push them where they are, or make them with: assay run",
			plain.Plural(n, "artifact"), len(goods.Trees), lacks.Trees[0].Short())
	}
	return nil
}

// pull fetches what a run of the recipe would find.
func (s *session) pull(c *cobra.Command) error {
	if s.remote == nil {
		_, err := s.opts.needRemote(c, s.store)
		return err
	}
	if err := s.remote.Exists(c.Context()); err != nil {
		return fmt.Errorf("pull from %s: %w", s.remote.Address(), err)
	}
	rs, plan, err := s.engine().Inspect(c.Context(), s.graph)
	if err != nil {
		return err
	}
	var lacks []string
	var trees []artifacts.Tree
	for _, p := range plan {
		if rs.Outcomes[p.Node].Outputs == nil {
			lacks = append(lacks, p.Node.Name())
		}
		for _, t := range rs.Outcomes[p.Node].Outputs {
			trees = append(trees, t)
		}
	}
	for _, l := range rs.Graph.Later { // their axes look at what the remote lacks
		lacks = append(lacks, l.Step)
	}
	if err := s.remote.Bring(c.Context(), trees...); err != nil {
		return fmt.Errorf("pull from %s: %w; a run makes what is lost", s.remote.Address(), err)
	}
	if err := s.remote.Settle(); err != nil {
		return err
	}
	sayPulled(c, s.remote)
	if n := len(lacks); n > 0 {
		return fmt.Errorf("%s of %d are not in the remote, such as %s; make them with: assay run %s", plain.Plural(n, "node"),
			len(plan), lacks[0], s.file)
	}
	return nil
}

func sayPulled(c *cobra.Command, r *remote.Remote) {
	st := r.Stats()
	fmt.Fprintf(c.OutOrStdout(), "pulled from %s: found %s, fetched %s (%s), the rest was here\n", r.Address(),
		plain.Plural(int(st.Found), "result"), plain.Plural(int(st.Fetched), "object"), plain.Size(st.In))
}

func compareDigests(a, b artifacts.Digest) int { return slices.Compare(a[:], b[:]) }
