package rocket

import (
	"assay/steps/kit/kernel"
	"assay/steps/kit/measure"
)

// A judge knows the classes of the windows of the validation part.
type judge struct {
	y       []int32
	weights []float64 // of each class
	classes int
}

// loss returns the mean cross-entropy of logits times a factor, natural logarithm.
func (j *judge) loss(logits []float32, factor float64) float64 {
	p, z := make([]float64, j.classes), make([]float32, j.classes)
	sum, total := 0.0, 0.0
	for i, class := range j.y {
		for k, v := range logits[i*j.classes : (i+1)*j.classes] {
			z[k] = float32(float64(v) * factor)
		}
		w := j.weights[class]
		sum += float64(w * (kernel.Softmax(p, z) - float64(z[class])))
		total += w
	}
	if total == 0 { // no class of these windows was trained on
		return 0
	}
	return sum / total
}

// The search for the factor: from e^-3 to e^3, in steps that leave 0.618 of the range each. Logits
// of two classes differ by about 2 where a window is clear, so a higher one would claim certainty.
const (
	lowest      = -3.0
	highest     = 3.0
	searchSteps = 40
	shrink      = 0.6180339887498949
)

// calibrate returns the factor of logits whose loss is the least, and that loss. The loss is
// convex in the factor, so a golden-section search on a logarithmic scale finds it.
func (j *judge) calibrate(logits []float32) (factor, loss float64) {
	at := func(x float64) float64 { return j.loss(logits, kernel.Exp(x)) }
	a, b := lowest, highest
	x, y := b-float64(shrink*(b-a)), a+float64(shrink*(b-a))
	fx, fy := at(x), at(y)
	for range searchSteps {
		if fx <= fy {
			b, y, fy = y, x, fx
			x = b - float64(shrink*(b-a))
			fx = at(x)
		} else {
			a, x, fx = x, y, fy
			y = a + float64(shrink*(b-a))
			fy = at(y)
		}
	}
	return kernel.Exp((a + b) / 2), at((a + b) / 2)
}

// macroF1 returns the macro F1 of logits.
func (j *judge) macroF1(logits []float32) float64 {
	c := measure.NewCounts(j.classes)
	for i, class := range j.y {
		row := logits[i*j.classes : (i+1)*j.classes]
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		c.Add(class, int32(best))
	}
	return c.MacroF1()
}
