package onnx

// scale makes the inputs of a network from raw values, as nn.Scaler does: the logarithm of
// 1+|x| with x's sign, less its mean, times its factor, within ±6; 0 for a missing value
// (NaN). Then a column for each mask: 1 where the value is missing, else 0.
//
// The logarithm is computed in float64 and rounded, as the network's own is. In float32,
// 1+|x| would lose what a large factor makes visible again.
func (b *netGraph) scale(x string) string {
	columns := []int{len(b.scaler.Mean)}
	mean := b.floats("scaler.mean", columns, b.scaler.Mean)
	inverse := b.floats("scaler.inverse", columns, b.scaler.Inverse)
	bounds := b.limits(clip)
	v := b.within(b.node("Mul", []string{b.node("Sub", []string{b.signLog(x), mean}), inverse}), bounds)
	if len(b.scaler.Masks) == 0 {
		return v
	}
	missing := b.node("IsNaN", []string{x})
	masks := b.node("Gather", []string{missing, b.integers("scaler.masks", b.scaler.Masks...)}, intAttr("axis", -1))
	return b.node("Concat", []string{v, b.cast(masks, floats32)}, intAttr("axis", -1))
}

// limits are the names of what bounds scaled values.
type limits struct{ zero, low, high string }

// limits adds bounds of ±most.
func (g *graph) limits(most float32) limits {
	return limits{g.floats("zero", nil, []float32{0}), g.floats("low", nil, []float32{-most}),
		g.floats("high", nil, []float32{most})}
}

// within returns scaled values within limits, and 0 for one that is missing.
func (g *graph) within(v string, l limits) string {
	// Whether v is missing is asked before it is clipped: Clip may hide a NaN. An infinite
	// value of a constant channel is one, too.
	v = g.node("Where", []string{g.node("IsNaN", []string{v}), l.zero, v})
	return g.node("Clip", []string{v, l.low, l.high})
}

const clip = 6 // the largest size of a scaled value

// signLog returns sign(x)·log(1 + |x|).
func (b *netGraph) signLog(x string) string {
	size := b.node("Abs", []string{b.cast(x, floats64)})
	log := b.node("Log", []string{b.node("Add", []string{size, b.double("one", 1)})})
	return b.node("Mul", []string{b.node("Sign", []string{x}), b.cast(log, floats32)})
}

func (g *graph) cast(x string, kind int64) string {
	return g.node("Cast", []string{x}, intAttr("to", kind))
}
