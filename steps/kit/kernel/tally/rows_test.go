package tally

import (
	"math/rand/v2"
	"testing"
)

// TestAddRows compares every kernel with one addition after the other.
func TestAddRows(t *testing.T) {
	const n = 200
	rng := rand.New(rand.NewPCG(3, 4))
	for _, count := range []int{1, 2, 7, 8, 9, 64, 199} {
		for _, stride := range []int{8, 40, 64} {
			bins, values := random(rng, n, stride, 256)
			at := stride - Lanes
			rows, soon, gh := make([]int32, count), make([]int32, rng.IntN(2*count)), make([]Packed, count)
			for i := range rows {
				rows[i], gh[i] = int32(rng.IntN(n)), values[i][0]
			}
			for i := range soon {
				soon[i] = int32(rng.IntN(n))
			}
			rows[0] = n - 1
			var want Table
			for i, r := range rows {
				for lane := range Lanes {
					want[lane*256+int(bins[int(r)*stride+at+lane])] += gh[i]
				}
			}
			for name, k := range all() {
				var got Table
				k.addRows(&got, bins[at:], stride, rows, gh, soon)
				if got != want {
					t.Errorf("%s, %d rows, stride %d: other sums", name, count, stride)
				}
			}
		}
	}
}

func TestAddRowsOfNothing(t *testing.T) {
	var got Table
	AddRows(&got, nil, 8, nil, nil, []int32{1})
	if got != (Table{}) {
		t.Error("no rows have sums")
	}
}

func TestAddRowsPanics(t *testing.T) {
	for name, call := range map[string]func(){
		"fewer values": func() { AddRows(new(Table), make([]byte, 16), 8, make([]int32, 2), make([]Packed, 1), nil) },
		"narrow rows":  func() { AddRows(new(Table), make([]byte, 16), 7, make([]int32, 2), make([]Packed, 2), nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
