package f32

import "math"

// SoftmaxRows replaces each row x of a matrix by softmax(scale·x), with scale >
// 0: p = e^(scale·(x - max x)) / Σ. What would be less than e^-87 of the largest is
// 0. A row that holds NaN, +Inf or nothing but -Inf becomes NaN.
func SoftmaxRows(x Matrix, scale float32) {
	x.check("x")
	if x.Rows > 0 && x.Cols > 0 {
		active.softmaxRows(x.Data, x.Rows, x.Cols, x.Stride, scale)
	}
}

// SoftmaxRowsBack replaces the gradient dp of what SoftmaxRows made by that of
// what it was given: scale·p·(dp - Σ p·dp), the sum by fma in eight lanes.
func SoftmaxRowsBack(dp, p Matrix, scale float32) {
	dp.check("dp")
	p.check("p")
	equal("the number of rows of p", p.Rows, dp.Rows)
	equal("the number of columns of p", p.Cols, dp.Cols)
	if p.Rows > 0 && p.Cols > 0 {
		active.softmaxBack(dp.Data, p.Data, p.Rows, p.Cols, dp.Stride, p.Stride, scale)
	}
}

func plainSoftmaxRows(x []float32, rows, cols, stride int, scale float32) {
	for r := range rows {
		softmaxRow(x[r*stride:r*stride+cols], scale)
	}
}

func softmaxRow(x []float32, scale float32) {
	top := maxOf(x)
	var l lanes
	l.eights(len(x), func(lane *float32, i int) {
		if i < 0 {
			*lane += 0
			return
		}
		d := float32((x[i] - top) * scale)
		q, n := expm1(above(flush, below(-flush, d)))
		x[i] = float32((q + 1) * power(n))
		if flush > d {
			x[i] = 0
		}
		*lane += x[i]
	})
	inverse := 1 / l.sum()
	for i := range x {
		x[i] *= inverse
	}
}

// maxOf returns the largest of the numbers that are not NaN, by a > b ? a : b in
// eight lanes.
func maxOf(x []float32) float32 {
	var l lanes
	for i := range l {
		l[i] = float32(math.Inf(-1))
	}
	for i, v := range x {
		l[i%8] = above(v, l[i%8])
	}
	even := above(above(l[0], l[4]), above(l[2], l[6]))
	odd := above(above(l[1], l[5]), above(l[3], l[7]))
	return above(even, odd)
}

func plainSoftmaxBack(dp, p []float32, rows, cols, strideD, strideP int, scale float32) {
	for r := range rows {
		d, q := dp[r*strideD:r*strideD+cols], p[r*strideP:r*strideP+cols]
		s := plainDot(d, q)
		for i, v := range q {
			d[i] = float32(float32((d[i]-s)*v) * scale)
		}
	}
}
