package slurm

import (
	"time"

	"assay/artifacts"
	"assay/engine/slurm/spool"
)

// start finds what earlier heads left, and starts the loop.
func (e *Executor) start() {
	e.known = map[artifacts.Digest]*job{}
	dropHalf(spool.Root(e.Store))
	e.find()
	e.done = make(chan struct{})
	go e.loop()
}

// nudge makes the loop look what there is to do.
func (e *Executor) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// loop does what is due until the executor is closed.
func (e *Executor) loop() {
	defer close(e.done)
	for {
		wait := e.step(time.Now())
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-e.wake:
			t.Stop()
		case <-e.closing:
			t.Stop()
			return
		}
	}
}

// step does what is due, and returns how long there is nothing to do.
func (e *Executor) step(now time.Time) time.Duration {
	wait := e.flush(now)
	if len(e.live()) == 0 {
		return min(wait, time.Hour)
	}
	e.watch(now)
	e.poll(now)
	e.retry(now)
	return min(wait, e.pace())
}
