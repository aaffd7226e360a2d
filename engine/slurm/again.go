package slurm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"assay/engine/step"
)

// lose has a job submitted again that the cluster failed, unless that happened too often.
// e.mu is held.
func (e *Executor) lose(j *job, why string) {
	if j.over || slices.Contains(j.set.again, j) {
		return
	}
	if j.lost++; j.lost > e.Profile.Retries || j.waiter == nil {
		e.finish(j, fmt.Errorf("%s; it was tried %d times%s", why, j.lost, e.diskHint()))
		return
	}
	j.tell(step.Message{Warning: fmt.Sprintf("%s; trying again, %d of %d", why, j.lost, e.Profile.Retries)})
	e.drop(j)
	j.set.again = append(j.set.again, j)
}

// drop cancels what the queue still has of a job, in the background. e.mu is held.
func (e *Executor) drop(j *job) {
	if j.row != nil && j.row.State == "PENDING" {
		id := j.row.ID()
		go e.client.Cancel(context.Background(), []string{id})
	}
}

// retry submits again what has to be. Only those jobs are part of the new array.
func (e *Executor) retry(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sets {
		s.again = slices.DeleteFunc(s.again, func(j *job) bool { return j.over || j.cancelled })
		if len(s.again) == 0 || s.sending || e.tokens.take(now) > 0 {
			continue
		}
		s.sending = true
		jobs := s.again
		s.again = nil
		go e.submit(s, jobs, 1)
	}
}
