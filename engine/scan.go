package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	"assay/artifacts/source"
	"assay/engine/recipe"
	"assay/engine/step"
)

// maxEmpty is how many parts without files are named: nearest names take time.
const maxEmpty = 50

// checkParts adds a mistake for every part of a source that has no files.
func (r *run) checkParts(ms *recipe.Mistakes) {
	for _, n := range r.g.Nodes {
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
