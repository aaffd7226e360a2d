package measure

import "math"

// Bins is the number of bins of equal width that confidence is sorted into.
const Bins = 15

// A Bin is the windows whose highest probability is in one interval.
type Bin struct {
	Windows    int
	Confidence float64 // sum of the highest probabilities
	Right      int     // windows whose class was predicted
}

// Calibration sorts the windows of a sample into [Bins] bins.
func Calibration(s *Sample) []Bin {
	bins := make([]Bin, Bins)
	for i, c := range s.Predicted {
		top := s.P[i*s.Classes+int(c)]
		b := &bins[binOf(top)]
		b.Windows++
		b.Confidence += top
		if c == s.Truth[i] {
			b.Right++
		}
	}
	return bins
}

// binOf returns the bin of a confidence: bin b is (b/Bins, (b+1)/Bins], as in Guo et
// al., and 0 is in the first.
func binOf(confidence float64) int {
	b := int(confidence * Bins)
	if b > 0 && confidence <= float64(b)/Bins {
		b--
	}
	return min(max(b, 0), Bins-1)
}

// calibrationError is the expected calibration error (Guo et al., ICML 2017, equation 3):
// the mean distance between confidence and accuracy over the bins, weighted by their
// windows.
func calibrationError() Measure {
	return Measure{
		Name: "ece", Title: "calibration error", Lower: true,
		About: "mean distance between the highest probability and the share that was right, over 15 bins",
		Total: func(t *Totals) float64 {
			sum := 0.0
			for b := range Bins {
				sum += math.Abs(t.gap(b))
			}
			return sum / t.Windows()
		},
	}
}
