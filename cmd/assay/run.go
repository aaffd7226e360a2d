package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
)

// newRun makes the verb run.
func newRun() *cobra.Command {
	var o options
	var how displayFlags
	var work runFlags
	var again bool
	c := &cobra.Command{
		Use:   "run RECIPE [TARGET…]",
		Short: "run what is not up to date",
		Long: `run brings a recipe up to date, or only the targets and what they need. It stores the
results, copies the artifacts under "outputs:" to their folders, and writes the lock
beside the recipe. With targets, --set or --params it leaves the lock as it is, since
the lock describes the whole recipe as written.

A recipe may come through a pipe: "-" is standard input. Its paths are then relative to
the folder that assay runs in, and it has no lock.

With --executor slurm the steps run as jobs of a Slurm cluster. When the run is killed, the
same command line finds them again; Ctrl-C cancels them, unless --detach is given.

With --watch it waits after the run until the recipe or a source changes, and runs
again, until Ctrl-C.`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(how.check(), work.cluster.check()); err != nil {
				return err
			}
			o.programs = how.format == formatJSON
			if again {
				return how.early(c, o.runWatching(c, args, &how, &work))
			}
			return how.early(c, o.run(c, args, &how, &work))
		},
	}
	o.register(c)
	o.registerRemote(c)
	how.register(c)
	work.register(c)
	c.Flags().BoolVar(&again, "watch", false, "run again whenever the recipe or a source changes")
	return c
}

// run runs the recipe named first in args, unless a receipt says that there is nothing to do.
func (o *options) run(c *cobra.Command, args []string, how *displayFlags, work *runFlags) error {
	if work.isDefault() {
		if done, err := o.upToDate(c, args); done || err != nil {
			return err
		}
	}
	return o.withSession(c, args, func(s *session) error { return s.run(c, args[1:], how, work) })
}

// run runs the part of the graph that the targets need. Then it delivers the outputs, writes
// the lock and leaves a receipt, as far as the command line allows.
func (s *session) run(c *cobra.Command, targets []string, how *displayFlags, work *runFlags) (err error) {
	began := time.Now()
	g, err := work.graph(s.graph, targets)
	if err != nil {
		return err
	}
	e := s.engine()
	work.apply(e)
	left, err := work.cluster.use(c, s, e)
	if err != nil {
		return err
	}
	t := s.startLog(c, how, targets, e, g, false)
	defer func() { err = t.end(c.Context(), err) }()
	var results *engine.Results
	defer func() { s.closeRemote(c.Context(), results) }()
	results, err = e.Run(c.Context(), g)
	t.show.Close()
	left()
	if err != nil {
		return asUsage(err)
	}
	t.keep(s, results)
	s.summarize(results, time.Since(began))
	if err := s.deliver(c.Context(), s.deliveries(results)); err != nil {
		return err
	}
	if len(work.until) > 0 {
		return nil
	}
	if s.graph.Recipe.Piped {
		fmt.Fprintln(s.out, "lock: none, since a recipe that comes through a pipe has no file to put it beside")
		return nil
	}
	if len(targets) == 0 && s.opts.asWritten() {
		if err := s.writeLock(results); err != nil {
			return err
		}
	}
	if err := s.keepReceipt(append([]string{s.file}, targets...), results); err != nil {
		s.store.Warn(fmt.Sprintf("cannot save the receipt; the next run will check everything again: %v", err))
	}
	return nil
}

// summarize says in one line what a run did.
func (s *session) summarize(rs *engine.Results, took time.Duration) {
	ran := 0
	for _, o := range rs.Outcomes {
		if o.Ran > 0 {
			ran++
		}
	}
	total := len(rs.Outcomes)
	if ran == 0 {
		s.sayUpToDate(total, took)
		return
	}
	fmt.Fprintf(s.out, "ran %s of %d in %s\n", plain.Plural(ran, "node"), total, plain.Round(took))
}

func (s *session) sayUpToDate(nodes int, took time.Duration) {
	fmt.Fprintf(s.out, "everything is up to date (%s, %s)\n", plain.Plural(nodes, "node"), plain.Round(took))
}

func (s *session) writeLock(rs *engine.Results) error {
	wrote, err := rs.Lock().Write(s.lockPath())
	if err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	s.sayLock(wrote)
	return nil
}

func (s *session) sayLock(wrote bool) {
	state := "unchanged"
	if wrote {
		state = "written; commit it beside the recipe"
	}
	fmt.Fprintf(s.out, "lock: %s (%s)\n", filepath.ToSlash(s.lockPath()), state)
}
