package logistic

import (
	"errors"
	"fmt"
)

// Settings say how to train.
type Settings struct {
	Lambda     float64 // L2 penalty; 0 tries those of [Lambdas] and takes the best
	Balance    float64 // a class of n windows weighs n to the power of minus this
	Iterations int     // most of them for one penalty
	Workers    int     // goroutines; they change nothing but the time taken
}

// Lambdas returns the penalties that training tries, strongest first.
func Lambdas() []float64 { return []float64{0.1, 0.03, 0.01, 0.003, 0.001, 0.0003} }

// Tolerance is the largest size of a number in the gradient at which a model is done. The
// weights of all windows add up to 1, so it does not depend on how many there are.
const Tolerance = 1e-5

// Check returns every mistake at once.
func (s Settings) Check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(s.Lambda == 0 || s.Lambda >= 1e-6 && s.Lambda <= 1e6, "lambda is %v, want 0.000001 to 1e6, or 0 to choose one",
		s.Lambda)
	need(s.Balance >= 0 && s.Balance <= 2, "class_weights is %v, want 0 to 2", s.Balance)
	need(s.Iterations >= 1 && s.Iterations <= 1_000_000, "iterations is %d, want 1 to 1000000", s.Iterations)
	return errors.Join(errs...)
}

// lambdas returns the penalties to try.
func (s Settings) lambdas() []float64 {
	if s.Lambda == 0 {
		return Lambdas()
	}
	return []float64{s.Lambda}
}
