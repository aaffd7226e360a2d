package main

import (
	"context"
	"errors"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"assay/artifacts/remote"
	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/steps"
)

// options are the flags that all verbs have.
type options struct {
	storeFlags
	remoteFlags
	over recipe.Overrides
	jobs int

	programs bool // warnings are written as lines of JSON, for programs
	strict   bool // what goes wrong with the remote is an error
}

func (o *options) register(c *cobra.Command) {
	o.storeFlags.register(c)
	f := c.Flags()
	f.StringArrayVar(&o.over.Params, "params", nil, "take values of parameters from a YAML `file` of name: value lines")
	f.StringArrayVar(&o.over.Sets, "set", nil, "change a value of the recipe for this command only, as `path=value`")
	f.IntVarP(&o.jobs, "jobs", "j", min(runtime.GOMAXPROCS(0), runtime.NumCPU()), "run this `number` of steps at once")
}

// asWritten reports whether nothing in the recipe is changed for this run. Only then may the
// run write the lock.
func (o *options) asWritten() bool { return len(o.over.Params)+len(o.over.Sets) == 0 }

// session is a resolved recipe and the store that it runs against.
type session struct {
	file   string // the recipe's
	opts   *options
	graph  *graph.Graph // the whole graph, whatever the targets
	store  *store.Store
	remote *remote.Remote // nil if there is none
	out    io.Writer
	err    io.Writer
}

// withSession opens the recipe named first in args and its store, and calls do.
func (o *options) withSession(c *cobra.Command, args []string, do func(*session) error) error {
	s, err := o.open(c, args)
	if err != nil {
		return err
	}
	defer s.store.Close()
	return do(s)
}

// open reads the recipe named first in args. Its mistakes come back as one error.
func (o *options) open(c *cobra.Command, args []string) (*session, error) {
	if err := o.enter(c, args); err != nil {
		return nil, err
	}
	g, err := load(args[0], &o.over)
	if err != nil {
		return nil, err
	}
	s := &session{file: args[0], opts: o, graph: g, out: c.OutOrStdout(), err: c.ErrOrStderr()}
	if s.store, err = o.openStore(c); err != nil {
		return nil, err
	}
	if s.remote, err = o.openRemote(s.store, remote.Options{Strict: o.strict}); err != nil {
		s.store.Close()
		return nil, err
	}
	return s, nil
}

// needsFile refuses a recipe that comes through a pipe, for verbs that need its file.
func needsFile(c *cobra.Command, args []string, why string) error {
	if len(args) > 0 && recipe.Piped(args[0]) {
		return usagef("%s needs the file of a recipe, and %s is a pipe: %s", c.CommandPath(), args[0],
			why)
	}
	return nil
}

// enter checks the command line and changes to the folder that -C names.
func (o *options) enter(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("which recipe? For example: %s recipes/quick.yaml", c.CommandPath())
	}
	if o.jobs < 1 || o.jobs > 10_000 {
		return usagef("-j %d: want 1 to 10000", o.jobs)
	}
	return o.storeFlags.enter(c)
}

func (o *options) openStore(c *cobra.Command) (*store.Store, error) {
	return store.Open(o.store, o.warner(c))
}

// load reads and resolves a recipe.
func load(file string, over *recipe.Overrides) (*graph.Graph, error) {
	var ms recipe.Mistakes
	r, err := recipe.Load(file, over, &ms)
	if err != nil {
		return nil, usagef("cannot read the recipe: %w", err)
	}
	if r == nil {
		return nil, ms.Err()
	}
	g := graph.New(r, steps.All(), &ms, tables()...)
	return g, ms.Err()
}

// inspect looks up what is in the store, of a part of the session's graph. The graph of the results has all that is
// known because of it.
func (s *session) inspect(ctx context.Context, g *graph.Graph) (*engine.Results, []engine.Planned, error) {
	rs, plan, err := s.engine().Inspect(ctx, g)
	return rs, plan, asUsage(err)
}

// asUsage makes a target that names no node, which may be found late, a mistake of the command line.
func asUsage(err error) error {
	var missing *graph.NoNodeError
	if errors.As(err, &missing) {
		return &usageError{err}
	}
	return err
}

// narrow returns the part of the session's graph that targets need.
func (s *session) narrow(targets []string) (*graph.Graph, error) {
	g, err := s.graph.Narrow(func(g *graph.Graph) (*graph.Graph, error) { return g.Select(targets) })
	if err != nil {
		return nil, &usageError{err}
	}
	return g, nil
}

// engine returns an engine on the session's store.
func (s *session) engine() *engine.Engine {
	spareProcessor()
	e := &engine.Engine{Store: s.store, Executor: engine.Local{Cores: s.opts.jobs}}
	if s.remote != nil {
		e.Tier, e.Observers = s.remote, append(e.Observers, offers{s.remote})
	}
	return e
}

// spareProcessor gives Go's scheduler one processor more than there are cores, unless
// GOMAXPROCS asks for another number. A goroutine that waits in the kernel, for a command or
// a disk, keeps its processor until the runtime notices. With a spare one the others go on,
// which saves a tenth of the time of a run of tiny commands on two cores. It does not
// change how many steps run at once; -j does.
func spareProcessor() {
	if n := runtime.NumCPU(); runtime.GOMAXPROCS(0) == n {
		runtime.GOMAXPROCS(n + 1)
	}
}

// lockPath returns the path of the recipe's lock.
func (s *session) lockPath() string { return graph.LockPath(s.file) }
