package nn

import (
	"sync"

	"assay/steps/kit/model"
)

// A Model is a trained network with what stands in front of it. It implements
// [model.Model], and may be used by several goroutines.
type Model struct {
	model.Schema
	Hz     float64 // points a second of its windows; 0 for summaries
	Epochs int     // of training, up to the saved one

	net    *Net
	scaler *Scaler
	passes sync.Pool // *evalPass
}

// An evalPass is a pass with the memory that scaling needs.
type evalPass struct {
	*pass
	logs []float32 // of a point
}

// NewModel makes a model of what [Train] returns.
func NewModel(s model.Schema, hz float64, fit *Fit) *Model {
	return build(s, hz, fit.Best+1, fit.Net, fit.Scaler)
}

func build(s model.Schema, hz float64, epochs int, net *Net, scaler *Scaler) *Model {
	m := &Model{Schema: s, Hz: hz, Epochs: epochs, net: net, scaler: scaler}
	m.passes.New = func() any {
		return &evalPass{net.newPass(net.pieceOf()), make([]float32, len(scaler.Mean))}
	}
	net.ready()
	return m
}

// About implements [model.Model].
func (m *Model) About() model.About {
	form := model.Tensors
	if m.Hz == 0 {
		form = model.Summaries
	}
	return model.About{Family: m.net.Family, Rounds: m.Epochs, Form: form, Points: m.net.Points, Hz: m.Hz,
		Schema: m.Schema}
}

// Network returns the sizes of the network.
func (m *Model) Network() Network { return m.net.Network }

// Scaler returns what stands in front of the network. It must not be changed.
func (m *Model) Scaler() *Scaler { return m.scaler }

// Predict implements [model.Model]. A window in x is points × channels, as recorded.
func (m *Model) Predict(p, x []float32) {
	e := m.passes.Get().(*evalPass)
	size := m.net.Points * len(m.scaler.Mean)
	piece := m.net.pieceOf()
	for len(x) > 0 {
		n := min(piece, len(x)/size)
		m.net.probabilities(p[:n*m.net.Classes], m.logits(e, x[:n*size], n))
		p, x = p[n*m.net.Classes:], x[n*size:]
	}
	m.passes.Put(e)
}

// logits returns the padded logits of a piece of windows.
func (m *Model) logits(e *evalPass, x []float32, n int) []float32 {
	size, width := len(x)/n, m.net.width()
	e.n = n
	for i := range n {
		if window := x[i*size : (i+1)*size]; m.net.arch.timeMajor {
			m.scaler.window(e.window, window, e.logs)
			m.net.across(e.pass, i)
		} else {
			m.scaler.window(e.input[i*width:(i+1)*width], window, e.logs)
		}
	}
	return m.net.apply(e.pass)
}
