package rocket

import (
	"errors"
	"fmt"
	"slices"
)

// Settings say how a model is trained.
type Settings struct {
	Features int       // of a window, at least 84; the highest multiple of 84 that is not above
	Balance  float64   // a class of n windows weighs n^-Balance
	Ridges   []float64 // strengths of the ridge to try, above 0, ascending
	Seed     uint64
	Workers  int // goroutines; they do not show in the model
}

const (
	mostFeatures = 100_000
	mostRidges   = 32
	weakest      = 1e-5 // ridge; a weaker one is lost in the rounding of the equations

	// What is held in memory: 4 GiB of features of the training part, and equations for as many
	// unknowns as there are windows or features, whichever are fewer, 2 × 8 bytes for each two.
	mostCells    = 1 << 30
	mostUnknowns = 16_000
)

// Check returns every mistake at once.
func (s Settings) Check() error {
	var errs []error
	if s.Features < kernels || s.Features > mostFeatures {
		errs = append(errs, fmt.Errorf("features is %d, want %d to %d", s.Features, kernels, mostFeatures))
	}
	if !(s.Balance >= 0 && s.Balance <= 1) {
		errs = append(errs, fmt.Errorf("class_weights is %v, want 0 to 1", s.Balance))
	}
	if n := len(s.Ridges); n < 1 || n > mostRidges {
		errs = append(errs, fmt.Errorf("ridges has %d numbers, want 1 to %d", n, mostRidges))
	}
	if !slices.IsSorted(s.Ridges) {
		errs = append(errs, fmt.Errorf("ridges is %v, want the strengths in ascending order", s.Ridges))
	}
	for _, r := range s.Ridges {
		if !(r >= weakest && r <= 1/weakest) {
			errs = append(errs, fmt.Errorf("ridges has %v, want numbers from %v to %v", r, weakest, 1/weakest))
		}
	}
	return errors.Join(errs...)
}
