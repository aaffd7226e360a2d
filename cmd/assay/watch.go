package main

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"assay/engine/graph"
)

// runWatching runs a recipe, and again whenever it or a source of it changes,
// until it is interrupted.
func (o *options) runWatching(c *cobra.Command, args []string, how *displayFlags, work *runFlags) error {
	if err := needsFile(c, args, "--watch reads it again when it changes"); err != nil {
		return err
	}
	ctx := c.Context()
	say := newWatchLog(c.ErrOrStderr(), how)
	var places []watched // the last ones known: a recipe with mistakes has none
	for first := true; ; first = false {
		s, err := o.open(c, args)
		var mistakes *multierror.Error
		if err != nil && (!errors.As(err, &mistakes) || len(args) == 0) && first {
			return err // not a matter of the recipe's text
		}
		if err == nil {
			places = s.watchedPlaces()
		}
		if len(places) == 0 {
			places = recipePlaces(args[0])
		}
		w := newWatcher(places)
		if err == nil {
			err = s.run(c, args[1:], how, work)
			s.store.Close()
		}
		if ctx.Err() != nil {
			w.close()
			return err
		}
		if err != nil {
			say.failed(ctx, err)
		}
		say.waits(w)
		changed := w.wait(ctx)
		w.close()
		if ctx.Err() != nil {
			say.ends()
			return nil
		}
		say.changed(changed)
	}
}

// watchedPlaces returns what a run depends on: the recipe and its sources, without
// what the run itself writes.
func (s *session) watchedPlaces() []watched {
	var list []watched
	for _, f := range s.graph.Recipe.Files {
		list = append(list, recipePlaces(f.Name)...)
	}
	skip := []string{absolute(s.opts.store), absolute(s.lockPath())}
	for _, out := range s.graph.Recipe.Outputs {
		skip = append(skip, absolute(out.Path))
	}
	used := sourcesOf(s.graph)
	for _, src := range s.graph.Recipe.Sources {
		if used[src.Name] {
			list = appendSource(list, src.Path, skip)
		}
	}
	return list
}

func recipePlaces(file string) []watched { return []watched{newWatched(file, file, nil)} }

func sourcesOf(g *graph.Graph) map[string]bool {
	used := map[string]bool{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			for _, f := range in.Feeds {
				if f.Node == nil {
					used[f.Source] = true
				}
			}
		}
	}
	return used
}

// someOf names changed files for people.
func someOf(paths []string) string {
	switch len(paths) {
	case 0:
		return "something"
	case 1:
		return near(paths[0])
	case 2:
		return near(paths[0]) + " and " + near(paths[1])
	}
	return fmt.Sprintf("%s and %d more", near(paths[0]), len(paths)-1)
}
