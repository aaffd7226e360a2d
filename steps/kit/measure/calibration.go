package measure

import "math"

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
				bin := t.Bin(b)
				sum += math.Abs(bin.Right - bin.Confidence)
			}
			return sum / t.Windows()
		},
	}
}
