package onnx

// scale makes the inputs of a network from raw values: the logarithm of 1+|x| with x's
// sign, less its mean, times its factor, within ±6; 0 for a missing value (NaN). Then a
// column for each mask: 1 where the value is missing, else 0.
//
// The logarithm and what follows are float64, as in the network itself: a factor may be
// large, and would make much of float32's rounding.
func (b *netGraph) scale(x string) string {
	one := b.doubles("one", nil, []float64{1})
	zero := b.doubles("zero", nil, []float64{0})
	columns := []int{len(b.mean)}
	mean := b.doubles("scaler.mean", columns, b.mean)
	inverse := b.doubles("scaler.inverse", columns, b.inverse)

	raw := b.cast(x, floats64)
	size := b.node("Log", []string{b.node("Add", []string{b.node("Abs", []string{raw}), one})})
	log := b.node("Mul", []string{b.node("Sign", []string{raw}), size})
	v := b.node("Mul", []string{b.node("Sub", []string{log, mean}), inverse})
	// Whether v is missing is asked before it is clipped: Clip may hide a NaN.
	v = b.node("Where", []string{b.node("IsNaN", []string{v}), zero, v})
	low, high := b.doubles("low", nil, []float64{-clip}), b.doubles("high", nil, []float64{clip})
	v = b.cast(b.node("Clip", []string{v, low, high}), floats32)
	if len(b.masks) == 0 {
		return v
	}
	missing := b.node("IsNaN", []string{x})
	masks := b.node("Gather", []string{missing, b.integers("scaler.masks", b.masks...)}, intAttr("axis", -1))
	return b.node("Concat", []string{v, b.cast(masks, floats32)}, intAttr("axis", -1))
}

const clip = 6 // the largest size of a scaled value

func (b *netGraph) cast(x string, kind int64) string {
	return b.node("Cast", []string{x}, intAttr("to", kind))
}
