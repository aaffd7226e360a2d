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

// A Job is one execution as an executor gets it. Everything in it can be sent to another
// process, also on another machine that sees the same store: the action's text, the tree of
// each input (its text is in the store) and where its files lie (in the store, or below
// [ActionInput.Root]), and the folder to work in.
type Job struct {
	Action *Action
	Node   string        // for queues and logs; with the shard, if there are several
	Step   string        // the step that the node is of
	Need   graph.Need    // what the pool granted
	Limit  time.Duration // how long it may take; 0 is no limit
	Expect time.Duration // how long it took on average when it last ran; 0 is unknown
	Force  bool          // execute it even if its result is stored
	Place  *work.Scratch // its folder; the outputs belong in out/PORT. Nil for a [Recorder]
	Resume string        // the folder of [step.ResumeDir]; store.OpenResume makes it when the step asks
	Sink   step.Sink     // receives progress, counts, warnings and log lines
}

// An Executor runs jobs, and fills the folder out/PORT of a job's place for each output of
// its kind; see [step.Place] for what else is there. It decides neither whether a job runs
// nor what is stored. Package executortest has the tests that every executor must pass.
type Executor interface {
	// Execute returns when the job is done, or has failed, or ctx has ended. A job that
	// takes longer than its limit fails with an error that says so.
	Execute(ctx context.Context, job *Job) error
	// Capacity returns what all jobs that run at once may take together.
	Capacity() graph.Need
}

// A Recorder is an executor whose jobs store and record their results themselves, where they
// run: then a result does not depend on the life of this process. When Execute returns without
// an error, the result is in the store.
type Recorder interface {
	Executor
	// Records does nothing; it tells such executors from the others.
	Records()
}

// folders lists the folders that must exist in the action's place.
func (a *Action) folders() []string {
	var list []string
	for _, out := range a.Outputs {
		list = append(list, filepath.Join("out", out.Name))
	}
	return list
}

// output returns the folder of an output.
func (j *Job) output(port string) string { return filepath.Join(j.Place.Dir, "out", port) }

// inputs returns what links in an output may point to.
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
	Cores int // how many cores all jobs may take together; -j
}

// Capacity returns l.Cores, and the memory of the machine.
func (l Local) Capacity() graph.Need { return graph.Need{CPU: max(1, l.Cores), Memory: totalMemory()} }

// Execute runs the action's kind in this process. A panic of the kind becomes an error.
func (Local) Execute(ctx context.Context, j *Job) error {
	ctx = step.WithShortPlace(step.WithSink(step.WithCores(ctx, j.Need.CPU), j.Sink), j.Place.Short)
	ctx = step.WithPlace(ctx, j.Place.Dir)
	ctx = step.WithResumeDir(ctx, func() (*os.Root, error) { return store.OpenResume(j.Resume) })
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
		in[i.Port.Name] = append(in[i.Port.Name], i.input())
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

// totalMemory returns the machine's memory in bytes. If that is unknown, it returns more than
// any machine has, so that nothing waits for memory.
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
