package gbt

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/kernel/alloctest"
	"assay/steps/kit/model"
)

// plain returns what a model says of rows by the plain walk.
func plain(m *Model, x []float32) []float32 {
	p := make([]float32, len(x)/len(m.Features)*len(m.Classes))
	m.predictFew(p, x)
	return p
}

// edges are values that are easily put on the wrong side of a cut.
func edges() []float32 {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	list := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, nan, math.MaxFloat32, -math.MaxFloat32,
		math.Nextafter32(math.MaxFloat32, 0), math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32}
	for _, v := range []float32{1, -1, 0.5, -3} {
		list = append(list, v, math.Nextafter32(v, inf), math.Nextafter32(v, -inf))
	}
	return list
}

// wild grows a tree of few or many levels on features of edges, unbalanced at will.
func wild(rng *rand.Rand, t Tree, depth, features int) Tree {
	at := len(t)
	t = append(t, Node{Value: float32(rng.NormFloat64())})
	if depth == 0 || at > 0 && rng.IntN(5) == 0 {
		return t
	}
	n := Node{Feature: int32(rng.IntN(features)), Value: edges()[rng.IntN(len(edges()))], MissingLeft: rng.IntN(2) == 0}
	short := min(depth-1, rng.IntN(4))
	n.Left = int32(len(t))
	t = wild(rng, t, depth-1, features)
	n.Right = int32(len(t))
	t = wild(rng, t, short, features)
	t[at] = n
	return t
}

// TestForest compares the forest with the plain walk, for every number of rows around that of
// a block, deep and shallow trees, and values on the cuts.
func TestForest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, depth := range []int{0, 1, 6, 8, 9, 40} {
		m := &Model{Schema: model.Schema{Features: []string{"a", "b", "c"}, Classes: []string{"u", "v", "w"}},
			Start: []float32{0.25, -1, 3}}
		for range 30 {
			m.Trees = append(m.Trees, wild(rng, nil, depth, 3))
		}
		for _, rows := range []int{1, 8, 9, 10, 11, 12, 63, 64, 65, 130} {
			x := make([]float32, rows*3)
			for i := range x {
				x[i] = edges()[rng.IntN(len(edges()))]
			}
			if got, want := predict(m, x), plain(m, x); !slices.Equal(got, want) {
				t.Errorf("depth %d, %d rows: %v, want %v", depth, rows, got, want)
			}
		}
	}
}

// TestForestOfTrained is the same for a model that was trained.
func TestForestOfTrained(t *testing.T) {
	fit, held := train(t, defaults(), 300, 24, 5)
	if got, want := predict(fit.Model, held.X), plain(fit.Model, held.X); !slices.Equal(got, want) {
		t.Error("the forest predicts otherwise than the trees")
	}
}

// TestPredictAllocates counts the memory of predictions of one row, and of many.
func TestPredictAllocates(t *testing.T) {
	fit, held := train(t, defaults(), 300, 24, 5)
	p := make([]float32, len(held.Y)*5)
	for _, rows := range []int{1, len(held.Y)} {
		x := held.X[:rows*24]
		fit.Model.Predict(p, x)
		t.Run(fmt.Sprint(rows, " rows"), func(t *testing.T) {
			alloctest.None(t, func() { fit.Model.Predict(p, x) })
		})
	}
}
