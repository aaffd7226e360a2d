package logistic

import (
	"assay/steps/kit/kernel"
	"assay/steps/kit/measure"
	"assay/steps/kit/model"
)

// judge returns the weighted mean cross-entropy, and macro F1, of some windows. Classes
// that training lacked have no weight; the loss is 0 if there are no others.
func (m *Model) judge(s model.Set, share []float64) (loss, macroF1 float64) {
	p := make([]float32, len(s.Y)*len(m.Classes))
	m.Predict(p, s.X)
	c := measure.NewCounts(len(m.Classes))
	total := 0.0
	for i, y := range s.Y {
		row := p[i*len(m.Classes) : (i+1)*len(m.Classes)]
		total += share[y]
		loss += float64(-share[y] * kernel.Log(max(float64(row[y]), leastProbability)))
		c.Add(y, highest(row))
	}
	if total > 0 {
		loss /= total
	}
	return loss, c.MacroF1()
}

// leastProbability stands for one that float32 rounds to 0, whose logarithm is infinite.
const leastProbability = 1e-30

// highest returns the class of the highest probability, the first of equals.
func highest(row []float32) int32 {
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return int32(best)
}
