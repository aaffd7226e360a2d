package care

import (
	"cmp"
	"container/heap"
)

// evict chooses, among the results that only their last use keeps, those to remove so
// that blobs and records take at most limit bytes. It always removes the result that
// frees the most bytes per second of computing it again. A result frees what no other
// kept result needs, so its price falls as results that share with it are removed.
func (c *census) evict(fixed *kept, recent []*held, limit int64) []*held {
	e := &eviction{c: c, users: make([][]*candidate, len(c.blobs))}
	size := e.start(fixed, recent)
	var out []*held
	for size > limit && len(e.queue) > 0 {
		worst := heap.Pop(e).(*candidate)
		worst.gone = true
		size -= worst.own
		out = append(out, worst.held)
		for _, id := range worst.held.blobs {
			if last := e.lastUser(id); last != nil && !fixed.blobs[id] {
				last.own += c.blobs[id].size
				heap.Fix(e, last.at)
			}
		}
	}
	return out
}

// eviction is a heap of results, the cheapest on top.
type eviction struct {
	c     *census
	queue []*candidate
	users [][]*candidate // of each blob
}

type candidate struct {
	held *held
	own  int64 // bytes that only it needs
	at   int   // in the queue
	gone bool
}

// start fills the queue and returns the size of everything that is kept.
func (e *eviction) start(fixed *kept, recent []*held) int64 {
	var size int64
	for h := range fixed.results {
		size += h.size
	}
	for _, h := range recent {
		cand := &candidate{held: h, own: h.size, at: len(e.queue)}
		e.queue = append(e.queue, cand)
		size += h.size
		for _, id := range h.blobs {
			e.users[id] = append(e.users[id], cand)
		}
	}
	for id, users := range e.users {
		if fixed.blobs[id] || len(users) > 0 {
			size += e.c.blobs[id].size
		}
		if len(users) == 1 && !fixed.blobs[id] {
			users[0].own += e.c.blobs[id].size
		}
	}
	heap.Init(e)
	return size
}

// lastUser returns the only candidate that still needs a blob after another one was
// removed; nil if there are more, or none.
func (e *eviction) lastUser(id int) *candidate {
	var last *candidate
	left := e.users[id][:0]
	for _, u := range e.users[id] {
		if !u.gone {
			left, last = append(left, u), u
		}
	}
	e.users[id] = left
	if len(left) != 1 {
		return nil
	}
	return last
}

// price is the time to compute the result again per byte that its removal frees. Own is
// never 0: the record belongs to the result only.
func (c *candidate) price() float64 { return c.held.took.Seconds() / float64(c.own) }

// Less orders by price; of two results with one price, the one used longer ago comes
// first.
func (e *eviction) Less(i, j int) bool {
	a, b := e.queue[i], e.queue[j]
	return cmp.Or(cmp.Compare(a.price(), b.price()), a.held.used.Compare(b.held.used), cmp.Compare(a.held.key.String(),
		b.held.key.String())) < 0
}

// Len implements heap.Interface.
func (e *eviction) Len() int { return len(e.queue) }

// Swap implements heap.Interface.
func (e *eviction) Swap(i, j int) {
	e.queue[i], e.queue[j] = e.queue[j], e.queue[i]
	e.queue[i].at, e.queue[j].at = i, j
}

// Push implements heap.Interface.
func (e *eviction) Push(x any) { e.queue = append(e.queue, x.(*candidate)) }

// Pop implements heap.Interface.
func (e *eviction) Pop() any {
	last := e.queue[len(e.queue)-1]
	e.queue = e.queue[:len(e.queue)-1]
	return last
}
