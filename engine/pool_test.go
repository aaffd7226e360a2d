package engine

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"assay/engine/graph"
)

// TestPoolNeverGivesMoreThanThereIs lets many executions of random needs run.
func TestPoolNeverGivesMoreThanThereIs(t *testing.T) {
	all := graph.Need{CPU: 4, Memory: 100, Slots: map[string]int{"gpu": 2}}
	p := newPool(all.Clone())
	var cpu, memory, gpu atomic.Int64
	var wg sync.WaitGroup
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		need := graph.Need{CPU: 1 + rng.IntN(6), Memory: rng.Int64N(150), Slots: map[string]int{"gpu": rng.IntN(3)}}.Clamp(all)
		priority := rng.Float64()
		wg.Go(func() {
			if err := p.take(t.Context(), need, priority); err != nil {
				t.Error(err)
				return
			}
			defer p.give(need)
			if cpu.Add(int64(need.CPU)) > 4 || memory.Add(need.Memory) > 100 || gpu.Add(int64(need.Slots["gpu"])) > 2 {
				t.Error("more was given than there is")
			}
			cpu.Add(-int64(need.CPU))
			memory.Add(-need.Memory)
			gpu.Add(-int64(need.Slots["gpu"]))
		})
	}
	wg.Wait()
	if p.free.CPU != 4 || p.free.Memory != 100 || p.free.Slots["gpu"] != 2 || len(p.waiting) != 0 {
		t.Errorf("at the end %+v is free, %d wait", p.free, len(p.waiting))
	}
}

func TestPoolServesByPriority(t *testing.T) {
	p := newPool(graph.Need{CPU: 1})
	one := graph.Need{CPU: 1}
	if err := p.take(t.Context(), one, 0); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var order []float64
	var wg sync.WaitGroup
	for i, priority := range []float64{1, 5, 3} {
		wg.Go(func() {
			p.take(t.Context(), one, priority)
			mu.Lock()
			order = append(order, priority)
			mu.Unlock()
			p.give(one)
		})
		for { // the next one comes only when this one waits
			p.mu.Lock()
			n := len(p.waiting)
			p.mu.Unlock()
			if n == i+1 {
				break
			}
		}
	}
	p.give(one)
	wg.Wait()
	if len(order) != 3 || order[0] != 5 || order[1] != 3 || order[2] != 1 {
		t.Errorf("served in the order %v", order)
	}
}

func TestPoolForgetsWhoGaveUp(t *testing.T) {
	p := newPool(graph.Need{CPU: 1})
	one := graph.Need{CPU: 1}
	p.take(t.Context(), one, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.take(ctx, one, 9); err == nil {
		t.Error("a cancelled request was granted")
	}
	p.give(one)
	if p.free.CPU != 1 || len(p.waiting) != 0 {
		t.Errorf("%+v free, %d wait", p.free, len(p.waiting))
	}
}
