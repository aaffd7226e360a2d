// Package gru is the kind "train/gru": one layer of gated recurrent units over the tensors of
// windows. Call [Kind]; the network itself is in steps/kit/model/nn.
package gru

import (
	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind { return training.NetKind(nn.GRU, "1", "a network of gated recurrent units") }
