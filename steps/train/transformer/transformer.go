// Package transformer is the kind "train/transformer": two layers of a transformer's encoder over the tensors of
// windows. Call [Kind]; the network itself is in steps/kit/model/nn.
package transformer

import (
	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind { return training.NetKind(nn.Transformer, "1", "a transformer") }
