package knn

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/modeltest"
)

// line returns a model of one column with rows at the given places, not standardised.
func line(t *testing.T, p Params, classes int, at []float32, of []int32) *Model {
	t.Helper()
	m, err := build(p, schemaOf(1, classes), scaler{[]float32{0}, []float32{1}}, []float32{1}, at, of)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestVotes has neighbours whose shares can be counted by hand.
func TestVotes(t *testing.T) {
	at, of := []float32{0, 1, 2, 4, 4, 8}, []int32{0, 1, 2, 0, 1, 2}
	for _, test := range []struct {
		name string
		p    Params
		x    float32
		want []float32
	}{
		{"the nearest", Params{1, Distance}, 7, []float32{0, 0, 1}},
		{"all count the same", Params{3, Uniform}, 0.25, []float32{1. / 3, 1. / 3, 1. / 3}},
		{"1 / distance", Params{3, Distance}, 3, []float32{1. / 3, 1. / 3, 1. / 3}},
		{"1 / distance of two", Params{2, Distance}, 0.25, []float32{0.75, 0.25, 0}},
		{"only those at a distance of 0", Params{4, Distance}, 4, []float32{0.5, 0.5, 0}},
		{"a distance of 0 among equals", Params{3, Uniform}, 4, []float32{1. / 3, 1. / 3, 1. / 3}},
		{"the lower row of two at a distance", Params{1, Uniform}, 3, []float32{0, 0, 1}},
		{"the lower row of two in a place", Params{1, Uniform}, 4.5, []float32{1, 0, 0}},
		{"all rows, if there are fewer", Params{100, Uniform}, 1, []float32{1. / 3, 1. / 3, 1. / 3}},
		{"missing is the mean", Params{1, Uniform}, nan, []float32{1, 0, 0}},
	} {
		p := make([]float32, 3)
		line(t, test.p, 3, at, of).Predict(p, []float32{test.x})
		if !slices.Equal(p, test.want) {
			t.Errorf("%s: %v, want %v", test.name, p, test.want)
		}
	}
}

func TestOneClass(t *testing.T) {
	s := newSample(3, 9, nil)
	m := fitted(t, Params{5, Distance}, 9, 1, s.set(40, 1))
	p := make([]float32, 30)
	m.Predict(p, s.rows(30))
	for i, v := range p {
		if v != 1 {
			t.Errorf("window %d: %v", i, v)
		}
	}
}

// TestScaler standardises by hand-made statistics.
func TestScaler(t *testing.T) {
	x := []float32{1, 5, nan, 7, 3, 5, nan, inf, 5, 5, nan, 9}
	s := fitScaler(x, 4)
	if !slices.Equal(s.mean, []float32{3, 5, 0, 8}) || !slices.Equal(s.inverse, []float32{float32(1 / math.Sqrt(8./3)), 0, 0, 1}) {
		t.Errorf("mean %v, inverse %v", s.mean, s.inverse)
	}
	z := make([]float32, 8)
	s.scale(z, []float32{3, 77, 1, 6, nan, inf, -inf, math.MaxFloat32})
	if !slices.Equal(z, []float32{0, 0, 0, -2, 0, 0, 0, farthest}) {
		t.Errorf("standardised %v", z)
	}
}

// TestBatches predicts windows one by one, in any batches and side by side.
func TestBatches(t *testing.T) {
	const n, columns, classes = 150, 40, 4
	s := newSample(5, columns, kinds["heavy tails"])
	m := fitted(t, Params{5, Distance}, columns, classes, s.set(2500, classes))
	x := s.rows(n)
	all, pieces := make([]float32, n*classes), make([]float32, n*classes)
	m.Predict(all, x)
	var group sync.WaitGroup
	for from, size := 0, 1; from < n; from, size = from+size, size*2 {
		to := min(n, from+size)
		group.Go(func() { m.Predict(pieces[from*classes:to*classes], x[from*columns:to*columns]) })
	}
	group.Wait()
	if !slices.Equal(all, pieces) {
		t.Error("the predictions depend on the batch")
	}
	m.Predict(nil, nil)
	for _, size := range []int{1, 64, n} {
		modeltest.NoAllocs(t, func() { m.Predict(all[:size*classes], x[:size*columns]) })
	}
}

// TestFewAreMeasured holds the search to its purpose: of rows that have directions in
// common it computes few distances.
func TestFewAreMeasured(t *testing.T) {
	const n, columns = 20000, 120
	s := newSample(8, columns, func(rng *rand.Rand, x []float32) {
		clear(x)
		for factor := range 12 {
			v, weights := rng.NormFloat64(), rand.New(rand.NewPCG(uint64(factor), 0))
			for c := range x {
				x[c] += float32(v * weights.NormFloat64())
			}
		}
		for c := range x {
			x[c] += float32(rng.NormFloat64() / 2)
		}
	})
	m := fitted(t, Params{5, Uniform}, columns, 2, s.set(n, 2))
	v := m.searches.New().(*votes)
	m.nearest(v, s.rows(1))
	q, found := &v.search.queries[0], &v.search.found[0]
	slope, limit := q.limit(m.index.projector.stretch, found.most())
	stay := 0
	for i := range n {
		var product float64
		for j, code := range q.codes {
			at := i/32*32*len(q.codes) + j/2*64 + i%32*2 + j%2
			product += float64(code) * float64(m.index.sketches.panels[at])
		}
		k := m.index.sketches
		if float64(k.a[i])-product*q.step*float64(k.w[i])-float64(slope*k.r[i]) <= float64(limit) {
			stay++
		}
	}
	if stay < 5 || stay > n/50 {
		t.Errorf("%d of %d rows may be among the nearest 5", stay, n)
	}
}

// The same windows make the same model, whatever else is going on.
func TestSameModel(t *testing.T) {
	set := newSample(11, 90, kinds["missing"]).set(600, 3)
	a, b := fitted(t, Params{5, Distance}, 90, 3, set), fitted(t, Params{5, Distance}, 90, 3, set)
	for i, x := range a.Tensors() {
		if y := b.Tensors()[i]; x.Name != y.Name || !slices.Equal(x.Data, y.Data) {
			t.Errorf("the tensor %s differs", x.Name)
		}
	}
}

func TestFitRefuses(t *testing.T) {
	set := newSample(1, 3, nil).set(4, 2)
	for want, change := range map[string]struct {
		p       Params
		columns int
		set     model.Set
	}{
		"k is 0, want 1 to 1000":         {Params{0, Distance}, 3, set},
		`weights is "near", want`:        {Params{1, "near"}, 3, set},
		"needs rows and columns, got 0":  {Params{1, Uniform}, 3, model.Set{}},
		"4 rows of 5000 columns are too": {Params{1, Uniform}, 5000, set},
	} {
		_, err := Fit(t.Context(), change.p, schemaOf(change.columns, 2), change.set)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fit(ctx, Params{1, Uniform}, schemaOf(3, 2), set); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
