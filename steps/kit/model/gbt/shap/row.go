package shap

// row sets phi, K×(F+1), to the values of one row.
func (e *Explainer) row(phi []float64, x []float32) {
	clear(phi)
	w := e.Width()
	for k, b := range e.bias {
		phi[(k+1)*w-1] = b
	}
	for i := range e.paths {
		p := &e.paths[i]
		e.path(phi[int(p.class)*w:], x, p)
	}
}

// weights are by the number of features that are known: the shares of the coalitions of each
// size, times the share of the rows that they lead to the leaf.
type weights [MaxDepth + 1]float64

// path adds what one leaf gives to the features on its path.
func (e *Explainer) path(phi []float64, x []float32, p *path) {
	parts := e.parts[p.from:p.to]
	var fits [MaxDepth]bool
	for i := range parts {
		q := &parts[i]
		fits[i] = e.fits(q, x[q.feature])
		if !fits[i] && q.zero == 0 {
			return // no coalition comes to this leaf, with the feature or without
		}
	}
	var w weights
	w[0] = 1
	for i := range parts {
		w.extend(i+1, parts[i].zero, fits[i])
	}
	for i := range parts {
		if fits[i] {
			phi[parts[i].feature] += float64(w.known(len(parts), parts[i].zero) * (1 - parts[i].zero) * p.value)
		} else {
			// The sum without the feature, times zero; its own factor cancels.
			phi[parts[i].feature] -= float64(w.unknown(len(parts)) * p.value)
		}
	}
}

// fits reports whether a value takes every side that the path takes.
func (e *Explainer) fits(q *part, v float32) bool {
	for _, s := range e.steps[q.from:q.to] {
		if s.node.GoesLeft(v) != s.left {
			return false
		}
	}
	return true
}

// extend adds the n-th feature: EXTEND of the paper.
func (w *weights) extend(n int, zero float64, fits bool) {
	each := 1 / float64(n+1)
	for i := n - 1; i >= 0; i-- {
		if fits {
			w[i+1] += float64(float64(w[i]*float64(i+1)) * each)
		}
		w[i] = float64(float64(float64(zero*w[i])*float64(n-i)) * each)
	}
}

// known is the sum of the weights after taking out a feature that fits, of n: UNWIND of the
// paper.
func (w *weights) known(n int, zero float64) float64 {
	sum, next := 0.0, w[n]
	for j := n - 1; j >= 0; j-- {
		was := float64(next*float64(n+1)) / float64(j+1)
		sum += was
		next = w[j] - float64(float64(was*zero)*float64(n-j))/float64(n+1)
	}
	return sum
}

// unknown is the same sum for a feature that does not fit, times its zero.
func (w *weights) unknown(n int) float64 {
	sum := 0.0
	for j := n - 1; j >= 0; j-- {
		sum += float64(w[j]*float64(n+1)) / float64(n-j)
	}
	return sum
}
