package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/artifacts/recipes"
	"assay/artifacts/remote"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine/graph"
)

// pushFlags are the flags of push.
type pushFlags struct {
	storeFlags
	remoteFlags
	force bool
}

// newPush makes the verb push.
func newPush() *cobra.Command {
	var p pushFlags
	c := &cobra.Command{
		Use:   "push [RECIPE | LOCK]…",
		Short: "send results to the remote",
		Long: `push sends results of the store to a remote, so that others need not make them: what the
locks of the given recipes name, or without arguments every result. It skips what the
remote has, so a push that was stopped goes on where it was. Each file is hashed before it
is sent, and a result is recorded after its files.

The credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials
(AWS_PROFILE) or ~/.mc/config.json. A run with --remote sends what it makes by itself.`,
		RunE: func(c *cobra.Command, args []string) error {
			return p.withStore(c, func(st *store.Store) error { return p.run(c, st, args) })
		},
	}
	p.storeFlags.register(c)
	p.registerRemote(c)
	c.Flags().BoolVar(&p.force, "force", false, "send also what the remote says that it has, as after damage there")
	return c
}

// run sends what the arguments name.
func (p *pushFlags) run(c *cobra.Command, st *store.Store, args []string) error {
	r, err := p.needRemote(c, st)
	if err != nil {
		return err
	}
	goods, err := reached(c, st, args)
	if err != nil {
		return err
	}
	err = r.Push(c.Context(), remote.Goods{Results: goods.Results, Trees: goods.Trees}, p.force,
		moving(c.ErrOrStderr(), "sent"))
	sent := r.Stats()
	if err != nil {
		return fmt.Errorf("push to %s: %w (%s are there; the next push goes on from here)", r.Address(), err,
			plain.Plural(int(sent.Sent), "object"))
	}
	fmt.Fprintf(c.OutOrStdout(), "pushed %s to %s: sent %s (%s), the rest was there\n", plain.Plural(len(goods.Results), "result"),
		r.Address(), plain.Plural(int(sent.Sent), "object"), plain.Size(sent.Out))
	if n := len(goods.Missing); n > 0 {
		return fmt.Errorf("%s of the locks are not in the store, such as %s; make them with: assay run", plain.Plural(n, "artifact"),
			goods.Missing[0])
	}
	return nil
}

// reached returns what locks reach; without any, all results, and what the locks of recipes that were run here name.
func reached(c *cobra.Command, st *store.Store, args []string) (*care.Reached, error) {
	var roots []care.Root
	for _, arg := range args {
		_, l, err := readLockOf(arg)
		if err != nil {
			return nil, err
		}
		roots = append(roots, care.RootOf(l, arg))
	}
	if len(args) > 0 {
		return care.Reach(c.Context(), st, roots)
	}
	known, err := recipes.Existing(st)
	if err != nil {
		return nil, err
	}
	for _, file := range known {
		if l, err := artifacts.ReadLock(graph.LockPath(file)); err == nil { // some are never locked
			roots = append(roots, care.RootOf(l, file))
		}
	}
	of, err := care.Reach(c.Context(), st, roots)
	if err != nil {
		return nil, err
	}
	all, err := care.All(c.Context(), st)
	if err != nil {
		return nil, err
	}
	all.Trees = of.Trees
	return all, nil
}

// readLockOf reads a lock, or that of a recipe.
func readLockOf(file string) (path string, l *artifacts.Lock, err error) {
	path = file
	if !isLock(file) {
		path = graph.LockPath(file)
	}
	if l, err = artifacts.ReadLock(path); err != nil {
		return path, nil, usagef("cannot read the lock of %s: %w; make it with: assay run", file, err)
	}
	return path, l, nil
}

func isLock(file string) bool { return filepath.Ext(file) == ".lock" }
