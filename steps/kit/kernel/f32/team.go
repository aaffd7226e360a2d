package f32

import (
	"sync"
	"sync/atomic"
)

// A Team is a few goroutines that share out pieces of work. Which one does a piece
// is left to chance, so a piece must not depend on another, and what they make is
// put together afterwards in the order of the pieces: then the bits are those of one
// worker.
type Team struct {
	workers int
	work    chan *job
	job     job
}

type job struct {
	pieces int
	do     func(piece int)
	next   atomic.Int64
	done   sync.WaitGroup
}

// NewTeam returns a team of some workers, at least one. The caller is one of them;
// Close ends the others.
func NewTeam(workers int) *Team {
	t := &Team{workers: max(1, workers), work: make(chan *job)}
	for range t.workers - 1 {
		go func() {
			for j := range t.work {
				j.run()
				j.done.Done()
			}
		}()
	}
	return t
}

// Workers returns how many pieces Do does at a time at most.
func (t *Team) Workers() int { return t.workers }

// Do calls do(0) to do(pieces-1) and returns when all are done. It allocates nothing
// where do was made before. One Do at a time.
func (t *Team) Do(pieces int, do func(piece int)) {
	j := &t.job
	j.pieces, j.do = pieces, do
	j.next.Store(0)
	helpers := min(t.workers, pieces) - 1
	for range helpers {
		j.done.Add(1)
		t.work <- j
	}
	j.run()
	j.done.Wait()
	j.do = nil
}

func (j *job) run() {
	for {
		i := int(j.next.Add(1)) - 1
		if i >= j.pieces {
			return
		}
		j.do(i)
	}
}

// Close ends the team's goroutines. The team must not be used afterwards.
func (t *Team) Close() { close(t.work) }
