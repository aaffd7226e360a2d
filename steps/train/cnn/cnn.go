// Package cnn is the kind "train/cnn": three dilated convolutions with batch normalization over the tensors of
// windows. Call [Kind]; the network itself is in steps/kit/model/nn.
package cnn

import (
	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind { return training.NetKind(nn.CNN, "1", "a convolutional network") }
