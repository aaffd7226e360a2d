package logistic

import (
	"context"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

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

func rounded(w []float64) []float32 {
	out := make([]float32, len(w))
	for i, v := range w {
		out[i] = float32(v)
	}
	return out
}
