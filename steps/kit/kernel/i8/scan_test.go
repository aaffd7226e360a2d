package i8

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// random returns rows, a query and terms that reach all extremes.
func random(rng *rand.Rand, rows, dims int) (codes [][]int8, panels []int8, query []int16, t Terms) {
	panels = make([]int8, rows*dims)
	for i := range rows {
		c := make([]int8, dims)
		for j := range c {
			if c[j] = int8(rng.IntN(256) - 128); rng.IntN(10) == 0 {
				c[j] = []int8{-128, 127}[rng.IntN(2)]
			}
		}
		codes = append(codes, c)
		Put(panels, i, c)
	}
	for range dims {
		query = append(query, []int16{int16(rng.IntN(1<<16) - 1<<15), math.MinInt16, math.MaxInt16}[rng.IntN(3)])
	}
	for range rows {
		t.A = append(t.A, float32(rng.NormFloat64()*1e9))
		t.W = append(t.W, float32(rng.Float64()))
		t.R = append(t.R, float32(rng.Float64()*1e8))
	}
	t.Step, t.Slope, t.Limit = float32(rng.Float64()), float32(rng.Float64()), float32(rng.NormFloat64()*1e8)
	return codes, panels, query, t
}

// TestScan compares every kernel with what Terms says, row by row.
func TestScan(t *testing.T) {
	kernels := map[string]kernel{"plain": plain}
	if best := assembly(); best != nil {
		kernels["assembly"] = best
	}
	rng := rand.New(rand.NewPCG(1, 2))
	stayed, all := 0, 0
	for _, dims := range []int{2, 4, 6, 62, 64, 254, MaxDims} {
		for _, count := range []int{1, 2, 5} {
			codes, panels, query, terms := random(rng, count*PanelRows, dims)
			for name, scan := range kernels {
				scores, masks := make([]float32, len(codes)), make([]uint32, count)
				masks[0] = math.MaxUint32
				scan(scores, masks, panels, query, terms)
				for i, c := range codes {
					sum := int64(0)
					for j := range c {
						sum += int64(c[j]) * int64(query[j])
					}
					want := terms.A[i] - float32(float32(float32(sum)*terms.Step)*terms.W[i])
					stays := want-float32(terms.Slope*terms.R[i]) <= terms.Limit
					if scores[i] != want || (masks[i/PanelRows]>>(i%PanelRows)&1 == 1) != stays {
						t.Fatalf("%s, %d dims, row %d: score %v and mask %x, want %v and %v", name, dims, i, scores[i],
							masks[i/PanelRows], want, stays)
					}
					all++
					if stays {
						stayed++
					}
				}
			}
		}
	}
	if stayed < all/10 || stayed > all*9/10 {
		t.Errorf("%d of %d rows stay: the test does not see both", stayed, all)
	}
}

// A limit decides with equality, and rows of infinite score never stay below one.
func TestLimit(t *testing.T) {
	panels, query := make([]int8, 2*PanelRows), []int16{0, 0}
	terms := Terms{A: make([]float32, PanelRows), W: make([]float32, PanelRows), R: make([]float32, PanelRows), Limit: 3}
	for i := range terms.A {
		terms.A[i] = float32(i)
	}
	terms.A[0] = float32(math.Inf(1))
	scores, masks := make([]float32, PanelRows), make([]uint32, 1)
	if Scan(scores, masks, panels, query, terms); masks[0] != 0b1110 {
		t.Errorf("mask %b, want rows 1 to 3", masks[0])
	}
	if !slices.Equal(scores, terms.A) {
		t.Errorf("scores %v", scores)
	}
}

func TestChoice(t *testing.T) {
	if choose("plain") == nil || choose("") == nil {
		t.Error("there is no kernel")
	}
}

func TestWrongLengthsPanic(t *testing.T) {
	_, panels, query, terms := random(rand.New(rand.NewPCG(3, 4)), PanelRows, 4)
	scores := make([]float32, PanelRows)
	short := terms
	short.R = short.R[:31]
	calls := map[string]func(){
		"few codes":   func() { Scan(scores, make([]uint32, 1), panels[1:], query, terms) },
		"few scores":  func() { Scan(scores[1:], make([]uint32, 1), panels, query, terms) },
		"few terms":   func() { Scan(scores, make([]uint32, 1), panels, query, short) },
		"more panels": func() { Scan(scores, make([]uint32, 2), panels, query, terms) },
	}
	for _, n := range []int{0, 1, 3, MaxDims + 2} {
		calls[fmt.Sprint("a query of ", n)] = func() { Scan(scores, make([]uint32, 1), panels, make([]int16, n), terms) }
	}
	for name, call := range calls {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
	Scan(nil, nil, nil, query, Terms{})
}

// BenchmarkScan scans 150,000 rows of 64 dimensions.
func BenchmarkScan(b *testing.B) {
	_, panels, query, terms := random(rand.New(rand.NewPCG(1, 2)), 150016, 64)
	terms.Limit = -1e30
	scores, masks := make([]float32, 1024), make([]uint32, 32)
	for b.Loop() {
		for i := 0; i+1024 <= 150016; i += 1024 {
			t := terms
			t.A, t.W, t.R = terms.A[i:], terms.W[i:], terms.R[i:]
			Scan(scores, masks, panels[i*64:], query, t)
		}
	}
}
