// Package gru is the kind "train/gru": one layer of gated recurrent units over the tensors of
// windows. Call [Kind]; the network itself is in steps/kit/model/nn.
package gru

import (
	"context"
	"errors"

	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return training.TensorKind(training.Family[Params]{
		Name: "train/gru", Version: "1",
		About: "Train a network of gated recurrent units on the training part of a split, stop by its validation " +
			"part, and predict validation and test",
		Defaults: Params{training.TensorNet{Net: training.NetDefaults(64), Grid: training.GridDefaults()}},
		Fit: func(ctx context.Context, p *Params, d *model.Data) (*training.Fit, error) {
			return p.Neural(ctx, nn.GRU, d)
		},
	})
}

// Params are the parameters of the kind.
type Params struct{ training.TensorNet }

// Check implements [step.Checker].
func (p *Params) Check() error { return errors.Join(p.CheckNet(nn.GRU), p.CheckGrid()) }
