package nn

import (
	"errors"
	"fmt"
)

// The families of networks.
const (
	MLP         = "mlp"
	CNN         = "cnn"
	GRU         = "gru"
	LSTM        = "lstm"
	Transformer = "transformer"
)

// A Network says which layers a network has. Everything else about it is weights.
type Network struct {
	Family  string  `json:"family"`
	Inputs  int     `json:"inputs"` // columns of a point
	Points  int     `json:"points"` // of a window; 1 for the mlp
	Hidden  int     `json:"hidden"` // width of the layers
	Classes int     `json:"classes"`
	Dropout float64 `json:"dropout"` // share of values that training drops
}

// Bounds of a network. They keep what a saved model claims from taking all memory.
const (
	maxInputs  = 1 << 14
	maxPoints  = 1 << 14
	maxHidden  = 1 << 12
	maxClasses = 1 << 6 // what the loss has memory for
)

// Check returns every mistake at once.
func (n Network) Check() error {
	var errs []error
	mistake := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	_, known := families()[n.Family]
	mistake(known, "the network is a %q; known are mlp, cnn, gru, lstm and transformer", n.Family)
	mistake(n.Inputs >= 1 && n.Inputs <= maxInputs, "inputs is %d, want 1 to %d", n.Inputs, maxInputs)
	mistake(n.Points >= 1 && n.Points <= maxPoints, "points is %d, want 1 to %d", n.Points, maxPoints)
	mistake(n.Family != MLP || n.Points == 1, "an mlp reads one point per window, not %d", n.Points)
	mistake(n.Classes >= 2 && n.Classes <= maxClasses, "classes is %d, want 2 to %d", n.Classes, maxClasses)
	mistake(n.Dropout >= 0 && n.Dropout < 1, "dropout is %v, want at least 0 and less than 1", n.Dropout)
	return errors.Join(append(errs, CheckHidden(n.Family, n.Hidden))...)
}

// CheckHidden returns an error unless a family can have layers of some width.
func CheckHidden(family string, hidden int) error {
	unit := width // the kernels' columns
	if family == MLP {
		unit *= 2 // its second layer is half as wide
	}
	if hidden < unit || hidden > maxHidden || hidden%unit != 0 {
		return fmt.Errorf("hidden is %d, want a multiple of %d, at most %d", hidden, unit, maxHidden)
	}
	return nil
}

// width is the number of columns that the kernels work on together. Every matrix
// that they multiply by in place is a multiple of it wide.
const width = 16

// padded returns n, rounded up to whole columns of the kernels.
func padded(n int) int { return (n + width - 1) / width * width }
