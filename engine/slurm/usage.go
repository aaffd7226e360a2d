package slurm

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"assay/engine/slurm/spool"
)

// A Usage says what the jobs of a step asked for and what they took.
type Usage struct {
	Step    string
	Jobs    int
	Waited  time.Duration // of all jobs, from submission to start
	Ran     time.Duration // of all jobs
	CPU     time.Duration // processor time of all jobs
	Granted time.Duration // cores times the time they were taken
	Memory  int64         // asked for by each job, in bytes; 0 is not said
	RSS     int64         // the most that one job took
}

// usages are those of a run, by step.
type usages struct {
	mu     sync.Mutex
	byStep map[string]*Usage
}

// add enters a try that has ended.
func (u *usages) add(s *set, r spool.Ref, o *spool.Outcome) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.byStep == nil {
		u.byStep = map[string]*Usage{}
	}
	x := u.byStep[s.Step]
	if x == nil {
		x = &Usage{Step: s.Step}
		u.byStep[s.Step] = x
	}
	took := max(o.Ended.Sub(o.Began), 0)
	x.Jobs++
	if r.Try <= len(s.tries) {
		x.Waited += max(o.Began.Sub(s.tries[r.Try-1].Submitted), 0)
	}
	x.Ran += took
	x.CPU += time.Duration(o.CPU * float64(time.Second))
	x.Granted += took * time.Duration(max(s.CPU, 1))
	x.Memory, x.RSS = max(x.Memory, s.Mem), max(x.RSS, o.RSS)
}

// Usages returns what the jobs took that ended so far, by step.
func (e *Executor) Usages() []Usage {
	e.usages.mu.Lock()
	defer e.usages.mu.Unlock()
	var out []Usage
	for _, x := range e.usages.byStep {
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b Usage) int { return cmp.Compare(a.Step, b.Step) })
	return out
}
