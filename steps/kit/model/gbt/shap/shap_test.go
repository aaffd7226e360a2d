package shap

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
)

// random grows a tree whose Hessians add up, with few features so that paths compare one
// several times.
func random(rng *rand.Rand, t gbt.Tree, depth, features int, cover float32) gbt.Tree {
	at := len(t)
	t = append(t, gbt.Node{Value: float32(rng.NormFloat64()), Hessian: cover})
	if depth == 0 || at > 0 && rng.IntN(6) == 0 {
		return t
	}
	n := gbt.Node{Feature: int32(rng.IntN(features)), Value: float32(rng.IntN(5)), MissingLeft: rng.IntN(2) == 0,
		Hessian: cover, Gain: rng.Float32()}
	left := cover * float32(rng.IntN(5)) / 4 // sometimes nothing, sometimes all
	n.Left = int32(len(t))
	t = random(rng, t, depth-1, features, left)
	n.Right = int32(len(t))
	t = random(rng, t, depth-1, features, cover-left)
	t[at] = n
	return t
}

func forest(rng *rand.Rand, rounds, depth, features int) *gbt.Model {
	m := &gbt.Model{Schema: model.Schema{Classes: []string{"u", "v"}}, Start: []float32{0.5, -2}}
	for i := range features {
		m.Features = append(m.Features, string(rune('a'+i)))
	}
	for range rounds * 2 {
		m.Trees = append(m.Trees, random(rng, nil, depth, features, 64))
	}
	return m
}

// rows makes values on and between the cuts, and missing ones.
func rows(rng *rand.Rand, n, features int) []float32 {
	x := make([]float32, n*features)
	for i := range x {
		x[i] = float32(rng.IntN(11)) / 2
		if rng.IntN(5) == 0 {
			x[i] = float32(math.NaN())
		}
	}
	return x
}

func explain(t testing.TB, m *gbt.Model, x []float32, workers int) []float64 {
	t.Helper()
	e, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	phi := make([]float64, len(x)/len(m.Features)*len(m.Classes)*e.Width())
	e.Rows(phi, x, workers)
	return phi
}

// expected is the margin that a tree gives a row of which some features are known: the
// definition that Shapley values are of (EXPVALUE, Algorithm 1 of the paper).
func expected(t gbt.Tree, at int32, x []float32, known uint) float64 {
	n := &t[at]
	if n.Left == 0 {
		return float64(n.Value)
	}
	left, right := expected(t, n.Left, x, known), expected(t, n.Right, x, known)
	if known>>n.Feature&1 == 0 {
		s := share(t[n.Left].Hessian, t[n.Right].Hessian)
		return float64(s*left) + float64((1-s)*right)
	}
	if n.GoesLeft(x[n.Feature]) {
		return left
	}
	return right
}

// shapley returns F+1 values by their definition, over all subsets of the features.
func shapley(t gbt.Tree, x []float32) []float64 {
	f := len(x)
	phi := make([]float64, f+1)
	phi[f] = expected(t, 0, x, 0)
	factorial := func(n int) float64 { return math.Gamma(float64(n + 1)) }
	for set := range uint(1) << f {
		size := bits.OnesCount(set)
		for i := range f {
			if set>>i&1 == 1 {
				continue
			}
			w := factorial(size) * factorial(f-size-1) / factorial(f)
			phi[i] += w * (expected(t, 0, x, set|1<<i) - expected(t, 0, x, set))
		}
	}
	return phi
}

