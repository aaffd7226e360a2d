package logistic

import (
	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
)

// A Model is a trained regression. It implements [model.Model], and may be used by
// several goroutines.
type Model struct {
	model.Schema
	Iterations int // of the minimiser, up to this model

	scaler *Scaler

	// weights has F+1 rows of K numbers: those of a feature, a column for each class, and
	// last the biases. Feature by feature, a window needs no memory for its scaled values.
	weights []float32
}

// maxClasses is how many classes the loss and a prediction have memory for.
const maxClasses = 1 << 6

// mostLogit bounds the linear functions, so that a file with absurd weights cannot make
// probabilities that are no numbers.
const mostLogit = 1e30

// About implements [model.Model].
func (m *Model) About() model.About {
	return model.About{Family: "logistic", Rounds: m.Iterations, Form: model.Summaries, Points: 1, Schema: m.Schema}
}

// Scaler returns what stands in front of the regression. It must not be changed.
func (m *Model) Scaler() *Scaler { return m.scaler }

// Weights returns F+1 rows of K weights: those of the features, and last the biases.
// They must not be changed.
func (m *Model) Weights() []float32 { return m.weights }

// Predict implements [model.Model].
func (m *Model) Predict(p, x []float32) {
	features, classes := len(m.Features), len(m.Classes)
	var logits [maxClasses]float32
	var wide [maxClasses]float64
	for len(x) > 0 {
		m.logits(logits[:classes], x[:features])
		kernel.Softmax(wide[:classes], logits[:classes])
		for k, v := range wide[:classes] {
			p[k] = float32(v)
		}
		p, x = p[classes:], x[features:]
	}
}

// logits sets the K linear functions of a window. Sums are of float64, feature by feature.
func (m *Model) logits(to, x []float32) {
	k := len(to)
	var memory [maxClasses]float64
	sums := memory[:k]
	for c, b := range m.weights[len(x)*k:] {
		sums[c] = float64(b)
	}
	for f, v := range x {
		z := float64(m.scaler.value(f, v))
		for c, w := range m.weights[f*k : (f+1)*k] {
			sums[c] += float64(z * float64(w))
		}
	}
	for c, s := range sums {
		to[c] = float32(max(-mostLogit, min(mostLogit, s)))
	}
}
