package slurm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/engine/slurm/queue"
	"assay/engine/slurm/verdict"
	"assay/engine/step"
)

// poll asks the queue for all jobs at once, if it is time and no answer is on its way.
func (e *Executor) poll(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	wait := time.Duration(e.Profile.Poll)
	for range min(e.down, 5) {
		wait = min(2*wait, max(5*time.Minute, wait))
	}
	if e.polling || now.Sub(e.polled) < wait {
		return
	}
	var names []string
	for _, s := range e.sets {
		for k := range s.tries {
			names = append(names, s.JobName(k+1))
		}
	}
	if len(names) == 0 {
		return
	}
	e.polling, e.polled = true, now
	go func() {
		rows, err := e.client.List(context.Background(), names)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.polling = false
		if err != nil {
			e.noAnswer(err)
			return
		}
		e.down = 0
		e.answer(now, rows)
		e.nudge()
	}()
}

// noAnswer says that nobody knows how the jobs are. That means nothing for them. e.mu is held.
func (e *Executor) noAnswer(err error) {
	if e.down++; e.down == 2 {
		e.Store.Warn(fmt.Sprintf("Slurm does not answer (%v); jobs that run go on, and so does this run", err))
	}
}

// place names a task in the queue.
type place struct {
	name string
	task int
}

// answer judges the jobs of all sets by what the queue said when it was asked. e.mu is held.
func (e *Executor) answer(asked time.Time, rows []queue.Row) {
	byPlace := make(map[place]*queue.Row, len(rows))
	for i := range rows {
		byPlace[place{rows[i].Name, rows[i].Task}] = &rows[i]
	}
	for _, s := range e.sets {
		if s.sending {
			continue
		}
		names := make([]string, len(s.tries))
		for k := range names {
			names[k] = s.JobName(k + 1)
		}
		for _, j := range s.jobs {
			unknown := j.try == 0 || s.tries[j.try-1].Submitted.After(asked) // when the queue was asked
			if j.over || j.cancelled || unknown || slices.Contains(s.again, j) {
				continue
			}
			j.row = byPlace[place{names[j.try-1], j.task}]
			if s.claim != nil {
				e.judge(j)
			} else if j.row != nil {
				j.say(verdict.Of(j.row.State, j.row.Reason, j.row.Host))
			}
		}
	}
}

// beats reports whether the job has lately said that it is alive: Slurm may have given it up
// while it goes on.
func (j *job) beats() bool { return j.hears != nil && time.Since(j.heard) < 3*j.set.Beat+time.Second }

// judge decides what becomes of a job that has no outcome. e.mu is held.
func (e *Executor) judge(j *job) {
	if j.row == nil {
		e.vanished(j)
		return
	}
	j.missing = 0
	v := verdict.Of(j.row.State, j.row.Reason, j.row.Host)
	if v.Class == verdict.Cancelled && j.row.Host != "" && j.hears == nil {
		v = verdict.NotStarted(j.row.Host)
	}
	j.say(v)
	if !v.Final() {
		j.ended = time.Time{}
		return
	}
	if j.ended.IsZero() {
		j.ended = time.Now()
	}
	beats := v.Class == verdict.Infra && j.beats()
	if v.Class != verdict.Impossible && (beats || time.Since(j.ended) < time.Duration(e.Profile.Grace)) {
		return // the outcome may be on its way, or a job that Slurm gave up goes on
	}
	output := j.set.Output(j.task, j.try)
	v = verdict.OfOutput(v, output)
	switch v.Class {
	case verdict.Infra:
		e.lose(j, v.Text+said(output))
	case verdict.Memory:
		e.finish(j, fmt.Errorf("%s, %s; raise memory: below resources: of step %s, or let it grow with memory_growth: 2 and "+
			"retries: 2%s", v.Text, e.memoryOf(j), j.set.Step, said(output)))
	case verdict.Time:
		limit := "the cluster's default"
		if j.set.Time > 0 {
			limit = j.set.Time.String()
		}
		e.finish(j, fmt.Errorf("%s, %s; raise timeout: of step %s, or time: in the profile", v.Text, limit, j.set.Step))
	case verdict.Impossible:
		e.finish(j, errors.New(v.Text+e.remedy(j.set)))
		e.drop(j)
	default:
		e.finish(j, errors.New(v.Text))
	}
}

// memoryOf says how much memory a job asked for.
func (e *Executor) memoryOf(j *job) string {
	if j.set.Mem == 0 {
		return "which is the default of the cluster"
	}
	return fmt.Sprintf("%d MiB", j.set.Mem>>20)
}

// say tells people where a job stands, if it has said nothing itself.
func (j *job) say(v verdict.Verdict) {
	switch v.Class {
	case verdict.Held:
		j.warn(v.Text + " " + j.row.ID())
	case verdict.Waiting, verdict.Running:
		if j.warned != v.Text {
			j.warned = v.Text
			j.tell(step.Message{Status: v.Text})
		}
	}
}

// vanished judges a job that the queue does not know: it may have ended long ago, or have never
// been submitted. e.mu is held.
func (e *Executor) vanished(j *job) {
	if j.missing == unsure { // Slurm did not say whether it took it
		switch {
		case j.waiter == nil:
			e.finish(j, nil)
		case e.polled.After(j.set.failed) && time.Since(j.set.failed) >= j.set.backoff:
			j.missing = 0
			j.set.again = append(j.set.again, j)
		}
		return
	}
	if j.missing++; j.missing < 2 || j.beats() || time.Since(j.heard) < time.Duration(e.Profile.Grace) {
		return
	}
	output := j.set.Output(j.task, j.try)
	v := verdict.OfOutput(verdict.Verdict{Class: verdict.Infra, Text: "it is gone from Slurm's queue and left no result"}, output)
	if v.Class == verdict.Memory {
		e.finish(j, fmt.Errorf("%s, %s%s", v.Text, e.memoryOf(j), said(output)))
		return
	}
	e.lose(j, v.Text+said(output))
}

// said returns the last lines of what a job printed, in brackets.
func said(output string) string {
	lines := strings.Split(output, "\n")
	lines = lines[max(0, len(lines)-3):]
	if text := strings.TrimSpace(strings.Join(lines, "; ")); text != "" {
		return " (it printed: " + text + ")"
	}
	return ""
}
