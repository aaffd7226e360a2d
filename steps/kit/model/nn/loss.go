package nn

import (
	"math"

	"assay/steps/kit/kernel"
)

// A Loss is cross-entropy with a weight for each class, against targets that are
// smoothed (Szegedy et al. 2016): a share Smoothing is spread evenly over all
// classes. Natural logarithm.
type Loss struct {
	Weights   []float64 // K
	Smoothing float64
}

// Balance returns the weights n^-power of classes that have n windows, with a mean
// of 1 over all windows. A class without windows has the weight 0.
func Balance(counts []int, power float64) []float64 {
	weights := make([]float64, len(counts))
	sum, windows := 0.0, 0
	for k, n := range counts {
		if n == 0 {
			continue
		}
		weights[k] = raise(float64(n), -power)
		sum += float64(weights[k] * float64(n))
		windows += n
	}
	for k := range weights {
		weights[k] *= float64(windows) / sum
	}
	return weights
}

// raise returns x^power. The usual powers are exact roots.
func raise(x, power float64) float64 {
	switch power {
	case 0:
		return 1
	case -0.5:
		return 1 / math.Sqrt(x)
	case -1:
		return 1 / x
	}
	return kernel.Exp(float64(power * kernel.Log(x)))
}

// back returns the part of some windows in the mean loss of a batch, and replaces
// their logits by its gradient. Rows are padded; the rest of each becomes 0.
func (l *Loss) back(logits []float32, y []int32, classes, batch int) float64 {
	var memory [maxClasses]float64
	p := memory[:classes]
	loss, cols := 0.0, padded(classes)
	for i, class := range y {
		row := logits[i*cols : (i+1)*cols]
		w := l.Weights[class] / float64(batch)
		loss += float64(w * l.entropy(p, row[:classes], int(class)))
		for k, v := range p {
			row[k] = float32(w * (v - l.target(k == int(class), classes)))
		}
		clear(row[classes:])
	}
	return loss
}

// entropy returns the cross-entropy of a window's logits, and their softmax in p.
func (l *Loss) entropy(p []float64, logits []float32, class int) float64 {
	log := kernel.Softmax(p, logits)
	h := log - float64(logits[class])
	if l.Smoothing == 0 {
		return h
	}
	even := 0.0
	for _, z := range logits {
		even += log - float64(z)
	}
	return float64((1-l.Smoothing)*h) + float64(l.Smoothing*even)/float64(len(logits))
}

// target returns what a probability should be.
func (l *Loss) target(right bool, classes int) float64 {
	t := l.Smoothing / float64(classes)
	if right {
		t += 1 - l.Smoothing
	}
	return t
}
