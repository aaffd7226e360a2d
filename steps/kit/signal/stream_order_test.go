package signal

import (
	"context"
	"fmt"
	"runtime"
	"testing"
)

// TestStreamOrder: more workers than processors, so that they are often interrupted
// between two steps of their work: each visit still sees the tensors of its own episode.
func TestStreamOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	s := aSource(t, 40)
	s.Workers = 7
	want := map[int]string{}
	see := func(i int, x *Tensors) error {
		got := fmt.Sprintf("%v %v %v", x.Center, x.Class, x.X[:min(len(x.X), 3000)])
		if was, ok := want[i]; ok && was != got {
			return fmt.Errorf("episode %d shows another's tensors", i)
		}
		want[i] = got
		return nil
	}
	order := make([]int, len(s.Names))
	for i := range order {
		order[i] = i
	}
	for range 40 {
		if err := s.Each(context.Background(), order, see); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStreamGivesOutInOrder: no item is given to a worker before its slot is
// free. If it were, a worker that is held up could be overtaken in its own slot.
func TestStreamGivesOutInOrder(t *testing.T) {
	p := newPass(&TensorSource{Workers: 7}, make([]int, 30))
	given := func() (list []int) {
		for {
			select {
			case n := <-p.ready:
				list = append(list, n)
			default:
				return list
			}
		}
	}
	if got := given(); len(got) != len(p.slots) || got[0] != 0 || got[len(got)-1] != len(p.slots)-1 {
		t.Fatalf("items %v are given out for %d slots", got, len(p.slots))
	}
	p.release(9)
	p.release(30)
	if got := given(); len(got) != 1 || got[0] != 9 {
		t.Fatalf("items %v are given out for the slot that is free, want 9", got)
	}
}
