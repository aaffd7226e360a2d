package kernel

// Softmax sets p[i] = exp(x[i]) / Σ exp(x[j]) and returns log Σ exp(x[j]), the
// sum being in index order and free of overflow. The cross-entropy of class y
// is what it returns less x[y]. p and x have one length, which is not 0.
func Softmax(p []float64, x []float32) (logSum float64) {
	top := x[0]
	for _, v := range x[1:] {
		top = max(top, v)
	}
	sum := 0.0
	for i, v := range x {
		p[i] = Exp(float64(v) - float64(top))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return float64(top) + Log(sum)
}
