package signal

import (
	"context"
	"fmt"
	"io/fs"
	"sync"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// A TensorSource makes the tensors of many episodes, in any order. They are stored
// nowhere: each pass reads the episodes. Workers do not show in the bytes.
type TensorSource struct {
	Store  fs.FS
	Names  []string // <host>/<episode>.tar.zst
	Limits episode.Limits
	Cures  channel.Cures

	Window, Stride, Hz float64 // see [Tensorizer]
	Unknown            bool    // as of [Summarizer]

	Workers int // episodes at once, 1 at least
}

// Each calls visit with the tensors of the episodes that order lists, by their
// index in Names, one after the other in that order. The tensors are good until
// visit returns. The first error in that order, of an episode or of visit, ends
// the pass. Memory holds the tensors of Workers+2 episodes.
func (s *TensorSource) Each(ctx context.Context, order []int, visit func(i int, t *Tensors) error) error {
	for _, i := range order {
		if i < 0 || i >= len(s.Names) {
			return fmt.Errorf("there is no episode %d among %d", i, len(s.Names))
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	p := newPass(s, order)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	for range min(max(1, s.Workers), len(order)) {
		workers.Go(func() { p.work(ctx) })
	}
	return p.visit(ctx, visit)
}

// A pass is one call of Each. Item n of the order goes through slot n modulo
// their number: a worker fills it, visit sees it, and it is free for a later one.
// An item is given out once its slot is free, never before: a worker that is
// held up after it took an item cannot be overtaken by the next item of that slot.
type pass struct {
	source *TensorSource
	order  []int
	ready  chan int // items whose slots are free
	slots  []slot
}

type slot struct {
	done    chan error
	tensors Tensors
}

func newPass(s *TensorSource, order []int) *pass {
	p := &pass{source: s, order: order, slots: make([]slot, max(1, s.Workers)+2)}
	p.ready = make(chan int, len(p.slots)) // a slot has one item under way, so no send waits
	for i := range p.slots {
		p.slots[i].done = make(chan error, 1)
		p.release(i)
	}
	return p
}

// release gives item n to the workers, if there is one.
func (p *pass) release(n int) {
	if n < len(p.order) {
		p.ready <- n
	}
}

// visit shows the tensors in the order of the pass, whatever order the workers make them in.
func (p *pass) visit(ctx context.Context, visit func(i int, t *Tensors) error) error {
	for n, i := range p.order {
		s := &p.slots[n%len(p.slots)]
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-s.done:
			if err != nil {
				return err
			}
		}
		if err := visit(i, &s.tensors); err != nil {
			return err
		}
		p.release(n + len(p.slots))
	}
	return ctx.Err()
}

// work fills slots until the pass ends.
func (p *pass) work(ctx context.Context) {
	w := &tensorWorker{source: p.source}
	defer w.close()
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-p.ready:
			s := &p.slots[n%len(p.slots)]
			err := w.fill(p.order[n], &s.tensors)
			s.done <- err
			if err != nil {
				return
			}
		}
	}
}

// A tensorWorker makes tensors, one episode at a time.
type tensorWorker struct {
	source  *TensorSource
	reader  *episode.Reader
	signals Set
	tensors Tensorizer
}

// fill makes the tensors of an episode.
func (w *tensorWorker) fill(i int, out *Tensors) error {
	s := w.source
	if err := w.open(); err != nil {
		return err
	}
	e, err := w.reader.Read(s.Store, s.Names[i])
	if err != nil {
		return err
	}
	w.signals.Load(e)
	return w.tensors.Tensorize(e, &w.signals, out)
}

func (w *tensorWorker) open() (err error) {
	if w.reader != nil {
		return nil
	}
	s := w.source
	w.signals.Cures = s.Cures
	w.tensors = Tensorizer{Window: s.Window, Stride: s.Stride, Hz: s.Hz, MaxWindows: s.Limits.Windows,
		Unknown: s.Unknown}
	w.reader, err = episode.NewTrustingReader(s.Limits) // features were made of these files
	return err
}

func (w *tensorWorker) close() {
	if w.reader != nil {
		w.reader.Close()
	}
}
