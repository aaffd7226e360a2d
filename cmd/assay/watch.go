package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/engine/graph"
)

// quiet is how long nothing must have changed before a run begins: editors and
// copies write in several goes.
const quiet = 300 * time.Millisecond

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

// watched is a file or folder that is watched.
type watched struct {
	name string   // for people
	path string   // absolute
	skip []string // absolute: what lies below and is not meant
	link string   // absolute: the link by which the recipe names it, "" if it is none
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

// absolute returns where a path leads, links followed: what is told of changes
// is told of there. What is not there yet is named by its folder.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// takes reports whether a path is the place or below it, and meant.
func (p *watched) takes(path string) bool {
	return artifacts.Within(path, p.path) && !slices.ContainsFunc(p.skip,
		func(s string) bool { return artifacts.Within(path, s) })
}

// stamp is what a look at a file remembers of it.
type stamp struct {
	size  int64
	mtime time.Time
}

// look returns the stamps of all files of some places. What cannot be read
// counts as not there: the run will say what is wrong with it.
func look(places []watched) map[string]stamp {
	out := map[string]stamp{}
	for _, p := range places {
		filepath.WalkDir(p.path, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if !p.takes(path) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			st, err := os.Stat(path)
			if err == nil && st.IsDir() && !d.IsDir() {
				st, err = os.Lstat(path) // a link to a folder, which is a place of its own
			}
			if err == nil && !st.IsDir() {
				out[p.shown(path)] = stamp{st.Size(), st.ModTime()}
			}
			return nil
		})
		if st, err := os.Lstat(p.link); p.link != "" && err == nil {
			out[p.link+" (link)"] = stamp{st.Size(), st.ModTime()}
		}
	}
	return out
}

// differing returns the files whose stamps differ, sorted.
func differing(a, b map[string]stamp) []string {
	var out []string
	for path, st := range a {
		if other, ok := b[path]; !ok || st.size != other.size || !st.mtime.Equal(other.mtime) {
			out = append(out, path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
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

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
