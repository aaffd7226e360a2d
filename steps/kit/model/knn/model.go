package knn

import (
	"context"
	"math"
	"sync"

	"assay/steps/kit/model"
)

// A Model is the training part, standardised, with what finds the nearest of its windows.
// It implements [model.Model], and may be used by several goroutines.
type Model struct {
	model.Schema
	Params Params

	scaler     scaler
	directions []float32 // of the sketches, as rows
	classes    []int32   // of the rows
	index      *index
	searches   sync.Pool // *votes
}

// votes is the memory of a prediction.
type votes struct {
	search *search
	z      []float32 // mostQueries standardised windows
	sums   []float64 // of each class
}

// Fit makes a model of the training part. The schema names its columns and classes.
func Fit(ctx context.Context, p Params, s model.Schema, train model.Set) (*Model, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	columns := len(s.Features)
	if err := checkSize(len(train.Y), columns); err != nil {
		return nil, err
	}
	scaler := fitScaler(train.X, columns)
	rows := make([]float32, len(train.X))
	scaler.scale(rows, train.X)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return build(p, s, scaler, fitDirections(rows, columns), rows, train.Y)
}

// build makes a model of its parts. It fails if the directions are not orthonormal.
func build(p Params, s model.Schema, sc scaler, directions, rows []float32, classes []int32) (*Model, error) {
	columns := len(s.Features)
	e, err := skew(directions, columns)
	if err != nil {
		return nil, err
	}
	m := &Model{Schema: s, Params: p, scaler: sc, directions: directions, classes: classes,
		index: newIndex(rows, columns, directions, e)}
	m.searches.New = func() any {
		return &votes{m.index.newSearch(), make([]float32, mostQueries*columns), make([]float64, len(s.Classes))}
	}
	return m, nil
}

// About implements [model.Model].
func (m *Model) About() model.About {
	return model.About{Family: "knn", Form: model.Summaries, Points: 1, Schema: m.Schema}
}

// Rows returns the number of windows that the model holds.
func (m *Model) Rows() int { return m.index.n }

// Predict implements [model.Model]. A class has the share of the neighbours' votes that are
// for it.
func (m *Model) Predict(p, x []float32) {
	v := m.searches.Get().(*votes)
	columns, classes := len(m.Features), len(m.Classes)
	for len(x) > 0 {
		n := min(mostQueries, len(x)/columns)
		m.nearest(v, x[:n*columns])
		for i := range n {
			m.vote(v.sums, &v.search.found[i])
			for k, share := range v.sums {
				p[i*classes+k] = float32(share)
			}
		}
		p, x = p[n*classes:], x[n*columns:]
	}
	m.searches.Put(v)
}

// nearest finds the neighbours of at most mostQueries windows.
func (m *Model) nearest(v *votes, x []float32) {
	z := v.z[:len(x)]
	m.scaler.scale(z, x)
	m.index.nearest(v.search, z, m.Params.K)
}

// vote sets the share of the votes for each class. They are summed from the nearest
// neighbour to the farthest.
func (m *Model) vote(sums []float64, found *nearest) {
	clear(sums)
	all := 0.0
	for i, row := range found.rows {
		weight := 1.0
		switch square := found.squares[i]; {
		case m.Params.Weights == Uniform:
		case square > 0:
			// The first is at a distance of 0 if any is.
			if found.squares[0] == 0 {
				continue
			}
			weight = 1 / math.Sqrt(square)
		}
		sums[m.classes[row]] += weight
		all += weight
	}
	for k := range sums {
		sums[k] /= all
	}
}
