// Package lstm is the kind "train/lstm": one layer of long short-term memory over the tensors of
// windows. Call [Kind]; the network itself is in steps/kit/model/nn.
package lstm

import (
	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/model/nn"
)

// Kind returns the kind.
func Kind() *step.Kind { return training.NetKind(nn.LSTM, "1", "a network of long short-term memory") }
