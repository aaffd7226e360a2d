package onnx

import "assay/steps/kit/model/logistic"

// encodeLogistic makes the graph of a logistic regression, which reads x [N, F]: the
// scaler, one linear function per class and their softmax. Sums are of float64, as the
// model's own are.
func encodeLogistic(g *graph, m *logistic.Model) {
	features, classes := len(m.Features), len(m.Classes)
	s, weights := m.Scaler(), m.Weights()
	x := g.reads(features)
	mean := g.floats("scaler.mean", []int{features}, s.Mean)
	inverse := g.floats("scaler.inverse", []int{features}, s.Inverse)
	v := g.node("Mul", []string{g.node("Sub", []string{x, mean}), inverse})
	v = g.within(v, g.limits(logistic.ClipAt))
	w := g.cast(g.floats("weights", []int{features, classes}, weights[:features*classes]), floats64)
	b := g.cast(g.floats("biases", []int{classes}, weights[features*classes:]), floats64)
	z := g.node("Gemm", []string{g.cast(v, floats64), w, b})
	g.answers(g.cast(z, floats32), classes)
}
