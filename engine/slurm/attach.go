package slurm

import (
	"os"
	"path/filepath"
	"time"

	"assay/engine/slurm/spool"
)

// find enters the sets of earlier heads: those that were killed or left their jobs on purpose,
// and those of other machines that are at work. Sets that it has entered stay as they are.
// e.mu is held, or nobody else is there yet.
func (e *Executor) find() {
	for _, found := range spool.List(spool.Root(e.Store)) {
		if e.sets[found.ID] != nil || e.mine[found.ID] {
			continue
		}
		s, err := open(found)
		if err != nil {
			e.Store.Warn("jobs of an earlier run cannot be found again: " + err.Error())
			continue
		}
		e.sets[s.ID] = s
		e.index(s)
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

// attach connects a job to one that another head submitted, and reports whether there is one
// that has not ended. A job that failed there is submitted again, since the person who runs
// the recipe wants it tried. e.mu is held.
func (e *Executor) attach(w *waiter) bool {
	if w.job.Force {
		return false
	}
	j := e.known[w.job.Action.Key()]
	if j == nil || j.over || j.waiter != nil || j.cancelled || e.sets[j.set.ID] == nil {
		return false
	}
	j.waiter = w
	return true
}

// index enters the jobs of a found set by their keys. Those that have ended, and those that
// were never submitted since their head died, cannot be waited for.
func (e *Executor) index(s *set) {
	keys, err := s.Keys()
	if err != nil {
		e.Store.Warn("jobs of an earlier run cannot be found again: " + err.Error())
		return
	}
	done, _ := s.done.Refs()
	for _, r := range done {
		if r.Job < len(s.jobs) && r.Try == s.jobs[r.Job].try {
			s.jobs[r.Job].over = true
		}
	}
	for i, key := range keys {
		if s.jobs[i].try == 0 {
			s.jobs[i].over = true
		}
		e.known[key] = s.jobs[i]
	}
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
