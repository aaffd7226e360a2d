package slurm

import (
	"os"
	"path/filepath"
	"time"

	"assay/artifacts"
	"assay/engine/slurm/spool"
)

// find enters the sets of earlier heads: those that were killed or left their jobs on purpose,
// and those of other machines that are at work.
func (e *Executor) find() {
	e.known = map[artifacts.Digest]*job{}
	root := spool.Root(e.Store)
	dropHalf(root)
	for _, found := range spool.List(root) {
		s, err := open(found)
		if err != nil {
			e.Store.Warn("jobs of an earlier run cannot be found again: " + err.Error())
			continue
		}
		e.sets[s.ID] = s
	}
}

// open reads what is known of a set of another head.
func open(found *spool.Set) (*set, error) {
	s := &set{Set: found, done: found.Done(), said: found.Said()}
	var err error
	if s.tries, err = found.Tries(); err != nil {
		return nil, err
	}
	s.claim, _ = found.Claim()
	s.jobs = make([]*job, found.Count)
	for i := range s.jobs {
		s.jobs[i] = &job{set: s, index: i, heard: time.Now()}
	}
	for k, t := range s.tries {
		for pos, i := range t.Jobs {
			s.jobs[i].try, s.jobs[i].task = k+1, pos/t.Group
			if t.SlurmID == "" {
				s.jobs[i].missing = unsure
			}
		}
	}
	return s, nil
}

// attach connects a job to one that an earlier head submitted, and reports whether there is
// one that has not ended. A job that failed there is submitted anew: the person who runs the
// recipe again wants it tried.
func (e *Executor) attach(w *waiter) bool {
	if w.job.Force {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.known) == 0 && !e.index() {
		return false
	}
	j := e.known[w.job.Action.Key()]
	if j == nil || j.over || j.waiter != nil || j.cancelled || e.sets[j.set.ID] == nil {
		return false
	}
	j.waiter = w
	return true
}

// index enters the jobs of found sets by their keys, when the first job asks. It reports whether
// there are any. e.mu is held.
func (e *Executor) index() bool {
	for _, s := range e.sets {
		if len(s.jobs) == 0 || s.jobs[0].waiter != nil || s.indexed {
			continue
		}
		s.indexed = true
		keys, err := s.Keys()
		if err != nil {
			e.Store.Warn("jobs of an earlier run cannot be found again: " + err.Error())
			continue
		}
		done, _ := s.done.Refs()
		for _, r := range done {
			if r.Job < len(s.jobs) && r.Try == s.jobs[r.Job].try {
				s.jobs[r.Job].over = true
			}
		}
		for i, key := range keys {
			if s.jobs[i].try == 0 { // its head died before it was submitted
				s.jobs[i].over = true
			}
			e.known[key] = s.jobs[i]
		}
	}
	return len(e.known) > 0
}

// dropHalf removes sets that were never finished and those that were not removed whole.
func dropHalf(root string) {
	entries, _ := os.ReadDir(root)
	for _, d := range entries {
		dir := filepath.Join(root, d.Name())
		st, err := os.Stat(dir)
		if err != nil || !st.IsDir() || !spool.IsSetName(d.Name()) || time.Since(st.ModTime()) < halfAge {
			continue
		}
		if _, err := os.Lstat(filepath.Join(dir, "open")); os.IsNotExist(err) {
			os.RemoveAll(dir)
		}
	}
}

// halfAge is how old such a folder must be: a job that was given up may still write there.
const halfAge = 24 * time.Hour
