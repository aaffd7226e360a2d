// Package slurm runs jobs on a Slurm cluster.
//
// [New] makes an [Executor]. Jobs that come close together and are of one step are a set: they
// lie in a folder of the shared store (package spool) and are submitted as one array (package
// queue). On the node, package agent performs them and records the results in the store. The
// head looks into the folder for what they say and how they end. It asks squeue, seldom, only
// whether they are still alive (package verdict). Package profile is what a site says.
//
// Read the files in this order: slurm.go, loop.go, batch.go (what is submitted together), submit.go
// and array.go, watch.go (what the folder says), finish.go, judge.go (what the queue says), again.go
// (jobs that the cluster lost), attach.go (jobs of a head that died), cancel.go, usage.go.
package slurm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/slurm/profile"
	"assay/engine/slurm/queue"
	"assay/engine/step"
)

// A Config is what an executor needs to know.
type Config struct {
	Store   *store.Store // on a file system that the nodes share
	Kinds   []*step.Kind // for jobs that run in the head
	Profile *profile.Profile
	Cores   int             // that jobs in the head may take together
	Args    []string        // of the binary, before the flags of a task; nil is exec-step
	Detach  bool            // jobs go on when Run ends, as after Ctrl-C
	Run     context.Context // the run's
}

// An Executor runs jobs on a Slurm cluster. It implements [engine.Recorder].
type Executor struct {
	Config
	client  queue.Client
	started sync.Once
	wake    chan struct{} // there is something to do
	closing chan struct{}
	done    chan struct{} // closed when the loop has ended; nil before it starts
	head    chan struct{} // has an element for each core that jobs in the head take

	binary binary
	usages usages

	mu        sync.Mutex
	batches   map[string]*batch
	sets      map[string]*set           // by ID
	mine      map[string]bool           // the IDs of sets that this executor made
	known     map[artifacts.Digest]*job // of earlier heads, by key
	tokens    bucket                    // of submissions
	polled    time.Time                 // when squeue was asked last
	polling   bool
	down      int // how often Slurm did not answer, in a row
	round     *round
	touched   time.Time
	preparing int // sets that are being written
}

// New returns an executor. Close it at the end of the run.
func New(c Config) *Executor {
	if c.Args == nil {
		c.Args = []string{"exec-step"}
	}
	if c.Run == nil {
		c.Run = context.Background()
	}
	e := &Executor{Config: c, client: queue.Client{Dir: c.Profile.Commands}, wake: make(chan struct{}, 1),
		closing: make(chan struct{}), head: make(chan struct{}, max(1, c.Cores)), batches: map[string]*batch{},
		sets: map[string]*set{}, mine: map[string]bool{}}
	e.tokens = newBucket(c.Profile.Submissions)
	return e
}

// GCPercent is a setting of Go's garbage collector that suits the head of a run with thousands of
// jobs: it mostly waits, so it has time to keep its memory small.
const GCPercent = 30

// Records implements [engine.Recorder].
func (e *Executor) Records() {}

// Capacity returns far more than any cluster has: what waits, waits in Slurm's queue. Slots
// are those of the profile.
func (e *Executor) Capacity() graph.Need {
	n := graph.Need{CPU: 1 << 20, Memory: 1 << 60, Slots: map[string]int{}}
	for _, g := range e.Profile.Gres {
		n.Slots[g.Slot] = g.Have
	}
	return n
}

// A waiter is a call of Execute.
type waiter struct {
	job  *engine.Job
	end  chan error // has room for one
	gone bool       // the call has returned
}

// Execute implements [engine.Executor].
func (e *Executor) Execute(ctx context.Context, j *engine.Job) error {
	if e.Profile.InHead(j.Step) {
		return e.inHead(ctx, j)
	}
	e.started.Do(e.start)
	w := &waiter{job: j, end: make(chan error, 1)}
	e.enqueue(w)
	select {
	case err := <-w.end:
		if errors.Is(err, errTiny) {
			return e.inHead(ctx, j)
		}
		if err != nil {
			return err
		}
		return e.visible(ctx, j)
	case <-ctx.Done():
		e.abandon(ctx, w)
		return ctx.Err()
	}
}

// errTiny says that a job is not worth a place in the queue.
var errTiny = errors.New("tiny")

// inHead performs a job in this process, as a node would.
func (e *Executor) inHead(ctx context.Context, j *engine.Job) error {
	select {
	case e.head <- struct{}{}:
		defer func() { <-e.head }()
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err := j.Message().Perform(ctx, e.Store, e.Kinds, j.Sink)
	return err
}

// visible waits until the record of a job that ended well can be seen here: a network file
// system may take its time to show it.
func (e *Executor) visible(ctx context.Context, j *engine.Job) error {
	wait := 20 * time.Millisecond
	for began := time.Now(); ; wait = min(2*wait, 5*time.Second) {
		_, err := e.Store.Record(j.Action.Key())
		if err == nil {
			return nil
		}
		if time.Since(began) > max(time.Duration(e.Profile.Grace), time.Second) {
			return fmt.Errorf("the job ended well, but its record does not show in the store %s: is it on a file system that "+
				"all nodes share? %w", e.Store.Dir(), err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close ends the watch. What this run submitted and did not cancel goes on.
func (e *Executor) Close() error {
	e.started.Do(func() {}) // nothing starts any more
	if e.done == nil {
		return nil
	}
	close(e.closing)
	<-e.done
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sets { // the last jobs may have ended since the loop looked
		e.settle(s)
	}
	var errs []error
	for _, s := range e.sets {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

// Left returns how many jobs of this run go on without it.
func (e *Executor) Left() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, s := range e.sets {
		for _, j := range s.jobs {
			if !j.over && j.waiter != nil {
				n++
			}
		}
	}
	return n
}
