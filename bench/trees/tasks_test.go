//go:build linux

package trees

import (
	"math"
	"math/rand/v2"
	"testing"

	"assay/bench/turns"
)

// A trait makes a task out of the ordinary.
type trait struct {
	name string
	job  job // what of its parameters differs

	shares []float64                                         // of the classes; nil if they are equal
	noise  float64                                           // share of rows whose class is drawn again
	column func(rng *rand.Rand, c int, v, z float64) float64 // of a value and a number all columns of a row share
}

func traits() []trait {
	nan := math.NaN()
	return []trait{
		{name: "plain"},
		{name: "rare classes", shares: []float64{0.75, 0.17, 0.06, 0.02}},
		{name: "rare classes, balanced weights", shares: []float64{0.75, 0.17, 0.06, 0.02}, job: job{Balanced: true}},
		{name: "label noise", noise: 0.3},
		{name: "half missing", column: func(rng *rand.Rand, c int, v, z float64) float64 {
			if rng.Float64() < 0.5 || c%6 == 1 && z > 0.5 {
				return nan
			}
			return v
		}},
		{name: "constant and duplicate columns", column: func(_ *rand.Rand, c int, v, z float64) float64 {
			switch c % 3 {
			case 1:
				return 7
			case 2:
				return z
			}
			return v
		}},
		{name: "heavy tails", column: func(rng *rand.Rand, c int, v, z float64) float64 {
			return math.Sinh(3*v) / max(1e-9, rng.Float64())
		}},
		{name: "one dominant column", column: func(_ *rand.Rand, c int, v, z float64) float64 {
			if c == 0 {
				return 10 * v
			}
			return math.Round(v / 3)
		}},
		{name: "few values", column: func(_ *rand.Rand, c int, v, z float64) float64 { return math.Round(v) }},
		{name: "rows and columns sampled", job: job{Subsample: 0.7, Colsample: 0.5}},
	}
}

// BenchmarkTasks fails if the loss on rows held out is over 1 % above XGBoost's with the
// same parameters, in the mean of some seeds, on a task of any trait.
func BenchmarkTasks(b *testing.B) {
	python := turns.Python("xgboost, lightgbm")
	if python == "" {
		b.Skip("no XGBoost to compare with")
	}
	for _, t := range traits() {
		b.Run(t.name, func(b *testing.B) {
			for b.Loop() {
				own, other := 0.0, 0.0
				for seed := range uint64(turns.Number(b, "ASSAY_BENCH_SEEDS", 3)) {
					j := t.job
					j.Rounds, j.Threads, j.Last = 100, 1, true
					j = folder(b, t.task(seed+1), j)
					own += ours(b, j).Loss
					other += theirs(b, python, "xgboost", j).Loss
				}
				b.ReportMetric(own/other, "of-xgboost-mlogloss")
				if own > 1.01*other {
					b.Errorf("the loss is %.4f times XGBoost's", own/other)
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// task makes 6,000 rows of 24 columns in four classes to train on, and 20,000 held out.
func (t trait) task(seed uint64) *task {
	const columns, classes, train, held = 24, 4, 6_000, 20_000
	rng := rand.New(rand.NewPCG(seed, 5))
	k := &task{Columns: columns, Classes: classes, Train: train}
	for range train + held {
		y := t.class(rng)
		z := rng.NormFloat64() + 0.3*float64(y)
		for c := range columns {
			v := 1.5*rng.NormFloat64() + 0.5*z + float64((c*7+y*(c%5))%11)/5
			if t.column != nil {
				v = t.column(rng, c, v, z)
			}
			k.x = append(k.x, float32(v))
		}
		if rng.Float64() < t.noise {
			y = rng.IntN(classes)
		}
		k.y = append(k.y, int32(y))
	}
	return k
}

func (t trait) class(rng *rand.Rand) int {
	if t.shares == nil {
		return rng.IntN(4)
	}
	u, y := rng.Float64(), 0
	for y < len(t.shares)-1 && u >= t.shares[y] {
		u -= t.shares[y]
		y++
	}
	return y
}
