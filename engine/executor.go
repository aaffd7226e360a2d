package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"assay/artifacts/store"
	"assay/artifacts/work"
	"assay/engine/graph"
	"assay/engine/step"
)

// A Job is one execution as an executor gets it. All that it says can be said to another
// process, on another machine that sees the same store: the action's text, for each input
// the digest of a tree whose text is in the store and where its files lie (in the store, or
// below [ActionInput.Root]), and the place to work in.
type Job struct {
	Action *Action
	Node   string        // for queues and logs; the shard too, if there are several
	Need   graph.Need    // what was granted
	Limit  time.Duration // how long it may take; 0 is no limit
	Place  *work.Scratch // its folder; the outputs belong into out/PORT
	Sink   step.Sink     // hears progress, counts, warnings and lines of the log
}

// An Executor runs jobs somewhere, filling out/PORT of a job's place for each output of
// its kind; see [step.Place] for what else is there. It decides nothing: not whether to
// run, not what is kept. Package executortest has the tests that each must pass.
type Executor interface {
	// Execute returns when the job is done, or has failed, or ctx has ended. A job that
	// takes longer than its limit fails with an error that says so.
	Execute(ctx context.Context, job *Job) error
	// Capacity returns what jobs may take at once in all.
	Capacity() graph.Need
}

// folders lists the folders that an action finds in its place.
func (a *Action) folders() []string {
	var list []string
	for _, out := range a.Outputs {
		list = append(list, filepath.Join("out", out.Name))
	}
	return list
}

// output is where an executor puts an output.
func (j *Job) output(port string) string { return filepath.Join(j.Place.Dir, "out", port) }

// inputs says what links in an output may lead to.
func (j *Job) inputs() store.Inputs {
	from := store.Inputs{Dir: filepath.Join(j.Place.Dir, work.InputsDir)}
	for _, in := range j.Action.Inputs {
		if in.source == nil {
			from.Trees = append(from.Trees, in.Tree)
			continue
		}
		from.Sources, from.Parts = append(from.Sources, in.source), append(from.Parts, in.Tree)
	}
	return from
}

// Local executes actions in this process.
type Local struct {
	Cores int // that jobs may take at once; -j
}

// Capacity is the cores that were asked for, and the machine's memory.
func (l Local) Capacity() graph.Need { return graph.Need{CPU: max(1, l.Cores), Memory: totalMemory()} }

// Execute runs the action's kind here. A panic of the kind becomes an error.
func (Local) Execute(ctx context.Context, j *Job) error {
	ctx = step.WithShortPlace(step.WithSink(step.WithCores(ctx, j.Need.CPU), j.Sink), j.Place.Short)
	ctx = step.WithPlace(ctx, j.Place.Dir)
	if j.Limit == 0 {
		return j.run(ctx)
	}
	late := fmt.Errorf("it took longer than its timeout of %s", j.Limit)
	limited, cancel := step.CommandsOf(ctx).WithLimit(ctx, j.Limit, late)
	defer cancel()
	err := j.run(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return context.Cause(limited)
	}
	return err
}

// run calls the action's kind with its parameters, inputs and outputs.
func (j *Job) run(ctx context.Context) (err error) {
	a := j.Action
	params := a.Kind.Params()
	d := json.NewDecoder(bytes.NewReader(a.Params))
	d.DisallowUnknownFields()
	if err := d.Decode(params); err != nil {
		return fmt.Errorf("parameters of %s: %w", a.Kind, err)
	}
	in := step.Inputs{}
	for _, i := range a.Inputs {
		in[i.Port.Name] = append(in[i.Port.Name], step.Input{Labels: i.Labels, FS: i.FS})
	}
	outs := step.Outputs{}
	for _, p := range a.Outputs {
		root, err := os.OpenRoot(j.output(p.Name))
		if err != nil {
			return err
		}
		defer root.Close()
		outs[p.Name] = root
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("kind %s panicked, which is a bug in it: %v\n%s", a.Kind, v, debug.Stack())
		}
	}()
	return a.Kind.Run(ctx, params, in, outs)
}

// totalMemory returns the machine's memory in bytes; where that cannot be found out,
// more than any machine has, so that nothing waits for it.
func totalMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return math.MaxInt64
	}
	var kib int64
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kib); err != nil || kib <= 0 {
		return math.MaxInt64
	}
	return kib << 10
}
