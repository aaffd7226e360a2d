package slurm

import (
	"errors"
	"fmt"

	"assay/artifacts/source"
	"assay/engine/slurm/spool"
)

// outcome enters how a try ended. A good end counts whoever brought it: a job that was given up
// may have gone on. A bad one counts if it is of the newest try. e.mu is held.
func (e *Executor) outcome(s *set, r spool.Ref) {
	if r.Job >= len(s.jobs) || s.jobs[r.Job].over || r.Try > s.jobs[r.Job].try {
		return
	}
	j := s.jobs[r.Job]
	o, err := s.Outcome(r)
	if err != nil || o.Class != spool.OK && r.Try != j.try {
		return
	}
	if j.hears == nil && j.waiter != nil {
		j.hears = s.Listen(r)
	}
	j.listen()
	e.usages.add(s, r, o)
	switch o.Class {
	case spool.OK:
		e.finish(j, nil)
	case spool.Infra:
		e.lose(j, fmt.Sprintf("the node %s could not run it: %s", o.Host, o.Error))
	case spool.Changed:
		e.finish(j, fmt.Errorf("on %s: %s: %w", o.Host, o.Error, source.ErrChanged))
	default:
		e.finish(j, errors.New(o.Error))
	}
}

// finish ends a job, for whoever waits for it. e.mu is held.
func (e *Executor) finish(j *job, err error) {
	if j.over {
		return
	}
	j.over = true
	if j.waiter != nil {
		j.waiter.end <- err
	}
}

// settle removes a set all of whose jobs have ended. e.mu is held.
func (e *Executor) settle(s *set) {
	if s.sending || s.claim == nil {
		return
	}
	for _, j := range s.jobs {
		if !j.over {
			return
		}
	}
	delete(e.sets, s.ID)
	for key, j := range e.known {
		if j.set == s {
			delete(e.known, key)
		}
	}
	if err := s.Remove(); err != nil {
		e.Store.Warn(fmt.Sprintf("cannot remove the folder of jobs that have ended: %v", err))
	}
	s.claim.Release()
}