// TestAgainstDefinition compares with the sum over all subsets.
func TestAgainstDefinition(t *testing.T) {
	const features = 6
	rng := rand.New(rand.NewPCG(1, 1))
	for _, depth := range []int{0, 1, 3, 7} {
		m := forest(rng, 3, depth, features)
		x := rows(rng, 6, features)
		got := explain(t, m, x, 2)
		for r := range 6 {
			for k := range 2 {
				want := make([]float64, features+1)
				want[features] = float64(m.Start[k])
				for i := k; i < len(m.Trees); i += 2 {
					for f, v := range shapley(m.Trees[i], x[r*features:(r+1)*features]) {
						want[f] += v
					}
				}
				at := (r*2 + k) * (features + 1)
				for f, v := range got[at : at+features+1] {
					if !(math.Abs(v-want[f]) <= 1e-9) {
						t.Fatalf("depth %d, row %d, class %d, feature %d: %v, want %v", depth, r, k, f, v, want[f])
					}
				}
			}
		}
	}
}

// TestSumsToMargin: the values of a class add up to its margin, for deep trees, too.
func TestSumsToMargin(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for _, depth := range []int{6, 14} {
		m := forest(rng, 10, depth, 20)
		x := rows(rng, 20, 20)
		phi := explain(t, m, x, 3)
		if !slices.Equal(phi, explain(t, m, x, 1)) {
			t.Error("workers change values")
		}
		margins := make([]float32, 2)
		for r := range 20 {
			m.Margins(x[r*20:(r+1)*20], margins)
			for k, want := range margins {
				sum := 0.0
				for _, v := range phi[(r*2+k)*21 : (r*2+k+1)*21] {
					sum += v
				}
				if !(math.Abs(sum-float64(want)) <= 1e-4*max(1, math.Abs(float64(want)))) {
					t.Errorf("depth %d, row %d, class %d: they sum up to %v, the margin is %v", depth, r, k, sum, want)
				}
			}
		}
	}
}

// TestRefusesDeep: a chain of splits that is longer than what is exact.
func TestRefusesDeep(t *testing.T) {
	chain := func(n int32) gbt.Tree {
		var c gbt.Tree
		for i := range n {
			c = append(c, gbt.Node{Left: 2*i + 1, Right: 2*i + 2, Hessian: 1}, gbt.Node{Hessian: 1})
		}
		for i := range n { // node 2i's right child is node 2i+2
			c[2*i].Left, c[2*i].Right = 2*i+1, 2*i+2
		}
		return append(c, gbt.Node{Hessian: 1})
	}
	m := &gbt.Model{Schema: model.Schema{Features: []string{"a"}, Classes: []string{"u", "v"}}, Start: []float32{0, 0}}
	m.Trees = []gbt.Tree{chain(MaxDepth), chain(1)}
	if _, err := New(m); err != nil {
		t.Error(err)
	}
	m.Trees[0] = chain(MaxDepth + 1)
	if _, err := New(m); err == nil {
		t.Error("a deeper tree is explained")
	}
}

// TestImportances counts by hand.
func TestImportances(t *testing.T) {
	m := &gbt.Model{Schema: model.Schema{Features: []string{"a", "b"}, Classes: []string{"u", "v"}}, Trees: []gbt.Tree{
		{{Left: 1, Right: 2, Gain: 3, Hessian: 8}, {Hessian: 5, Gain: 99}, {Hessian: 3}},
		{{Left: 1, Right: 2, Gain: 1, Hessian: 6}, {Hessian: 5}, {Hessian: 1}},
	}}
	got := Importances(m)
	if want := []Importance{{2, 4, 14}, {}}; !slices.Equal(got, want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	if got[0].Gain() != 2 || got[0].Cover() != 7 || got[1].Gain() != 0 {
		t.Errorf("means %v %v %v", got[0].Gain(), got[0].Cover(), got[1].Gain())
	}
}

func BenchmarkRow(b *testing.B) {
	rng := rand.New(rand.NewPCG(2, 1))
	m := forest(rng, 600, 6, 26)
	x := rows(rng, 1, 26)
	e, err := New(m)
	if err != nil {
		b.Fatal(err)
	}
	phi := make([]float64, 2*e.Width())
	for b.Loop() {
		e.Rows(phi, x, 1)
	}
}
