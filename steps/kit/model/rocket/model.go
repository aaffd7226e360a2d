package rocket

import (
	"sync"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// A Model is convolutions with a linear classifier on what they count. It implements
// [model.Model], and may be used by several goroutines.
type Model struct {
	model.Schema
	Hz float64 // points a second of its windows

	scaler *nn.Scaler
	plan   *plan
	biases []int32 // F
	linear linear
	passes sync.Pool // *pass
}

// A linear is a linear classifier.
type linear struct {
	weights    []float32 // K × F
	intercepts []float32 // K
}

// A pass is the memory of a prediction.
type pass struct {
	*extractor
	inputs, logs []float32 // of a window; of a point
	rows         [][]float32
	logits       []float32
	p            []float64
}

func newModel(s model.Schema, hz float64, scaler *nn.Scaler, p *plan, biases []int32, l linear) *Model {
	m := &Model{Schema: s, Hz: hz, scaler: scaler, plan: p, biases: biases, linear: l}
	thresholds := thresholdsOf(biases)
	m.passes.New = func() any {
		return &pass{newExtractor(p, thresholds), make([]float32, p.Points*p.Inputs), make([]float32, len(scaler.Mean)),
			featureRows(len(biases)), make([]float32, len(s.Classes)), make([]float64, len(s.Classes))}
	}
	return m
}

// featureRows returns room for the features of a block.
func featureRows(features int) [][]float32 {
	rows := make([][]float32, lanes)
	for i := range rows {
		rows[i] = make([]float32, features)
	}
	return rows
}

// Family is the word after "train/" in a recipe.
const Family = "rocket"

// About implements [model.Model].
func (m *Model) About() model.About {
	return model.About{Family: Family, Rounds: 1, Form: model.Tensors, Points: m.plan.Points, Hz: m.Hz,
		Schema: m.Schema}
}

// Predict implements [model.Model]. A window in x is points × channels, as recorded.
func (m *Model) Predict(p, x []float32) {
	e := m.passes.Get().(*pass)
	size, classes := m.plan.Points*len(m.scaler.Mean), len(m.Classes)
	for len(x) > 0 {
		n := min(lanes, len(x)/size)
		clear(e.block)
		for lane := range n {
			m.scaler.Window(e.inputs, x[lane*size:(lane+1)*size], e.logs)
			e.add(e.inputs, lane)
		}
		e.features(e.rows[:n])
		for lane := range n {
			m.linear.logits(e.logits, e.rows[lane])
			kernel.Softmax(e.p, e.logits)
			for k, v := range e.p {
				p[lane*classes+k] = float32(v)
			}
		}
		p, x = p[n*classes:], x[n*size:]
	}
	m.passes.Put(e)
}

// dotPiece is how many products are added up in float32 before they go to float64.
const dotPiece = 512

// logits sets z = W·x + b.
func (l *linear) logits(z, x []float32) {
	for k := range z {
		w := l.weights[k*len(x) : (k+1)*len(x)]
		sum := float64(l.intercepts[k])
		for from := 0; from < len(x); from += dotPiece {
			to := min(from+dotPiece, len(x))
			sum += float64(f32.Dot(w[from:to], x[from:to]))
		}
		z[k] = float32(sum)
	}
}
