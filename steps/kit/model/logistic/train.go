package logistic

import (
	"context"
	"errors"
	"fmt"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/score"
)

// Settings say how to train.
type Settings struct {
	Lambda     float64 // L2 penalty; 0 tries those of [Lambdas] and takes the best
	Balance    float64 // a class of n windows weighs n to the power of minus this
	Iterations int     // most of them for one penalty
	Workers    int     // goroutines; they change nothing but the time taken
}

// Lambdas returns the penalties that training tries, strongest first.
func Lambdas() []float64 { return []float64{0.1, 0.03, 0.01, 0.003, 0.001, 0.0003} }

// Tolerance is the largest size of a number in the gradient at which a model is done. The
// weights of all windows add up to 1, so it does not depend on how many there are.
const Tolerance = 1e-5

// Check returns every mistake at once.
func (s Settings) Check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(s.Lambda == 0 || s.Lambda >= 1e-6 && s.Lambda <= 1e6, "lambda is %v, want 0.000001 to 1e6, or 0 to choose one",
		s.Lambda)
	need(s.Balance >= 0 && s.Balance <= 2, "class_weights is %v, want 0 to 2", s.Balance)
	need(s.Iterations >= 1 && s.Iterations <= 1_000_000, "iterations is %d, want 1 to 1000000", s.Iterations)
	return errors.Join(errs...)
}

// A Solution is the best model for one penalty.
type Solution struct {
	Lambda     float64 `json:"lambda"`
	Iterations int     `json:"iterations"` // from the solution before, or from 0
	Gradient   float64 `json:"gradient"`   // the largest size of a number in it
	Train      float64 `json:"train"`      // weighted cross-entropy of the training part
	Validation float64 `json:"validation"` // and of the validation part, with the same weights
	MacroF1    float64 `json:"macro_f1"`   // of the validation part
}

// Converged reports whether the solution is one.
func (s Solution) Converged() bool { return s.Gradient <= Tolerance }

// A Fit is the result of training.
type Fit struct {
	Model *Model
	Path  []Solution // in the order in which they were found
	Best  int        // index into Path of the highest validation macro F1, the first of equals
}

// Train fits a model to windows of summaries. Each penalty starts from the solution of the
// stronger one before. It calls told after each of them. It fails if the context ends.
func Train(ctx context.Context, s Settings, schema model.Schema, train, validation model.Set,
	told func(done, of int, found Solution)) (*Fit, error) {
	team := f32.NewTeam(s.Workers)
	defer team.Close()
	features := len(schema.Features)
	share := shares(train, s.Balance)
	scaler := fitScaler(train, features)
	p := newProblem(scaler.scaled(train.X), train.Y, share, features, team)
	m := newMinimiser(p.size(), p.evaluate)
	m.most, m.tolerance = s.Iterations, Tolerance
	fit, total := &Fit{}, 0
	lambdas := s.lambdas()
	for i, lambda := range lambdas {
		p.lambda = lambda
		n, err := m.run(ctx)
		if err != nil {
			return nil, err
		}
		total += n
		made := &Model{Schema: schema, Iterations: total, scaler: scaler, weights: rounded(m.w)}
		found := Solution{Lambda: lambda, Iterations: n, Gradient: largest(m.gradient)}
		found.Train, _ = made.judge(train, share)
		found.Validation, found.MacroF1 = made.judge(validation, share)
		fit.keep(made, found)
		told(i+1, len(lambdas), found)
	}
	return fit, nil
}

// lambdas returns the penalties to try.
func (s Settings) lambdas() []float64 {
	if s.Lambda == 0 {
		return Lambdas()
	}
	return []float64{s.Lambda}
}

// keep adds a solution, and keeps its model if it is the best so far: by macro F1, as the
// networks choose their epoch. The loss would take stronger penalties, since it punishes a
// model that is sure and wrong; on the bundled corpus their macro F1 is mostly lower.
func (f *Fit) keep(m *Model, found Solution) {
	f.Path = append(f.Path, found)
	if f.Model == nil || found.MacroF1 > f.Path[f.Best].MacroF1 {
		f.Best, f.Model = len(f.Path)-1, m
	}
}

// shares returns the weight of a window of each class; those of all windows add up to 1.
func shares(train model.Set, balance float64) []float64 {
	share := nn.Balance(train.Counts(), balance)
	scale(share, 1/float64(len(train.Y)))
	return share
}

// judge returns the weighted mean cross-entropy, and macro F1, of some windows. Classes
// that training lacked have no weight; the loss is 0 if there are no others.
func (m *Model) judge(s model.Set, share []float64) (loss, macroF1 float64) {
	p := make([]float32, len(s.Y)*len(m.Classes))
	m.Predict(p, s.X)
	var c score.Confusion
	total := 0.0
	for i, y := range s.Y {
		row := p[i*len(m.Classes) : (i+1)*len(m.Classes)]
		total += share[y]
		loss += float64(-share[y] * kernel.Log(max(float64(row[y]), leastProbability)))
		c.Add(y, highest(row))
	}
	if total > 0 {
		loss /= total
	}
	return loss, c.MacroF1()
}

// leastProbability stands for one that float32 rounds to 0, whose logarithm is infinite.
const leastProbability = 1e-30

// highest returns the class of the highest probability, the first of equals.
func highest(row []float32) int32 {
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return int32(best)
}

func rounded(w []float64) []float32 {
	out := make([]float32, len(w))
	for i, v := range w {
		out[i] = float32(v)
	}
	return out
}
