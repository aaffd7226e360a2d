package engine

import (
	"container/heap"
	"context"
	"sync"

	"assay/engine/graph"
)

// A pool hands out what executions need of the machine. Those that wait are
// served by priority; one that does not fit is passed by, so that small ones
// fill the gaps. A graph is finite, so a large one has its turn.
type pool struct {
	mu      sync.Mutex
	free    graph.Need
	waiting requests
	serial  int
}

// newPool returns a pool that has all of the given resources.
func newPool(all graph.Need) *pool { return &pool{free: all} }

// A request is an execution that waits. Of equal priorities the older is first.
type request struct {
	need     graph.Need
	priority float64
	serial   int
	granted  chan struct{}
	index    int
}

// take waits until the need is granted, or the context ends. What is granted is
// given back by give.
func (p *pool) take(ctx context.Context, need graph.Need, priority float64) error {
	p.mu.Lock()
	p.serial++
	r := &request{need: need, priority: priority, serial: p.serial, granted: make(chan struct{})}
	heap.Push(&p.waiting, r)
	p.serve()
	p.mu.Unlock()
	select {
	case <-r.granted:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-r.granted: // in the same instant: hand it on
		p.add(need, 1)
		p.serve()
	default:
		heap.Remove(&p.waiting, r.index)
	}
	return ctx.Err()
}

// give returns what was taken.
func (p *pool) give(need graph.Need) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(need, 1)
	p.serve()
}

// serve grants what fits, in the order of priority.
func (p *pool) serve() {
	var passed []*request
	for len(p.waiting) > 0 && p.free.CPU > 0 {
		r := heap.Pop(&p.waiting).(*request)
		if !p.fits(r.need) {
			passed = append(passed, r)
			continue
		}
		p.add(r.need, -1)
		close(r.granted)
	}
	for _, r := range passed {
		heap.Push(&p.waiting, r)
	}
}

func (p *pool) fits(n graph.Need) bool {
	for name, want := range n.Slots {
		if want > p.free.Slots[name] {
			return false
		}
	}
	return n.CPU <= p.free.CPU && n.Memory <= p.free.Memory
}

func (p *pool) add(n graph.Need, sign int) {
	p.free.CPU += sign * n.CPU
	p.free.Memory += int64(sign) * n.Memory
	for name, c := range n.Slots {
		p.free.Slots[name] += sign * c
	}
}

// requests is a heap: the highest priority first.
type requests []*request

func (q requests) Len() int { return len(q) }
func (q requests) Less(i, j int) bool {
	if q[i].priority != q[j].priority {
		return q[i].priority > q[j].priority
	}
	return q[i].serial < q[j].serial
}
func (q requests) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push implements heap.Interface.
func (q *requests) Push(x any) {
	r := x.(*request)
	r.index = len(*q)
	*q = append(*q, r)
}

// Pop implements heap.Interface.
func (q *requests) Pop() any {
	old := *q
	r := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return r
}
