package tally

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// all returns the kernels that this machine can run.
func all() map[string]kernels {
	list := map[string]kernels{"plain": plain()}
	if best, ok := assembly(); ok {
		list["assembly"] = best
	}
	return list
}

// random returns the bins of some rows, a few columns of them unused, and values that reach all extremes.
func random(rng *rand.Rand, rows, stride, distinct int) (bins []byte, values []Slot) {
	bins = make([]byte, rows*stride)
	for i := range bins {
		bins[i] = byte(rng.IntN(distinct) * 255 / max(1, distinct-1))
	}
	values = make([]Slot, rows)
	for i := range values {
		for l := range Lanes {
			values[i][l] = []Packed{Packed(rng.Uint64()), 0, math.MaxUint64}[rng.IntN(3)]
		}
	}
	return bins, values
}

// TestAdd compares every kernel with one addition after the other.
func TestAdd(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, rows := range []int{1, 2, 3, 500} {
		for _, stride := range []int{2, 8, 64} {
			for _, distinct := range []int{1, 2, 256} {
				bins, values := random(rng, rows, stride, distinct)
				before := new(Tables)
				for i := range 256 {
					before[0][i], before[1][i] = Slot{Packed(rng.Uint64())}, Slot{7: Packed(rng.Uint64())}
				}
				want := *before
				for i := range rows {
					for f := range 2 {
						for l := range Lanes {
							want[f][bins[i*stride+f]][l] += values[i][l]
						}
					}
				}
				for name, k := range all() {
					got := *before
					k.add(&got, bins[:(rows-1)*stride+2], stride, values)
					if got != want {
						t.Errorf("%s, %d rows, stride %d, %d bins: other sums", name, rows, stride, distinct)
					}
				}
			}
		}
	}
}

func TestNoRows(t *testing.T) {
	got := new(Tables)
	Add(got, nil, 0, nil)
	if *got != (Tables{}) {
		t.Error("no rows have sums")
	}
}

func TestChoice(t *testing.T) {
	for _, name := range []string{"plain", ""} {
		if k := choose(name); k.add == nil || k.addRows == nil || k.pass == nil {
			t.Errorf("ASSAY_KERNEL=%q lacks a kernel", name)
		}
	}
}

func TestWrongLengthsPanic(t *testing.T) {
	for _, c := range []struct{ bins, stride, rows int }{{0, 2, 1}, {1, 2, 1}, {65, 64, 2}, {9, 8, 2}, {64, 1, 3}, {64, -1, 3}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			Add(new(Tables), make([]byte, c.bins), c.stride, make([]Slot, c.rows))
		})
	}
}

// BenchmarkAdd adds 1,024 rows to the tables of two features out of 64.
func BenchmarkAdd(b *testing.B) {
	bins, values := random(rand.New(rand.NewPCG(1, 2)), 1024, 64, 256)
	t := new(Tables)
	for name, k := range all() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				k.add(t, bins, 64, values)
			}
		})
	}
}
