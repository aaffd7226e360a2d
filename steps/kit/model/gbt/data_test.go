package gbt

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
)

// problem makes a set that looks like windows of telemetry: columns of few
// values, of heavy tails, constant ones, some with values missing at random and
// some in whole.
func problem(seed uint64, rows, columns, classes int) (model.Schema, model.Set) {
	rng := rand.New(rand.NewPCG(seed, 77))
	s := model.Schema{}
	for c := range columns {
		s.Features = append(s.Features, fmt.Sprintf("f%d", c))
	}
	for k := range classes {
		s.Classes = append(s.Classes, fmt.Sprintf("c%d", k))
	}
	set := model.Set{X: make([]float32, rows*columns), Y: make([]int32, rows)}
	// The columns' make-up must not depend on the seed: train and validation
	// are drawn apart.
	for i := range rows {
		y := rng.IntN(classes)
		if rng.IntN(10) == 0 {
			set.Y[i] = int32(rng.IntN(classes))
		} else {
			set.Y[i] = int32(y)
		}
		for c := range columns {
			set.X[i*columns+c] = column(rng, c, y)
		}
	}
	return s, set
}

func column(rng *rand.Rand, c, y int) float32 {
	shift := float64((c*7+y*(c%5))%11) / 6
	v := rng.NormFloat64() + shift
	switch c % 8 {
	case 1:
		v = kernel.Exp(2 * v)
	case 2:
		v = math.Round(v)
	case 3:
		v = 4
	case 4:
		if rng.IntN(3) == 0 {
			v = math.NaN()
		}
	case 5:
		v = max(v, 0) // half of it is 0
	case 6:
		v = math.Inf(1 - 2*rng.IntN(2))
	case 7:
		if y == 1 && rng.IntN(4) > 0 {
			v = math.NaN() // that it is missing tells something
		}
	}
	return float32(v)
}

func defaults() Params {
	return Params{
		Rounds: 10, Patience: 10, MaxDepth: 4, MaxBin: 32, LearningRate: 0.3,
		Lambda: 1, MinChildWeight: 1, Subsample: 1, ColsampleTree: 1, ColsampleLevel: 1, ClassWeight: Unweighted, Seed: 1,
		Workers: 1,
	}
}

func train(t testing.TB, p Params, rows, columns, classes int) (*Fit, model.Set) {
	t.Helper()
	s, set := problem(1, rows, columns, classes)
	_, held := problem(2, rows/2+1, columns, classes)
	fit, err := fitOf(t.Context(), p, s, set, held, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fit, held
}

// fitOf bins the rows and trains.
func fitOf(ctx context.Context, p Params, s model.Schema, set, held model.Set, each func(model.Round)) (*Fit, error) {
	rows, err := Bin(p, s, set)
	if err != nil {
		return nil, err
	}
	return Train(ctx, p, rows, held, each)
}

// predict returns what a model says of rows.
func predict(m *Model, x []float32) []float32 {
	p := make([]float32, len(x)/len(m.Features)*len(m.Classes))
	m.Predict(p, x)
	return p
}
