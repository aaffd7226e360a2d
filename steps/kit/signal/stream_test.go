package signal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// aSource streams every nth episode of the corpus.
func aSource(t testing.TB, n int) *TensorSource {
	return &TensorSource{
		Store: os.DirFS(episodetest.Corpus), Names: episodetest.Names(t, n), Limits: episode.DefaultLimits(),
		Window: 10, Stride: 5, Hz: 10, Workers: 1,
	}
}

// shown collects what a pass shows, in its order.
func shown(t *testing.T, s *TensorSource, order []int) []string {
	t.Helper()
	var got []string
	err := s.Each(t.Context(), order, func(i int, x *Tensors) error {
		got = append(got, fmt.Sprintf("%d: %v %v %d %s", i, x.Center, x.Class, x.Steps, digests(x)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestStream: what a pass shows depends on the order alone, not on workers or on which
// pass it is.
func TestStream(t *testing.T) {
	one := aSource(t, 12)
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(one.Names))
	order = append(order, order[:3]...)
	want := shown(t, one, order)
	if len(want) != len(order) || !strings.HasPrefix(want[0], fmt.Sprintf("%d: [5 10 ", order[0])) {
		t.Fatalf("a pass over %d episodes shows %.100q...", len(order), want)
	}
	for _, workers := range []int{0, 1, 2, 7, 100} {
		s := aSource(t, 12)
		s.Workers = workers
		for pass := range 2 {
			if got := shown(t, s, order); !slices.Equal(got, want) {
				t.Errorf("pass %d of %d workers shows something else", pass, workers)
			}
		}
	}
}

// TestStreamErrors: the first error in the order ends the pass, and nothing
// hangs.
func TestStreamErrors(t *testing.T) {
	s := aSource(t, 12)
	good := s.Names
	store := fstest.MapFS{"a/damaged.tar.zst": {Data: []byte("x")}}
	s.Names = append(slices.Clone(good[:5]), "a/missing.tar.zst", "a/damaged.tar.zst")
	s.Store = both{os.DirFS(episodetest.Corpus), store}
	ignore := func(int, *Tensors) error { return nil }
	for _, s.Workers = range []int{1, 2, 9} {
		if err := s.Each(t.Context(), []int{0, 1, 5, 6}, ignore); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a missing episode: %v", err)
		}
		var broken *episode.BrokenError
		if err := s.Each(t.Context(), []int{6, 5, 0}, ignore); !errors.As(err, &broken) {
			t.Errorf("a damaged episode: %v", err)
		}
		if err := s.Each(t.Context(), []int{0, 7}, ignore); err == nil {
			t.Error("an episode that is not there is passed over")
		}
		stop := errors.New("enough")
		if err := s.Each(t.Context(), []int{0, 1, 2, 3, 4}, func(int, *Tensors) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("visit's error: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Each(ctx, []int{0, 1, 2, 3, 4}, func(int, *Tensors) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
		if err := s.Each(t.Context(), nil, ignore); err != nil {
			t.Errorf("nothing to do: %v", err)
		}
	}
}

// both looks in two stores.
type both [2]fs.FS

func (b both) Open(name string) (fs.File, error) {
	f, err := b[0].Open(name)
	if err != nil {
		return b[1].Open(name)
	}
	return f, nil
}

// BenchmarkPass is a training run's way to tensors. One operation is an episode.
func BenchmarkPass(b *testing.B) {
	for _, workers := range []int{1, 2} {
		s := aSource(b, 4)
		s.Workers = workers
		order := make([]int, len(s.Names))
		for i := range order {
			order[i] = i
		}
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			for n := 0; n < b.N; n += len(order) {
				some := order[:min(len(order), b.N-n)]
				if err := s.Each(b.Context(), some, func(int, *Tensors) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
