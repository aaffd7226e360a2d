// Command assay runs recipes: YAML files that say how recorded telemetry becomes results.
//
// There is one file per verb. main.go holds the root command and the exit codes, session.go
// and store.go what the verbs share, runlog.go how a run is shown and recorded.
//
// Exit codes: 0 success, 1 a step failed or a lock does not match, 2 the recipe or the
// command line is wrong, 130 interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/recipe"
	"assay/engine/step"
)

func main() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }

// The exit codes.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// Main runs a command line and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, life := newLifetime()
	defer life.pauses()()
	root := newRoot()
	root.SetArgs(args)
	out := &outWriter{w: stdout}
	root.SetOut(out)
	stderr = &errWriter{w: stderr, gone: life.cancel}
	root.SetErr(stderr)
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	err := life.wait(ctx, done)
	err = out.judge(err)
	return report(ctx, err, stderr)
}

// report prints an error for people and returns the exit code.
func report(ctx context.Context, err error, stderr io.Writer) int {
	mistakes := recipe.MistakesIn(err)
	var all *engine.RunError
	var usage *usageError
	var shown *shownError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &shown):
		return shown.code
	case ctx.Err() != nil:
		sayInterrupted(stderr)
		return exitInterrupted
	case len(mistakes) > 0 && !engine.Began(err):
		showMistakes(stderr, mistakes, nothingRun)
		return exitUsage
	case len(mistakes) > 0 && !errors.As(err, &all): // found in what a step made
		showMistakes(stderr, mistakes, "; what had run is kept")
		return exitFailed
	}
	fmt.Fprintf(stderr, "assay: %s\n", plain.PrintableLines(step.Plain(err)))
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// nothingRun is the end of the line after the mistakes of a recipe.
const nothingRun = "; nothing was run"

// showMistakes prints the mistakes of a recipe, how many there are, and what that means.
func showMistakes(w io.Writer, all []*recipe.Mistake, end string) {
	for _, m := range all {
		fmt.Fprintln(w, plain.PrintableLines(m.Show()))
	}
	fmt.Fprintf(w, "assay: %s%s\n", plain.Plural(len(all), "mistake"), end)
}

const help = `assay runs recipes: YAML files that say, step by step, how recorded telemetry
becomes results. It stores every result by its content, runs what is missing in parallel,
and skips what has not changed.

  assay run    recipes/quick.yaml            run what is not up to date, write the lock
  assay plan   recipes/quick.yaml            say what would run, and why; run nothing
  assay verify recipes/quick.yaml            run, and compare with the committed lock
  assay show   recipes/quick.yaml            list the nodes and what each one made
  assay show   recipes/quick.yaml 'gbt[view=oracle]'        how a node was made, and its files
  assay show   recipes/quick.yaml report.page/summary.txt   a file of an artifact
  assay show   recipes/quick.yaml --metrics                 the scores of the models

  assay init   DIR                           write a commented recipe to start from
  assay kinds  [split]                       the kinds of steps, or one with its parameters
  assay channels                             what is measured, in which unit, and in which view
  assay fmt    [--check] recipes/*.yaml      format recipes; assay schema is for editors

  assay run --watch recipes/quick.yaml       run again whenever the recipe or a source changes
  assay diff   [OLD [NEW]] RECIPE            what changed, with paired differences of the scores
  assay graph  recipes/quick.yaml -o g.svg   draw the recipe, with what is up to date
  assay runs   [RUN]                         past runs, or the nodes of one
  assay logs   [RUN] NODE                    the log of a node
  assay status                               jobs on a cluster (run --executor slurm)
  assay timeline [RUN]                       draw when everything ran, and for how long

  assay serve [--demo]                       a live dashboard at http://127.0.0.1:8447
  assay publish metrics RECIPE               send it scores; also perf, profiles, knn, replay
  assay detect RECIPE NODE                   predict telemetry while it is produced, with alarms

  assay gc     [--keep 30d] [--max-size 10GiB]              remove results that nothing needs, after asking
  assay pin    NAME RECIPE NODE[.OUTPUT]     keep an artifact under a name; pin alone lists
  assay export RECIPE NODE[.OUTPUT] DIR      copy an artifact out of the store; --onnx FILE for a model
  assay du     [RECIPE]                      how much space the store takes; fsck checks it
  assay doctor                               look whether what assay needs works on this machine
  assay push   [RECIPE…] --remote URL        send results to a bucket that others read; pull fetches them

Targets come after the recipe, with any of their coordinates:
  assay run recipes/quick.yaml split 'gbt[hold=sample,view=oracle]'

Flags of most verbs:
  --set params.seed=8   change a value of the recipe for this command only (repeatable)
  --params FILE         take values of parameters from a YAML file; --set wins over it
  --store DIR           where results are stored (default .assay)
  -j N                  run N steps at once (default: one per core)
  -C DIR                change to this folder first

  assay VERB -h         more about a verb
  assay --version       the version of assay
`

// newRoot makes the root command with all verbs.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:               "assay",
		Version:           version(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noVerb(args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), help)
			return err
		},
	}
	root.SetVersionTemplate(fmt.Sprintf("assay {{.Version}} (%s, %s/%s)\n", runtime.Version(), runtime.GOOS,
		runtime.GOARCH))
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if c == root {
			io.WriteString(c.OutOrStdout(), help)
			return
		}
		fmt.Fprintf(c.OutOrStdout(), "%s\n\nUsage:\n  %s\n\nFlags:\n%s", c.Long, c.UseLine(), c.Flags().FlagUsages())
	})
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(), newPlan(), newVerify(), newShow(),
		newInit(), newKinds(), newChannels(), newFmt(), newSchema(),
		newDiff(), newRuns(), newLogs(), newTimeline(), newGraph(),
		newGC(), newFsck(), newDu(), newExport(), newPin(), newPush(), newPull(), newDoctor(),
		newServe(), newPublish(), newDetect(), newStatus(), newExecStep())
	return root
}

func verbs() []string {
	return []string{"run", "plan", "verify", "show", "init", "kinds", "channels", "fmt", "schema", "diff", "runs", "logs",
		"timeline", "graph", "gc", "fsck", "du", "export", "pin", "push", "pull", "doctor", "serve", "publish", "detect",
		"status"}
}
