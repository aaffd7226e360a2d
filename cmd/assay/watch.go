package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/watch"
	"assay/engine/recipe"
)

// runWatching runs a recipe, and runs it again whenever the recipe or a source of it changes,
// until the user interrupts it.
func (o *options) runWatching(c *cobra.Command, args []string, how *displayFlags, work *runFlags) error {
	if err := needsFile(c, args, "--watch reads it again when it changes"); err != nil {
		return err
	}
	ctx := c.Context()
	say := newWatchLog(c.ErrOrStderr(), how)
	var roots []watch.Root // those of the last recipe without mistakes
	for first := true; ; first = false {
		s, err := o.open(c, args)
		if err != nil && recipe.MistakesIn(err) == nil && first {
			return err // a change of the recipe cannot help
		}
		if err == nil {
			roots = s.watchedRoots()
		}
		if len(roots) == 0 {
			roots = recipeRoots(args[0])
		}
		w := watch.New(roots)
		if err == nil {
			err = s.run(c, args[1:], how, work)
			s.store.Close()
		}
		if ctx.Err() != nil {
			w.Close()
			return err
		}
		if err != nil {
			say.failed(ctx, err)
		}
		say.waits(w)
		changed := w.Wait(ctx)
		w.Close()
		if ctx.Err() != nil {
			say.ends()
			return nil
		}
		say.changed(changed)
	}
}

// watchedRoots returns the files and folders that a run depends on: the recipe and its
// sources, without what the run itself writes.
func (s *session) watchedRoots() []watch.Root {
	var list []watch.Root
	for _, f := range s.graph.Recipe.Files {
		list = append(list, recipeRoots(f.Name)...)
	}
	skip := []string{watch.Absolute(s.opts.store), watch.Absolute(s.lockPath())}
	for _, out := range s.graph.Recipe.Deliveries {
		skip = append(skip, watch.Absolute(out.Path))
	}
	for _, src := range s.graph.Recipe.Sources {
		if s.graph.Reads(src.Name) {
			list = watch.AppendSource(list, src.Path, skip)
		}
	}
	return list
}

func recipeRoots(file string) []watch.Root { return []watch.Root{watch.NewRoot(file, file, nil)} }

// someOf names changed files for people.
func someOf(paths []string) string {
	switch len(paths) {
	case 0:
		return "something"
	case 1:
		return plain.Near(paths[0])
	case 2:
		return plain.Near(paths[0]) + " and " + plain.Near(paths[1])
	}
	return fmt.Sprintf("%s and %d more", plain.Near(paths[0]), len(paths)-1)
}
