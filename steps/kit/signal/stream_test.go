package signal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"assay/steps/kit/channel"
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

// TestStream: what a pass shows depends on the order alone, not on workers, on
// what is kept in memory, or on which pass it is.
func TestStream(t *testing.T) {
	one := aSource(t, 12)
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(one.Names))
	order = append(order, order[:3]...)
	want := shown(t, one, order)
	if len(want) != len(order) || !strings.HasPrefix(want[0], fmt.Sprintf("%d: [5 10 ", order[0])) {
		t.Fatalf("a pass over %d episodes shows %.100q...", len(order), want)
	}
	for _, workers := range []int{0, 1, 2, 7, 100} {
		for _, budget := range []int64{0, 100_000, 1 << 30} {
			s := aSource(t, 12)
			s.Workers, s.Budget = workers, budget
			for pass := range 3 {
				if got := shown(t, s, order); !slices.Equal(got, want) {
					t.Errorf("pass %d of %d workers with %d bytes shows something else", pass, workers, budget)
				}
			}
			size := int64(0)
			all := true
			for i := range s.packed {
				p := s.packed[i].Load()
				if all = all && p != nil; p != nil {
					size += p.size()
				}
			}
			if kept := s.kept.Load(); kept != size || kept > budget || budget > 1<<20 && !all {
				t.Errorf("%d workers keep %d bytes, count %d, may keep %d", workers, size, kept, budget)
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

// TestPack: tensors of any kind come back to the bit.
func TestPack(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct{ n, steps, shift int }{{0, 100, 50}, {1, 100, 50}, {5, 100, 50}, {4, 10, 3}, {3, 10, 10}, {3, 10, 0}, {2, 10, 99}} {
		for _, overlapping := range []bool{true, false} {
			in := &Tensors{Steps: c.steps}
			for w := range c.n {
				in.Center, in.Class = append(in.Center, rng.Float64()), append(in.Class, int32(w%6-1))
				for ch := range channel.Count {
					for i := range c.steps {
						x := rng.Float32() - 0.5
						if overlapping {
							x = float32((w*c.shift + i) * (ch - 9) % 17)
						}
						in.X = append(in.X, -x)
						in.Mask = append(in.Mask, x > 0)
					}
				}
			}
			var k packer
			p, err := k.pack(in, c.shift)
			if err != nil {
				t.Fatal(err)
			}
			if shared := overlapping && c.shift > 0 && c.shift < c.steps && c.n > 1; shared && p.shift != c.shift {
				t.Errorf("%+v: the overlap is not seen", c)
			}
			out := Tensors{X: []float32{1}, Center: []float64{7}}
			if err := k.unpack(p, &out); err != nil {
				t.Fatal(err)
			}
			k.close()
			same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
			if !slices.EqualFunc(in.X, out.X, same) || !slices.Equal(in.Mask, out.Mask) || !slices.Equal(in.Class, out.Class) ||
				!slices.Equal(in.Center, out.Center) || in.Steps != out.Steps {
				t.Errorf("%+v: other tensors come back", c)
			}
		}
	}
}

// BenchmarkPass is a training run's way to tensors: made of episodes (the first
// pass), unpacked from memory (later ones), and, to compare, read from shards as
// somebody would store them: the windows of 16 episodes a file, values and masks
// as they are, in zstd, for whose writing nobody is charged. One operation is an
// episode. Shards as bytes end where the others have numbers.
func BenchmarkPass(b *testing.B) {
	nothing := func(int, *Tensors) error { return nil }
	for _, workers := range []int{1, 2} {
		s := aSource(b, 4)
		s.Workers = workers
		order := make([]int, len(s.Names))
		for i := range order {
			order[i] = i
		}
		each := func(b *testing.B) {
			for n := 0; n < b.N; n += len(order) {
				if err := s.Each(b.Context(), order[:min(len(order), b.N-n)], nothing); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.Run(fmt.Sprintf("made/%d", workers), each)
		s.Budget = 1 << 40
		if err := s.Each(b.Context(), order, nothing); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("kept/%d", workers), func(b *testing.B) {
			each(b)
			b.ReportMetric(float64(s.kept.Load())/float64(len(order)), "B/episode")
		})
		if workers == 1 {
			files := writeShards(b, s, order)
			b.Run("shards/1", func(b *testing.B) { readShards(b, files, true) })
			b.Run("shards as bytes/1", func(b *testing.B) { readShards(b, files, false) })
		}
	}
}

// writeShards stores the tensors, 16 episodes a file.
func writeShards(b *testing.B, s *TensorSource, order []int) []string {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	var files []string
	for from := 0; from < len(order); from += 16 {
		var x, mask []byte
		err := s.Each(b.Context(), order[from:min(from+16, len(order))], func(_ int, t *Tensors) error {
			for i, v := range t.X {
				x = binary.LittleEndian.AppendUint32(x, math.Float32bits(v))
				mask = append(mask, byte(count(t.Mask[i])))
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		for kind, data := range [][]byte{x, mask} {
			name := filepath.Join(dir, fmt.Sprintf("%d.%d", from, kind))
			if err := os.WriteFile(name, enc.EncodeAll(data, nil), 0o644); err != nil {
				b.Fatal(err)
			}
			files = append(files, name)
		}
	}
	return files
}

func readShards(b *testing.B, files []string, numbers bool) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		b.Fatal(err)
	}
	var raw []byte
	var out Tensors
	size := 0
	for n := 0; n < b.N; n += 16 {
		for kind, name := range files[n/16*2%len(files):][:2] {
			data, err := os.ReadFile(name)
			if err != nil {
				b.Fatal(err)
			}
			if raw, err = dec.DecodeAll(data, raw[:0]); err != nil {
				b.Fatal(err)
			}
			size += len(data)
			switch {
			case !numbers:
			case kind == 0:
				out.X = resize(out.X, len(raw)/4)
				for i := range out.X {
					out.X[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
				}
			default:
				out.Mask = resize(out.Mask, len(raw))
				for i, m := range raw {
					out.Mask[i] = m != 0
				}
			}
		}
	}
	b.ReportMetric(float64(size)/float64(b.N), "B/episode")
}
