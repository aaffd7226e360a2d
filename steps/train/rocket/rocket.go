// Package rocket is the kind "train/rocket": random convolutions (MiniRocket) over the tensors of
// windows, and a ridge classifier on them. Call [Kind]; the model itself is in
// steps/kit/model/rocket.
package rocket

import (
	"context"
	"errors"

	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model"
	"assay/steps/kit/model/rocket"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return training.TensorKind(training.Family[Params]{
		Name: "train/rocket", Version: "1",
		About: "Train a ridge classifier on random convolutions (MiniRocket) of the training part of a split, choose " +
			"the ridge by its validation part, and predict validation and test",
		Defaults: defaults(),
		Fit:      fit,
	})
}

// Params are the parameters of the kind.
type Params struct {
	training.Common
	training.Grid
	Features     int       `json:"features" doc:"number of features; the highest multiple of 84 that is not above it is taken"`
	ClassWeights float64   `json:"class_weights" doc:"a class of n windows weighs n to the power of minus this; 0 is no weights, 1 full balance"`
	Ridges       []float64 `json:"ridges" doc:"strengths of the ridge to try, ascending; that with the lowest loss on the validation part is taken"`
}

func defaults() Params {
	return Params{
		Common: training.Common{View: model.Realistic, Seed: 1}, Grid: training.GridDefaults(),
		Features: 10_000, ClassWeights: 0.5, Ridges: []float64{0.01, 0.03, 0.1, 0.3, 1, 3},
	}
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	return errors.Join(p.View.Check(), p.settings(1).Check(), p.CheckGrid())
}

func (p *Params) settings(workers int) rocket.Settings {
	return rocket.Settings{Features: p.Features, Balance: p.ClassWeights, Ridges: p.Ridges, Seed: p.Seed,
		Workers: workers}
}

func fit(ctx context.Context, p *Params, d *model.Data) (*training.Fit, error) {
	report := step.Report(ctx)
	data := rocket.Data{Series: d.Series, Train: d.Train, Validation: d.Validation}
	made, err := rocket.Train(ctx, p.settings(step.Cores(ctx)), d.Schema(), d.Hz, data,
		func(share float64) { report.Progress(int(100*share), 100) })
	if err != nil {
		return nil, err
	}
	for _, t := range made.Tries {
		report.Logf("ridge %v: validation loss %.4f, validation macro F1 %.3f", t.Ridge, t.Loss, t.MacroF1)
	}
	if n := len(made.Tries); n > 1 && made.Best == n-1 {
		report.Warnf("the last of %d ridges, %v, was the best; try a stronger one", n, made.Tries[n-1].Ridge)
	}
	if made.Flat {
		report.Warnf("the model says the same of every window, since those of the training part differ in no feature, or are " +
			"all of one class; use another view, or a split that trains on more")
	}
	return &training.Fit{Model: made.Model, Best: made.Best, Ridges: made.Tries}, nil
}
