// Package mlp is the kind "train/mlp": a multi-layer perceptron over summary windows.
// Call [Kind]; the network itself is in steps/kit/model/nn.
package mlp

import (
	"context"

	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return training.Kind(training.Family[Params]{
		Name: "train/mlp", Version: "1",
		About: "Train a multi-layer perceptron on the training part of a split, stop by its validation part, " +
			"and predict validation and test",
		Defaults: Params{training.NetDefaults(256)},
		Fit: func(ctx context.Context, p *Params, d *model.Data) (*training.Fit, error) {
			return p.Neural(ctx, nn.MLP, d)
		},
	})
}

// Params are the parameters of the kind.
type Params struct{ training.Net }

// Check implements [step.Checker].
func (p *Params) Check() error { return p.CheckNet(nn.MLP) }
