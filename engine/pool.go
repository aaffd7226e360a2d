package engine

import (
	"container/heap"
	"context"
	"sync"

	"assay/engine/graph"
)

// A pool grants executions what they need of the machine. It serves those that wait by
// priority, and skips one that does not fit, so that smaller ones use what is free. A large
// one gets its turn too, since a graph is finite.
type pool struct {
	mu      sync.Mutex
	free    graph.Need
	waiting requests
	serial  int // of the newest request
}

// newPool returns a pool with the given resources.
func newPool(all graph.Need) *pool { return &pool{free: all} }

// A request is an execution that waits. Among equal priorities the oldest is first.
type request struct {
	need     graph.Need
	priority float64
	serial   int
	granted  chan struct{} // closed when it is granted
	index    int           // in the heap
}

// take waits until the need is granted, or the context ends. Call give to return what was
// granted.
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
	case <-r.granted: // at the same moment: return it
		p.add(need, 1)
		p.serve()
	default:
		heap.Remove(&p.waiting, r.index)
	}
	return ctx.Err()
}

// give returns what take granted.
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

// requests is a heap with the highest priority first. Its methods implement heap.Interface.
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
