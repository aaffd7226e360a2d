package slurm

import (
	"fmt"
	"math"
	"slices"
	"time"

	"assay/engine"
)

// A batch are jobs of one step that ask for the same, and wait to be submitted together.
type batch struct {
	waiters     []*waiter
	first, last time.Time // when jobs came
}

// A batch is submitted when no job came for quiet, or the first one waited for patience. It
// never waits to be full: other steps may wait for its jobs.
const (
	quiet    = 300 * time.Millisecond
	patience = 2 * time.Second
)

// class names what jobs of one array must share.
func (e *Executor) class(j *engine.Job) string {
	return fmt.Sprintf("%q %d %d %v %d", j.Step, j.Need.CPU, j.Need.Memory, j.Need.Slots, j.Limit)
}

// enqueue adds a job to its batch, unless another head has submitted it.
func (e *Executor) enqueue(w *waiter) {
	now := time.Now()
	e.mu.Lock()
	defer e.nudge()
	defer e.mu.Unlock()
	if e.attach(w) {
		return
	}
	name := e.class(w.job)
	b := e.batches[name]
	if b == nil {
		b = &batch{first: now}
		e.batches[name] = b
	}
	b.waiters, b.last = append(b.waiters, w), now
}

// flush submits the batches that are due, as far as the limit on submissions allows. It
// returns how long nothing will be due.
func (e *Executor) flush(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	wait := time.Hour
	for name, b := range e.batches {
		b.waiters = slices.DeleteFunc(b.waiters, func(w *waiter) bool { return w.gone })
		if len(b.waiters) == 0 {
			delete(e.batches, name)
			continue
		}
		if left := min(b.last.Add(quiet).Sub(now), b.first.Add(patience).Sub(now)); left > 0 {
			wait = min(wait, left)
			continue
		}
		if e.isTiny(b) {
			delete(e.batches, name)
			for _, w := range b.waiters {
				w.end <- errTiny
			}
			continue
		}
		e.find() // another machine may have been quicker
		b.waiters = slices.DeleteFunc(b.waiters, e.attach)
		if len(b.waiters) == 0 {
			delete(e.batches, name)
			continue
		}
		if left := e.tokens.take(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		part := b.waiters
		if most := e.Profile.Array * e.group(b.waiters); len(part) > most {
			part = part[:most:most]
		}
		if b.waiters = b.waiters[len(part):]; len(b.waiters) == 0 {
			delete(e.batches, name)
		}
		wait = 0
		e.send(part)
	}
	return wait
}

// isTiny reports whether all jobs of a batch together take so little time that the queue would
// take longer.
func (e *Executor) isTiny(b *batch) bool {
	var sum time.Duration
	for _, w := range b.waiters {
		if w.job.Expect == 0 || len(w.job.Need.Slots) > 0 {
			return false
		}
		sum += w.job.Expect
	}
	return sum <= time.Duration(e.Profile.Tiny)
}

// group returns how many jobs share a task: what the profile says of the step, or as many as
// its time holds.
func (e *Executor) group(list []*waiter) int {
	expect, together := list[0].job.Expect, e.Profile.For(list[0].job.Step).Together
	if together > 0 {
		return min(together, len(list), maxGroup)
	}
	if expect <= 0 || expect >= time.Duration(e.Profile.Group) {
		return 1
	}
	return min(int(time.Duration(e.Profile.Group)/expect), len(list), maxGroup)
}

// maxGroup bounds what the loss of one task costs.
const maxGroup = 100

// A bucket allows a number of events in any minute: half of them at once, and half that come
// back over the minute.
type bucket struct {
	size, left float64
	at         time.Time
}

func newBucket(perMinute int) bucket {
	half := max(float64(perMinute)/2, 1)
	return bucket{size: half, left: half}
}

// take takes one event. If there is none, it returns how long to wait for one.
func (b *bucket) take(now time.Time) time.Duration {
	perSecond := b.size / time.Minute.Seconds()
	if !b.at.IsZero() {
		b.left = math.Min(b.size, b.left+float64(now.Sub(b.at).Seconds()*perSecond))
	}
	b.at = now
	if b.left >= 1 {
		b.left--
		return 0
	}
	return max(time.Duration(float64((1-b.left)/perSecond)*float64(time.Second)), time.Millisecond)
}
