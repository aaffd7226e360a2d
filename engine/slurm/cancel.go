package slurm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"assay/engine/step"
)

// A round cancels all jobs that were abandoned at about the same time.
type round struct{ done chan struct{} }

// Times of a round: how long it gathers, and how long it waits for a submission under way.
const (
	gather      = 30 * time.Millisecond
	sendingWait = 10 * time.Second
)

// abandon gives a job up whose run has ended, and returns when Slurm was told. If the run left
// its jobs on purpose, they go on.
func (e *Executor) abandon(ctx context.Context, w *waiter) {
	e.mu.Lock()
	w.gone = true
	if e.Detach && e.Run.Err() != nil {
		e.mu.Unlock()
		return
	}
	if e.round == nil {
		e.round = &round{make(chan struct{})}
		go e.cancel(ctx, e.round)
	}
	done := e.round.done
	e.mu.Unlock()
	<-done
}

// cancel performs a round. It counts as a command of the run while it goes on, so that the
// process waits for it after Ctrl-C.
func (e *Executor) cancel(ctx context.Context, r *round) {
	defer close(r.done)
	hold, stop := context.WithCancel(context.Background())
	defer stop()
	done, err := step.CommandsOf(ctx).Start(func() (step.Signaler, error) { return &stopper{stop}, nil })
	if err == nil {
		defer done()
	}
	time.Sleep(gather)
	e.mu.Lock()
	e.round = nil
	e.mu.Unlock()
	e.awaitSending(hold)
	for _, s := range e.live() {
		if err := e.cancelSet(hold, s); err != nil {
			e.Store.Warn(fmt.Sprintf("jobs of step %s may go on, since Slurm could not be told to cancel them: %v; the next run "+
				"finds them, and so does: squeue --name=%s", s.Step, err, s.JobName(max(len(s.tries), 1))))
		}
	}
}

// stopper stops a round when the process is in a hurry.
type stopper struct{ stop func() }

// Signal implements [step.Signaler].
func (s *stopper) Signal(sig os.Signal) error {
	if sig == os.Kill {
		s.stop()
	}
	return nil
}

// awaitSending waits until no submission is under way: only then is it known what to cancel.
func (e *Executor) awaitSending(ctx context.Context) {
	for began := time.Now(); time.Since(began) < sendingWait && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		e.mu.Lock()
		sending := e.preparing > 0
		for _, s := range e.sets {
			sending = sending || s.sending
		}
		e.mu.Unlock()
		if !sending {
			return
		}
	}
}

// cancelSet cancels the jobs of a set that nobody waits for any more, and leaves alone those of
// earlier runs that nobody of this run ever waited for.
func (e *Executor) cancelSet(ctx context.Context, s *set) error {
	e.mu.Lock()
	gone, left := e.abandoned(s)
	tries := len(s.tries)
	e.mu.Unlock()
	if len(gone) == 0 {
		return nil
	}
	var err error
	if left == 0 {
		for k := 1; k <= tries; k++ {
			err = errors.Join(err, e.client.CancelNamed(ctx, s.JobName(k)))
		}
	} else {
		err = e.cancelSome(ctx, s, gone)
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range gone {
		j.over = true
	}
	e.settle(s)
	return nil
}

// abandoned returns the jobs of a set that nobody waits for any more, and how many others have
// not ended. e.mu is held.
func (e *Executor) abandoned(s *set) (gone []*job, left int) {
	if s.claim == nil {
		return nil, len(s.jobs)
	}
	for _, j := range s.jobs {
		switch {
		case j.over:
		case j.waiter != nil && j.waiter.gone:
			j.cancelled = true
			gone = append(gone, j)
		default:
			left++
		}
	}
	return gone, left
}

// cancelSome cancels single tasks, if no job of theirs is still wanted.
func (e *Executor) cancelSome(ctx context.Context, s *set, gone []*job) error {
	e.mu.Lock()
	wanted := map[[2]int]bool{}
	for _, j := range s.jobs {
		if !j.over && !j.cancelled {
			wanted[[2]int{j.try, j.task}] = true
		}
	}
	var ids []string
	for _, j := range gone {
		if at := [2]int{j.try, j.task}; j.try > 0 && !wanted[at] && s.tries[j.try-1].SlurmID != "" {
			wanted[at] = true // once
			ids = append(ids, fmt.Sprintf("%s_%d", s.tries[j.try-1].SlurmID, j.task))
		}
	}
	e.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	return e.client.Cancel(ctx, ids)
}
