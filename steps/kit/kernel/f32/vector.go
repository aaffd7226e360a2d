package f32

// Add adds src to dst, element by element.
func Add(dst, src []float32) {
	equal("the length of src", len(src), len(dst))
	if len(dst) > 0 {
		active.add(dst, src)
	}
}

// Axpy adds alpha·src to dst: dst[i] = fma(src[i], alpha, dst[i]).
func Axpy(dst, src []float32, alpha float32) {
	equal("the length of src", len(src), len(dst))
	if len(dst) > 0 {
		active.axpy(dst, src, alpha)
	}
}

// Scale multiplies every element of dst by alpha.
func Scale(dst []float32, alpha float32) {
	if len(dst) > 0 {
		active.scale(dst, alpha)
	}
}

// Sum returns Σ x[i], in eight lanes.
func Sum(x []float32) float32 {
	if len(x) == 0 {
		return 0
	}
	return active.sum(x)
}

// Dot returns Σ x[i]·y[i] by fma, in eight lanes. Dot(g, g) is the square of the
// norm of a gradient.
func Dot(x, y []float32) float32 {
	equal("the length of y", len(y), len(x))
	if len(x) == 0 {
		return 0
	}
	return active.dot(x, y)
}

func plainAdd(dst, src []float32) {
	for i, v := range src {
		dst[i] += v
	}
}

func plainAxpy(dst, src []float32, alpha float32) {
	for i, v := range src {
		dst[i] = fma(v, alpha, dst[i])
	}
}

func plainScale(dst []float32, alpha float32) {
	for i := range dst {
		dst[i] *= alpha
	}
}

func plainSum(x []float32) float32 {
	var l lanes
	l.eights(len(x), func(lane *float32, i int) { *lane += at(x, i) })
	return l.sum()
}

func plainDot(x, y []float32) float32 {
	var l lanes
	l.eights(len(x), func(lane *float32, i int) { *lane = fma(at(x, i), at(y, i), *lane) })
	return l.sum()
}

// at returns x[i], and 0 for i < 0.
func at(x []float32, i int) float32 {
	if i < 0 {
		return 0
	}
	return x[i]
}
