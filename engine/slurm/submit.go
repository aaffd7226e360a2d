package slurm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"assay/engine"
	"assay/engine/slurm/queue"
	"assay/engine/slurm/spool"
	"assay/engine/step"
)

// A set is a set of jobs as the head sees it.
type set struct {
	*spool.Set
	claim   *spool.Claim // nil while another head looks after the set
	jobs    []*job
	tries   []*spool.Try // the first is try 1
	sending bool         // a submission is under way
	again   []*job       // those to submit again
	failed  time.Time    // when a submission failed
	backoff time.Duration
	done    *spool.Folder
	said    *spool.Folder
}

// A job is one job of a set.
type job struct {
	set    *set
	index  int
	waiter *waiter // nil if nobody waits for it
	try    int     // the newest that it is part of; 0 before it is submitted
	task   int     // of the array of that try
	lost   int     // how often the cluster failed it

	over      bool
	cancelled bool
	row       *queue.Row      // what squeue said last
	hears     *spool.Listener // nil until it has begun
	heard     time.Time       // when it last gave a sign of life
	ended     time.Time       // when the queue first said that it is over
	missing   int             // how often the queue did not know it, in a row
	warned    string          // the newest thing that people were told
}

// send makes a set of jobs and submits it, in the background. e.mu is held.
func (e *Executor) send(list []*waiter) {
	s := &set{Set: &spool.Set{ID: spool.NewID()}, sending: true}
	e.mine[s.ID] = true
	e.preparing++
	go func() {
		err := e.prepare(s, list)
		e.mu.Lock()
		e.preparing--
		if err != nil {
			s.sending = false
			e.mu.Unlock()
			for _, w := range list {
				w.end <- fmt.Errorf("cannot prepare the job for the cluster: %w", err)
			}
			return
		}
		e.sets[s.ID] = s
		e.mu.Unlock()
		e.submit(s, s.jobs, e.group(list))
	}()
}

// prepare writes the folder of a set.
func (e *Executor) prepare(s *set, list []*waiter) error {
	first := list[0].job
	site := e.Profile.For(first.Step)
	made := spool.Set{ID: s.ID, Step: first.Step, CPU: first.Need.CPU, Mem: first.Need.Memory,
		Time: time.Duration(site.Time),
		Beat: time.Duration(e.Profile.Beat), Flags: e.Profile.Args(site, first.Need.Slots)}
	if made.Mem == 0 {
		made.Mem = int64(site.Memory)
	}
	if first.Limit > 0 {
		made.Time = first.Limit + staging
	}
	jobs := make([]*engine.Message, len(list))
	for i, w := range list {
		jobs[i] = w.job.Message()
	}
	root := spool.Root(e.Store)
	if err := os.MkdirAll(root, 0o777); err != nil {
		return err
	}
	var err error
	if s.Set, err = spool.New(root, made, jobs); err != nil {
		return err
	}
	s.done, s.said = s.Done(), s.Said()
	s.claim, _ = s.Claim()
	for i, w := range list {
		s.jobs = append(s.jobs, &job{set: s, index: i, waiter: w, heard: time.Now()})
	}
	return nil
}

// staging is what Slurm's limit has beyond the step's timeout, for a job to read and record.
const staging = 2 * time.Minute

// submit submits jobs of a set as its next try. The try is written before Slurm is asked.
func (e *Executor) submit(s *set, jobs []*job, group int) {
	k := len(s.tries) + 1
	t := &spool.Try{Group: group, Memory: s.Mem, Submitted: time.Now().UTC()}
	for _, j := range jobs {
		t.Jobs = append(t.Jobs, j.index)
	}
	err := s.PutTry(k, t)
	var sb *queue.Job
	if err == nil {
		sb, err = e.array(s, k, t)
	}
	if err == nil {
		t.SlurmID, err = e.client.Submit(context.Background(), sb)
	}
	if err == nil {
		err = s.PutTry(k, t)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s.sending = false
	s.tries = append(s.tries, t)
	for pos, j := range jobs {
		j.try, j.task, j.hears, j.row, j.missing, j.ended, j.heard = k, pos/group, nil, nil, 0, time.Time{}, time.Now()
	}
	e.submitted(s, jobs, err)
	e.nudge()
}

// submitted enters what became of a submission. If Slurm refused, the jobs fail. If nobody
// knows, they are looked for in the queue, and submitted again if they are not there. e.mu is held.
func (e *Executor) submitted(s *set, jobs []*job, err error) {
	var refused *queue.Refused
	switch {
	case err == nil:
		s.backoff = 0
		for _, j := range jobs {
			j.tell(step.Message{Status: "queued on Slurm as " + s.tries[j.try-1].SlurmID})
		}
	case errors.As(err, &refused):
		for _, j := range jobs {
			e.finish(j, fmt.Errorf("the job was refused by Slurm: %w%s", err, e.remedy(s)))
		}
	default:
		s.failed, s.backoff = time.Now(), min(max(2*s.backoff, 5*time.Second), 5*time.Minute)
		for _, j := range jobs {
			j.missing = unsure
			j.warn(fmt.Sprintf("Slurm does not say whether it took the job; looking for it again in %s: %v", s.backoff, err))
		}
	}
}

// unsure is what job.missing is if nobody knows whether the job was submitted: the first answer
// of the queue tells.
const unsure = 1 << 20
