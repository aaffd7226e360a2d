package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/recipe"
	"assay/engine/slurm"
	"assay/engine/slurm/profile"
	"assay/steps"
)

// clusterFlags are the flags that say where a run executes what it executes.
type clusterFlags struct {
	executor string
	profile  string
	detach   bool
}

// The executors.
const (
	executorLocal = "local"
	executorSlurm = "slurm"
)

func (f *clusterFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.executor, "executor", executorLocal,
		"`where` steps run: local or slurm; with slurm the store and the sources must be on a file system of all nodes")
	c.Flags().StringVar(&f.profile, "profile", "", "YAML `file` of what the cluster wants, see docs/CLUSTER.md")
	c.Flags().BoolVar(&f.detach, "detach", false,
		"let jobs on the cluster go on after Ctrl-C; the same command line finds them again")
}

// check refuses flags that do not fit together.
func (f *clusterFlags) check() error {
	names := []string{executorLocal, executorSlurm}
	switch {
	case !slices.Contains(names, f.executor):
		return usagef("--executor %q (%s)", f.executor, recipe.Suggest(f.executor, names))
	case f.executor == executorLocal && f.profile != "":
		return usagef("--profile is for a cluster; add --executor slurm")
	case f.executor == executorLocal && f.detach:
		return usagef("--detach is for a cluster; add --executor slurm")
	}
	return nil
}

// load reads the profile.
func (f *clusterFlags) load() (*profile.Profile, error) {
	if f.profile == "" {
		return profile.Default(), nil
	}
	p, err := profile.Load(f.profile)
	if err != nil && recipe.MistakesIn(err) == nil {
		return nil, usagef("cannot read the profile: %w", err)
	}
	return p, err
}

// use makes an engine run on what the flags say. The returned function ends that, and says how
// well the cluster was used.
func (f *clusterFlags) use(c *cobra.Command, s *session, e *engine.Engine) (end func(), err error) {
	if f.executor == executorLocal {
		return func() {}, nil
	}
	p, err := f.load()
	if err != nil {
		return nil, err
	}
	debug.SetGCPercent(slurm.GCPercent)
	x := slurm.New(slurm.Config{Store: s.store, Kinds: steps.All(), Profile: p, Cores: s.opts.jobs, Detach: f.detach,
		Run: c.Context()})
	e.Executor = x
	return func() {
		if err := x.Close(); err != nil {
			s.store.Warn(err.Error())
		}
		printUsage(s.out, x.Usages())
		if n := x.Left(); n > 0 {
			fmt.Fprintf(s.out, "%s on the cluster; assay status shows them, the same command line goes on\n",
				plain.Plural(n, "job")+" left")
		}
	}, nil
}

// printUsage prints how well the jobs of a run used what they asked for.
func printUsage(w io.Writer, list []slurm.Usage) {
	if len(list) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STEP\tJOBS\tWAITED\tRAN\tCPU USED\tMEMORY ASKED\tUSED")
	for _, u := range list {
		asked := "-"
		if u.Memory > 0 {
			asked = plain.Size(u.Memory)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", plain.Printable(u.Step), u.Jobs, mean(u.Waited, u.Jobs), mean(u.Ran, u.Jobs),
			percent(u.CPU.Seconds(), u.Granted.Seconds()), asked, usedOf(u.RSS, u.Memory))
	}
	t.Flush()
	fmt.Fprintln(w, "(WAITED and RAN are means of a job, memory is the most of one)")
}

func mean(sum time.Duration, n int) time.Duration { return plain.Round(sum / time.Duration(max(n, 1))) }

func percent(part, all float64) string {
	if all <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100*part/all)
}

// usedOf says how much memory was used, and what part of the asked that is.
func usedOf(used, asked int64) string {
	if used == 0 {
		return "-"
	}
	text := plain.Size(used)
	if asked > 0 {
		text += " (" + percent(float64(used), float64(asked)) + ")"
	}
	return text
}
