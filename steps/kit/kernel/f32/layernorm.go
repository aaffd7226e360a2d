package f32

import "math"

// LayerNorm normalizes each row of x (rows × columns, without gaps): xhat = (x -
// mean)·istd and y = xhat·gamma + beta, with istd = 1/√(variance + eps), the
// variance being that of the row itself (Ba, Kiros and Hinton 2016). gamma and beta
// have one element per column, istd one per row; xhat and istd are for
// [LayerNormBack]. y may be x, and xhat may not.
func LayerNorm(y, xhat, istd, x, gamma, beta []float32, eps float32) {
	n := len(istd) * len(gamma)
	equal("the length of beta", len(beta), len(gamma))
	equal("the length of x", len(x), n)
	equal("the length of xhat", len(xhat), n)
	equal("the length of y", len(y), n)
	if n > 0 {
		active.layerNorm(y, xhat, istd, x, gamma, beta, 1/float32(len(gamma)), eps)
	}
}

// LayerNormBack adds the gradients of x, gamma and beta to dx, dgamma and dbeta:
// with w = dy·gamma, dx += istd·(w - mean w - xhat·mean(w·xhat)), the means being
// over the row.
func LayerNormBack(dx, dgamma, dbeta, dy, xhat, istd, gamma []float32) {
	n := len(istd) * len(gamma)
	equal("the length of dgamma", len(dgamma), len(gamma))
	equal("the length of dbeta", len(dbeta), len(gamma))
	equal("the length of dy", len(dy), n)
	equal("the length of dx", len(dx), n)
	equal("the length of xhat", len(xhat), n)
	if n > 0 {
		active.layerNormBack(dx, dgamma, dbeta, dy, xhat, istd, gamma, 1/float32(len(gamma)))
	}
}

func plainLayerNorm(y, xhat, istd, x, gamma, beta []float32, share, eps float32) {
	cols := len(gamma)
	for r := range istd {
		in, hat, out := row(x, r, cols), row(xhat, r, cols), row(y, r, cols)
		mean := float32(plainSum(in) * share)
		var l lanes
		l.eights(cols, func(lane *float32, i int) {
			d := float32(0)
			if i >= 0 {
				d = in[i] - mean
			}
			*lane = fma(d, d, *lane)
		})
		inverse := 1 / root(fma(l.sum(), share, eps))
		istd[r] = inverse
		for j, v := range in {
			h := float32((v - mean) * inverse)
			hat[j] = h
			out[j] = fma(h, gamma[j], beta[j])
		}
	}
}

// root returns √x. The square root of a float32, taken in float64 and rounded, is
// the correctly rounded one (Figueroa, When is double rounding innocuous?, 1995).
func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func plainLayerNormBack(dx, dgamma, dbeta, dy, xhat, istd, gamma []float32, share float32) {
	cols := len(gamma)
	for r, inverse := range istd {
		in, hat, out := row(dy, r, cols), row(xhat, r, cols), row(dx, r, cols)
		var sum, dot lanes
		sum.eights(cols, func(lane *float32, i int) { *lane += float32(at(in, i) * at(gamma, i)) })
		dot.eights(cols, func(lane *float32, i int) {
			*lane = fma(float32(at(in, i)*at(gamma, i)), at(hat, i), *lane)
		})
		s, t := float32(sum.sum()*share), float32(dot.sum()*share)
		for j, d := range in {
			dgamma[j] = fma(d, hat[j], dgamma[j])
			dbeta[j] += d
			w := float32(d*gamma[j]) - s
			out[j] = fma(fma(-hat[j], t, w), inverse, out[j])
		}
	}
}
