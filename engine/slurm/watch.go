package slurm

import (
	"errors"
	"fmt"
	"time"

	"assay/engine/slurm/spool"
	"assay/engine/step"
)

// live returns the sets that have jobs without an end.
func (e *Executor) live() []*set {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []*set
	for _, s := range e.sets {
		out = append(out, s)
	}
	return out
}

// The folder is looked into once in this time. With many jobs that is less often, so that the
// head stays small.
const (
	minPace = 500 * time.Millisecond
	maxPace = 3 * time.Second
)

// pace returns how long to wait before the folders are looked into again.
func (e *Executor) pace() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	jobs := 0
	for _, s := range e.sets {
		jobs += len(s.jobs)
	}
	pace := min(max(minPace, time.Duration(jobs)*time.Millisecond), maxPace)
	return min(pace, time.Duration(e.Profile.Poll))
}

// watch reads what the jobs of all sets said since the last time, and which have ended.
func (e *Executor) watch(now time.Time) {
	touch := now.Sub(e.touched) > claimEvery
	if touch {
		e.touched = now
	}
	for _, s := range e.live() {
		done, err1 := s.done.Refs()
		said, err2 := s.said.Refs()
		e.mu.Lock()
		if touch {
			s.look()
		}
		if err := errors.Join(err1, err2); err != nil {
			e.Store.Warn(fmt.Sprintf("cannot look into the folder of jobs on the cluster: %v", err))
		}
		e.listen(s, said)
		for _, r := range done {
			e.outcome(s, r)
		}
		e.settle(s)
		e.mu.Unlock()
	}
}

// claimEvery is how often the head says that it looks after its sets.
const claimEvery = 30 * time.Second

// look says that the head is alive, or takes over a set whose head is not. e.mu is held.
func (s *set) look() {
	if s.claim != nil {
		s.claim.Touch()
		return
	}
	s.claim, _ = s.Claim()
}

// maxListen is how many jobs of a set are listened to at a time.
const maxListen = 200

// listen passes on what the jobs said. e.mu is held.
func (e *Executor) listen(s *set, begun []spool.Ref) {
	read := 0
	for _, r := range begun {
		if r.Job >= len(s.jobs) {
			continue
		}
		j := s.jobs[r.Job]
		if j.over || r.Try != j.try || j.waiter == nil {
			continue
		}
		if j.hears == nil {
			j.hears = s.Listen(r)
		}
		if read++; read > maxListen && time.Since(j.heard) < listenSlow {
			continue
		}
		j.listen()
	}
}

// listenSlow is how often each of very many jobs is listened to.
const listenSlow = 20 * time.Second

// listen passes on what the job said since the last time.
func (j *job) listen() {
	if j.hears == nil {
		return
	}
	at, err := j.hears.Next(func(l spool.Line) {
		if l.Message != nil {
			j.tell(*l.Message)
		} else if j.row == nil || j.row.State != "RUNNING" {
			j.tell(step.Message{Status: "runs on " + l.Beat.Host})
		}
	})
	if err == nil && at.After(j.heard) {
		j.heard = at
	}
}

// tell passes a message on to the run.
func (j *job) tell(m step.Message) {
	if j.waiter != nil && !j.waiter.gone {
		j.waiter.job.Sink.Emit(m)
	}
}

// warn tells people something once.
func (j *job) warn(text string) {
	if j.warned != text {
		j.warned = text
		j.tell(step.Message{Warning: text})
	}
}

// close lets go of a set that stays.
func (s *set) close() error {
	if s.claim == nil {
		return nil
	}
	return s.claim.Release()
}
