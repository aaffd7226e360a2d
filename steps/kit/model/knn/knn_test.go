package knn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/model"
)

// schemaOf returns a schema of so many columns and classes.
func schemaOf(columns, classes int) model.Schema {
	s := model.Schema{Meaning: "m"}
	for i := range columns {
		s.Features = append(s.Features, fmt.Sprint("f", i))
	}
	for i := range classes {
		s.Classes = append(s.Classes, fmt.Sprint("c", i))
	}
	return s
}

// A sample makes windows: of some clusters, each with a spread of its own, with tails and
// whatever else is odd.
type sample struct {
	rng     *rand.Rand
	columns int
	centres [][]float64
	spoil   func(rng *rand.Rand, x []float32)
}

func newSample(seed uint64, columns int, spoil func(rng *rand.Rand, x []float32)) *sample {
	s := &sample{rng: rand.New(rand.NewPCG(seed, 7)), columns: columns, spoil: spoil}
	for range 7 {
		centre := make([]float64, columns)
		for c := range centre {
			centre[c] = s.rng.NormFloat64() * 3
		}
		s.centres = append(s.centres, centre)
	}
	return s
}

func (s *sample) rows(n int) []float32 {
	x := make([]float32, n*s.columns)
	for i := range n {
		row := x[i*s.columns : (i+1)*s.columns]
		k := s.rng.IntN(len(s.centres))
		for c := range row {
			row[c] = float32(s.centres[k][c] + s.rng.NormFloat64()*math.Pow(2, float64(k-c%9)))
		}
		if s.spoil != nil {
			s.spoil(s.rng, row)
		}
	}
	return x
}

func (s *sample) set(n, classes int) model.Set {
	set := model.Set{X: s.rows(n)}
	for range n {
		set.Y = append(set.Y, int32(s.rng.IntN(classes)))
	}
	return set
}

// brute finds neighbours by the definition: all distances, sorted.
func brute(m *Model, x []float32) (rows []int32, squares []float64) {
	z := make([]float32, len(x))
	m.scaler.scale(z, x)
	type one struct {
		square float64
		row    int32
	}
	var all []one
	for i := range m.Rows() {
		var lanes [4]float64
		for c, v := range z {
			d := float64(v) - float64(m.index.rows[i*len(z)+c])
			lanes[c%4] += float64(d * d)
		}
		all = append(all, one{(lanes[0] + lanes[1]) + (lanes[2] + lanes[3]), int32(i)})
	}
	slices.SortStableFunc(all, func(a, b one) int {
		switch {
		case a.square < b.square:
			return -1
		case a.square > b.square:
			return 1
		}
		return 0
	})
	for _, o := range all[:min(m.Params.K, len(all))] {
		rows, squares = append(rows, o.row), append(squares, o.square)
	}
	return rows, squares
}

// compare checks the neighbours of all queries, found one by one and all together.
func compare(t *testing.T, m *Model, queries []float32) {
	t.Helper()
	columns := len(m.Features)
	one, many := m.searches.New().(*votes), m.searches.New().(*votes)
	for at := 0; at < len(queries); at += mostQueries * columns {
		batch := queries[at:min(len(queries), at+mostQueries*columns)]
		m.nearest(many, batch)
		for i := range len(batch) / columns {
			x := batch[i*columns : (i+1)*columns]
			rows, squares := brute(m, x)
			m.nearest(one, x)
			for _, found := range []*nearest{&many.search.found[i], &one.search.found[0]} {
				if !slices.Equal(found.rows, rows) || !slices.Equal(found.squares, squares) {
					t.Fatalf("query %d: rows %v at %v, want %v at %v", at/columns+i, found.rows, found.squares, rows, squares)
				}
			}
		}
	}
}

func fitted(t testing.TB, p Params, columns, classes int, train model.Set) *Model {
	t.Helper()
	m, err := Fit(t.Context(), p, schemaOf(columns, classes), train)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var nan, inf = float32(math.NaN()), float32(math.Inf(1))

// kinds of data are what a search must not stumble over.
var kinds = map[string]func(rng *rand.Rand, x []float32){
	"clusters": nil,
	"heavy tails": func(rng *rand.Rand, x []float32) {
		for c := range x {
			if rng.IntN(20) == 0 {
				x[c] *= float32(math.Exp(rng.NormFloat64() * 5))
			}
		}
	},
	"duplicates": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] = float32(math.Round(float64(x[c]) / 20))
		}
	},
	"few values": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] = float32(rng.IntN(2))
		}
	},
	"constant columns": func(rng *rand.Rand, x []float32) {
		for c := 0; c < len(x); c += 2 {
			x[c] = 12345.678
		}
	},
	"all the same": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] = 3
		}
	},
	"missing": func(rng *rand.Rand, x []float32) {
		for c := range x {
			if rng.IntN(3) == 0 {
				x[c] = []float32{nan, inf, -inf}[rng.IntN(3)]
			}
		}
	},
	"nothing there": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] = nan
		}
	},
	"enormous": func(rng *rand.Rand, x []float32) {
		for c := range x {
			if x[c] *= 1e30; rng.IntN(50) == 0 {
				x[c] = []float32{math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32}[rng.IntN(3)]
			}
		}
	},
	"tiny": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] *= 1e-42
		}
	},
	"without a direction": func(rng *rand.Rand, x []float32) {
		for c := range x {
			x[c] = float32(rng.NormFloat64())
		}
	},
}

// TestNeighbours compares the search with brute force, of rows like those that are there,
// of rows that are there, and of rows like nothing that is there.
func TestNeighbours(t *testing.T) {
	for name, spoil := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, shape := range []struct{ rows, columns, k int }{{1500, 230, 5}, {1100, 70, 9}, {700, 6, 1}, {40, 1, 3}, {33, 230, 40}} {
				if testing.Short() && shape.rows > 1000 {
					continue
				}
				s := newSample(uint64(shape.columns), shape.columns, spoil)
				train := s.set(shape.rows, 3)
				m := fitted(t, Params{shape.k, Distance}, shape.columns, 3, train)
				compare(t, m, s.rows(130))
				compare(t, m, train.X[:30*shape.columns])
				strange := newSample(99, shape.columns, kinds["heavy tails"]).rows(30)
				compare(t, m, strange)
			}
		})
	}
}
