// Package agent runs jobs on a node of a cluster: it is what Slurm starts there.
//
// [Task.Run] performs the jobs of one task of a try, one after the other, by the same
// [engine.Message.Perform] that runs them anywhere else, and says how each one ended. The outcome
// comes last, when the result is recorded and on the disk. A task that was stopped from outside
// says nothing: then Slurm's queue tells the head why.
package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/slurm/spool"
	"assay/engine/step"
)

// A Task is one task of an array.
type Task struct {
	Store string // the folder of the store
	Set   string // the folder of the set
	Try   int
	Task  int
	Slurm string // what Slurm calls it, "1234_5"; for people
	Kinds []*step.Kind
}

// ErrFailed says that a job of the task failed. Its outcome says why.
var ErrFailed = errors.New("a job failed")

// Run performs the task. An error other than [ErrFailed] means that jobs have no outcome.
func (t *Task) Run(ctx context.Context) error {
	set, err := spool.Open(t.Set)
	if err != nil {
		return err
	}
	try, err := set.ReadTry(t.Try)
	if err != nil {
		return err
	}
	jobs := try.Of(t.Task)
	if len(jobs) == 0 {
		return fmt.Errorf("try %d of set %s has tasks 0 to %d, not %d", t.Try, set.ID, try.Tasks()-1, t.Task)
	}
	runtime.GOMAXPROCS(min(runtime.NumCPU(), max(set.CPU, 1)) + 1) // one to spare for waits, as in a run
	failed := false
	for _, job := range jobs {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		o, err := t.job(ctx, set, job)
		if err != nil {
			return err
		}
		failed = failed || o != nil && o.Class != spool.OK
	}
	if failed {
		return ErrFailed
	}
	return nil
}

// job performs one job and leaves its outcome; nil if there was one already.
func (t *Task) job(ctx context.Context, set *spool.Set, job int) (*spool.Outcome, error) {
	if hasEnded(set, job, t.Try) {
		return nil, nil
	}
	ref := spool.Ref{Job: job, Try: t.Try}
	room, err := set.Reserve(ref)
	if err != nil {
		return nil, fmt.Errorf("cannot take room for the outcome of a job: %w", err)
	}
	speaker, err := set.Speak(ref)
	if err != nil {
		room.Drop()
		return nil, err
	}
	defer speaker.Close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go beat(ctx, set, ref, speaker, stop)
	before := usage()
	host, _ := os.Hostname()
	o := &spool.Outcome{Host: host, SlurmID: t.Slurm, Began: time.Now().UTC()}
	err = t.perform(ctx, set, job, speaker)
	o.Ended, o.CPU, o.RSS = time.Now().UTC(), usage().cpu-before.cpu, usage().rss
	o.Class = classOf(err)
	if err != nil {
		o.Error = step.Plain(err)
	}
	if err != nil && ctx.Err() != nil {
		room.Drop()
		return nil, context.Cause(ctx)
	}
	speaker.Close()
	return o, room.Finish(o)
}

// hasEnded reports whether a job already ended well, or in this very try.
func hasEnded(set *spool.Set, job, try int) bool {
	for k := 1; k <= try; k++ {
		if o, err := set.Outcome(spool.Ref{Job: job, Try: k}); err == nil && (o.Class == spool.OK || k == try) {
			return true
		}
	}
	return false
}

// nodeError is an error that another node may not have.
type nodeError struct{ error }

// Unwrap returns the error.
func (e nodeError) Unwrap() error { return e.error }

// perform performs a job and waits until its result is on the disk.
func (t *Task) perform(ctx context.Context, set *spool.Set, job int, sink step.Sink) (err error) {
	m, err := set.Job(job)
	if err != nil {
		return nodeError{err}
	}
	s, err := store.Open(t.Store, func(text string) { sink.Emit(step.Message{Warning: text}) })
	if err != nil {
		return nodeError{err}
	}
	_, err = m.Perform(ctx, s, t.Kinds, sink)
	return errors.Join(err, s.Close())
}

// classOf says what an error means for the run.
func classOf(err error) spool.Class {
	var node nodeError
	switch {
	case err == nil:
		return spool.OK
	case errors.Is(err, source.ErrChanged):
		return spool.Changed
	case errors.As(err, &node):
		return spool.Infra
	}
	return spool.Failed
}

// errSuperseded stops a job that the head has given up and sent again: when a node is cut off,
// its jobs may go on for long.
var errSuperseded = errors.New("the head has started this job again elsewhere")

// beat says that the job is alive until ctx ends, and stops it if it is no longer wanted.
func beat(ctx context.Context, set *spool.Set, ref spool.Ref, to *spool.Speaker, stop context.CancelCauseFunc) {
	host, _ := os.Hostname()
	to.Beat(spool.Beat{Host: host, RSS: usage().rss})
	tick := time.NewTicker(set.Beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		to.Beat(spool.Beat{Host: host, RSS: usage().rss})
		if isSuperseded(set, ref) {
			stop(errSuperseded)
			return
		}
	}
}

// isSuperseded reports whether a later try has the job too.
func isSuperseded(set *spool.Set, ref spool.Ref) bool {
	for k := ref.Try + 1; ; k++ {
		try, err := set.ReadTry(k)
		if err != nil {
			return false
		}
		if slices.Contains(try.Jobs, ref.Job) {
			return true
		}
	}
}
