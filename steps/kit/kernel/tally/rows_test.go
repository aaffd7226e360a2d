package tally

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestAddRows compares every kernel with one addition after the other.
func TestAddRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, count := range []int{1, 2, 7, 8, 9, 64, 199} {
		flat, values := random(rng, count, Lanes, 256)
		bins, gh := eights(flat), make([]Packed, count)
		var want Table
		for i := range bins {
			gh[i] = values[i][0]
			for lane, bin := range bins[i] {
				want[lane*Pitch+int(bin)] += gh[i]
			}
		}
		for name, k := range all() {
			var got Table
			k.addRows(&got, bins, gh)
			if got != want {
				t.Errorf("%s, %d rows: other sums", name, count)
			}
		}
	}
}

// someRows returns count of n rows, the last one among them.
func someRows(rng *rand.Rand, n, count int) []int32 {
	rows := make([]int32, count)
	for i := range rows {
		rows[i] = int32(rng.IntN(n))
	}
	rows[0] = int32(n - 1)
	return rows
}

func TestGather(t *testing.T) {
	const n = 2000
	rng := rand.New(rand.NewPCG(5, 6))
	for width := Lanes; width <= 64; width += Lanes {
		stride := width + rng.IntN(2)*Lanes
		bins, _ := random(rng, n, stride, 256)
		for _, count := range []int{1, 31, 32, 33, 34, BlockRows} {
			rows := someRows(rng, n, count)
			for name, k := range all() {
				got, untouched := new(Block), [Lanes]byte{1, 2, 3, 4, 5, 6, 7, 8}
				for c := range got {
					for i := range got[c] {
						got[c][i] = untouched
					}
				}
				k.gather(got, bins, stride, width, rows)
				for c := range got {
					for i := range got[c] {
						want := untouched
						if i < count && c < width/Lanes {
							want = [Lanes]byte(bins[int(rows[i])*stride+c*Lanes:])
						}
						if got[c][i] != want {
							t.Fatalf("%s, width %d, %d rows: column %d of row %d is %v, want %v", name, width, count,
								c, i, got[c][i], want)
						}
					}
				}
			}
		}
	}
}

func TestSides(t *testing.T) {
	const n = 500
	rng := rand.New(rand.NewPCG(7, 8))
	var goes [256]byte
	for i := range goes {
		goes[i] = byte(rng.IntN(2))
	}
	for _, width := range []int{1, 8, 64} {
		bins, _ := random(rng, n, width, 256)
		for _, count := range []int{1, 31, 32, 33, 400} {
			rows := someRows(rng, n, count)
			want := make([]byte, count)
			for i, r := range rows {
				want[i] = goes[bins[int(r)*width+width-1]]
			}
			for name, k := range all() {
				got := make([]byte, count)
				k.sides(got, bins[width-1:], width, rows, &goes)
				if !bytes.Equal(got, want) {
					t.Errorf("%s, width %d, %d rows: %v, want %v", name, width, count, got, want)
				}
			}
		}
	}
}

func TestNothing(t *testing.T) {
	var got Table
	AddRows(&got, nil, nil)
	Gather(new(Block), nil, 8, 8, nil)
	Sides(nil, nil, 8, nil, new([256]byte))
	if got != (Table{}) {
		t.Error("no rows have sums")
	}
}

func TestPanics(t *testing.T) {
	for name, call := range map[string]func(){
		"fewer values":  func() { AddRows(new(Table), make([][Lanes]byte, 2), make([]Packed, 1)) },
		"narrow rows":   func() { Gather(new(Block), make([]byte, 16), 8, 7, make([]int32, 1)) },
		"wide rows":     func() { Gather(new(Block), make([]byte, 72), 72, 72, make([]int32, 1)) },
		"overlapping":   func() { Gather(new(Block), make([]byte, 72), 8, 16, make([]int32, 1)) },
		"uneven rows":   func() { Gather(new(Block), make([]byte, 72), 24, 20, make([]int32, 1)) },
		"too many rows": func() { Gather(new(Block), make([]byte, 16), 8, 8, make([]int32, BlockRows+1)) },
		"fewer sides":   func() { Sides(make([]byte, 1), make([]byte, 16), 8, make([]int32, 2), new([256]byte)) },
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

// BenchmarkRows builds the histogram of a third of 100,000 rows, and of one in thirty.
func BenchmarkRows(b *testing.B) {
	const n = 100_000
	rng := rand.New(rand.NewPCG(9, 10))
	bins, _ := random(rng, n, 64, 256)
	tables, block := new([8]Table), new(Block)
	for _, apart := range []int{3, 30} {
		var rows []int32
		for r := range int32(n) {
			if rng.IntN(apart) == 0 {
				rows = append(rows, r)
			}
		}
		values := make([]Packed, len(rows))
		for name, k := range all() {
			b.Run(fmt.Sprint(name, "/apart=", apart), func(b *testing.B) {
				for b.Loop() {
					for lo := 0; lo < len(rows); lo += BlockRows {
						hi := min(lo+BlockRows, len(rows))
						k.gather(block, bins, 64, 64, rows[lo:hi])
						for c := range tables {
							k.addRows(&tables[c], block[c][:hi-lo], values[lo:hi])
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)*64), "ns/bin")
			})
		}
	}
}
