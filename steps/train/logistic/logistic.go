// Package logistic is the kind "train/logistic": multinomial logistic regression over
// summary windows. Call [Kind]; the model itself is steps/kit/model/logistic.
package logistic

import (
	"context"
	"errors"

	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model"
	"assay/steps/kit/model/logistic"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return training.Kind(training.Family[Params]{
		Name: "train/logistic", Version: "1",
		About: "Train multinomial logistic regression on the training part of a split, choose its penalty by the " +
			"validation part, and predict validation and test",
		Defaults: Params{View: model.Realistic, ClassWeights: 0.75, Iterations: 2000},
		Fit:      fit,
	})
}

// Params are the parameters of the kind. Nothing in training is random, so it has no seed.
type Params struct {
	View         model.View `json:"view" oneof:"realistic oracle" doc:"channels the model sees: as deployed (guest and netflow) or all"`
	Lambda       float64    `json:"lambda" doc:"L2 penalty on the weights of the standardised features; 0 tries 0.1, 0.03, 0.01, 0.003, 0.001 and 0.0003 and takes the one with the highest macro F1 on the validation part"`
	ClassWeights float64    `json:"class_weights" doc:"a class of n windows weighs n to the power of minus this; 0 is no weights, 1 full balance"`
	Iterations   int        `json:"iterations" doc:"maximum number of iterations of the minimiser (L-BFGS) for one penalty; it stops before, where no number in the gradient is larger than 0.00001"`
}

// Shared implements [training.Params].
func (p *Params) Shared() training.Common { return training.Common{View: p.View} }

// Check implements [step.Checker].
func (p *Params) Check() error { return errors.Join(p.View.Check(), p.settings(1).Check()) }

func (p *Params) settings(workers int) logistic.Settings {
	return logistic.Settings{Lambda: p.Lambda, Balance: p.ClassWeights, Iterations: p.Iterations, Workers: workers}
}

// fit trains, and warns where the minimiser did not come to an end.
func fit(ctx context.Context, p *Params, d *model.Data) (*training.Fit, error) {
	report := step.Report(ctx)
	told := func(done, of int, found logistic.Solution) {
		report.Progress(done, of)
		report.Logf("lambda %v: %d iterations, training loss %.4f, validation loss %.4f, validation macro F1 %.3f",
			found.Lambda, found.Iterations, found.Train, found.Validation, found.MacroF1)
		if !found.Converged() {
			report.Warnf("lambda %v: after %d iterations the largest number in the gradient is %.2g, more than %v; "+
				"give it more iterations, or a larger lambda", found.Lambda, found.Iterations, found.Gradient,
				logistic.Tolerance)
		}
	}
	made, err := logistic.Train(ctx, p.settings(step.Cores(ctx)), d.Schema(), d.Train, d.Validation, told)
	if err != nil {
		return nil, err
	}
	return &training.Fit{Model: made.Model, Best: made.Best, Penalties: made.Path}, nil
}
