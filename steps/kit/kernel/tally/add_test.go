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

// random returns the bins of some rows, and values that reach all extremes.
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

// eights returns bins eight by eight.
func eights(bins []byte) [][Lanes]byte {
	list := make([][Lanes]byte, len(bins)/Lanes)
	for i := range list {
		list[i] = [Lanes]byte(bins[i*Lanes:])
	}
	return list
}

// TestAdd compares every kernel with one addition after the other.
func TestAdd(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, rows := range []int{1, 2, 3, 500} {
		for lane := range Lanes - 1 {
			for _, distinct := range []int{1, 2, 256} {
				flat, values := random(rng, rows, Lanes, distinct)
				bins := eights(flat)
				before := new(Tables)
				for i := range 256 {
					before[0][i], before[1][i] = Slot{Packed(rng.Uint64())}, Slot{7: Packed(rng.Uint64())}
				}
				want := *before
				for i := range rows {
					for f := range 2 {
						for l := range Lanes {
							want[f][bins[i][lane+f]][l] += values[i][l]
						}
					}
				}
				for name, k := range all() {
					got := *before
					k.add(&got, bins, lane, values)
					if got != want {
						t.Errorf("%s, %d rows, lane %d, %d bins: other sums", name, rows, lane, distinct)
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
	for _, c := range []struct{ bins, lane, rows int }{{0, 2, 1}, {1, 2, 2}, {2, 0, 1}, {2, 7, 2}, {2, -1, 2}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			Add(new(Tables), make([][Lanes]byte, c.bins), c.lane, make([]Slot, c.rows))
		})
	}
}

// BenchmarkAdd adds 1,024 rows to the tables of two features.
func BenchmarkAdd(b *testing.B) {
	bins, values := random(rand.New(rand.NewPCG(1, 2)), 1024, Lanes, 256)
	t, list := new(Tables), eights(bins)
	for name, k := range all() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				k.add(t, list, 2, values)
			}
		})
	}
}
