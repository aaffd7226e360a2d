package logistic

import (
	"fmt"
	"math"

	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
)

// A Scaler makes the inputs of the regression from what was recorded. A value x becomes
//
//	clip((x - Mean)·Inverse, ±5)
//
// and one that is missing becomes 0, the mean. It is fitted to the training part alone.
//
// There is no logarithm as in the networks: on the bundled corpus it did not help this
// family. Counters have heavy tails, though, and in a linear function a value that is a
// hundred deviations away drowns all others; so values are clipped.
type Scaler struct {
	Mean    []float32 `json:"mean"`    // F
	Inverse []float32 `json:"inverse"` // F: 1 / standard deviation; 0 for a constant or unknown feature
}

// ClipAt is the largest size of a scaled value.
const ClipAt = 5

// leastSpread is the standard deviation, as a share of the mean's size, below which a
// feature is constant: it is no more than the rounding of float32.
const leastSpread = 1e-6

// fitScaler fits a scaler to windows. Values that are not finite count as missing.
func fitScaler(s model.Set, features int) *Scaler {
	sc := &Scaler{Mean: make([]float32, features), Inverse: make([]float32, features)}
	for f := range features {
		sc.fit(f, s.X, features)
	}
	return sc
}

// fit fits one feature.
func (s *Scaler) fit(f int, x []float32, features int) {
	count, sum := 0, 0.0
	for i := f; i < len(x); i += features {
		if kernel.Finite(x[i]) {
			count++
			sum += float64(x[i])
		}
	}
	if count == 0 {
		return
	}
	mean, squares := sum/float64(count), 0.0
	for i := f; i < len(x); i += features {
		if kernel.Finite(x[i]) {
			d := float64(x[i]) - mean
			squares += float64(d * d)
		}
	}
	s.Mean[f] = float32(mean)
	deviation := math.Sqrt(squares / float64(count))
	if inverse := float32(1 / deviation); deviation > float64(leastSpread*math.Abs(mean)) && kernel.Finite(inverse) {
		s.Inverse[f] = inverse
	}
}

// value scales a value of a feature.
func (s *Scaler) value(f int, x float32) float32 {
	v := float32((x - s.Mean[f]) * s.Inverse[f])
	switch {
	case v > ClipAt:
		return ClipAt
	case v < -ClipAt:
		return -ClipAt
	case v != v:
		return 0
	}
	return v
}

// scaled returns scaled values of whole windows.
func (s *Scaler) scaled(x []float32) []float32 {
	out, n := make([]float32, len(x)), len(s.Mean)
	for i := 0; i < len(x); i += n {
		for f, v := range x[i : i+n] {
			out[i+f] = s.value(f, v)
		}
	}
	return out
}

// check returns an error unless the scaler is one for some features.
func (s *Scaler) check(features int) error {
	if len(s.Mean) != features || len(s.Inverse) != features {
		return fmt.Errorf("the scaler has %d means and %d deviations for %d features", len(s.Mean), len(s.Inverse),
			features)
	}
	for f := range features {
		if !kernel.Finite(s.Mean[f]) || !kernel.Finite(s.Inverse[f]) || s.Inverse[f] < 0 {
			return fmt.Errorf("the scaler's mean or deviation of feature %d is not a finite number", f)
		}
	}
	return nil
}
