package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	"assay/artifacts/source"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// scanAll scans the sources that the graph reads or takes axes from, also those that steps read which are not known
// yet.
func (r *run) scanAll(ctx context.Context, ms *recipe.Mistakes) error {
	for _, n := range r.g.Nodes {
		if err := r.scanOf(ctx, n, ms); err != nil {
			return err
		}
	}
	for _, l := range r.g.Later {
		for _, n := range l.Nodes {
			if err := r.scanOf(ctx, n, ms); err != nil {
				return err
			}
		}
	}
	for _, name := range r.g.Data() {
		if err := r.scanOnce(ctx, name, ms); err != nil {
			return err
		}
		if src := r.sources[name]; src != nil {
			if err := r.g.CheckData(name, src.Tree); err != nil {
				return err
			}
		}
	}
	return nil
}

// scanOf scans the sources that a node reads.
func (r *run) scanOf(ctx context.Context, n *graph.Node, ms *recipe.Mistakes) error {
	for _, f := range n.Feeds() {
		if f.Node == nil {
			if err := r.scanOnce(ctx, f.Source, ms); err != nil {
				return err
			}
		}
	}
	return nil
}

// scanOnce scans a source unless it is scanned already.
func (r *run) scanOnce(ctx context.Context, name string, ms *recipe.Mistakes) (err error) {
	if _, seen := r.sources[name]; !seen {
		r.sources[name], err = r.scan(ctx, name, ms)
	}
	return err
}

// maxEmpty is how many parts without files are named: nearest names take time.
const maxEmpty = 50

// checkParts adds a mistake for every part of a source that has no files and that one of the nodes reads.
func (r *run) checkParts(nodes []*graph.Node, ms *recipe.Mistakes) {
	for _, n := range nodes {
		if ms.Added() >= maxEmpty {
			return
		}
		for _, f := range n.Feeds() {
			if f.Node != nil || f.Part == nil {
				continue
			}
			if msg, hint := f.Part.Missing(f.Source, r.sources[f.Source].Tree); msg != "" {
				ms.Add(f.Part.Pos, hint, "%s: %s", n.Name(), msg)
			}
		}
	}
}

// scan lists and hashes the files of a source. If that fails, it adds a mistake at the place
// where the recipe names the source, and returns nil.
func (r *run) scan(ctx context.Context, name string, ms *recipe.Mistakes) (*source.Source, error) {
	for _, s := range r.g.Recipe.Sources {
		if s.Name != name {
			continue
		}
		src, err := r.e.Store.Scan(ctx, s.Path)
		switch {
		case err == nil:
			return src, nil
		case ctx.Err() != nil:
			return nil, err
		}
		hint := ""
		if errors.Is(err, os.ErrNotExist) {
			wd, _ := os.Getwd()
			hint = "paths in a recipe are relative to the folder that assay runs in, " + wd
		}
		ms.Add(s.Pos, hint, "source %s: %s", name, step.Plain(err))
		return nil, nil
	}
	return nil, fmt.Errorf("no source %s", name)
}
