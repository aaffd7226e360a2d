package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

// These tests compare what the kernels compute with the formulas in their comments,
// in float64, and backward passes with differences of the forward formula.

// near fails unless two numbers agree to a share of the larger, or absolutely.
func near(t *testing.T, what string, got float32, want, tolerance float64) {
	t.Helper()
	if d := math.Abs(float64(got) - want); !(d <= tolerance*max(1, math.Abs(want))) {
		t.Fatalf("%s = %v, want %v", what, got, want)
	}
}

// slope64 returns df/dx at x by central differences.
func slope64(f func() float64, x *float64) float64 {
	const h = 1e-5
	at := *x
	*x = at + h
	up := f()
	*x = at - h
	down := f()
	*x = at
	return (up - down) / (2 * h)
}

func wide(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func normal(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// TestErrorsOfFunctions holds each function to the error that its comment states,
// over all exponents.
func TestErrorsOfFunctions(t *testing.T) {
	for _, c := range []struct {
		name     string
		f        func(dst, src []float32)
		exact    func(float64) float64
		low, ulp float64
	}{
		{"Exp", Exp, math.Exp, -87.3, 1},
		{"Sigmoid", Sigmoid, sigmoid64, -86.9, 3},
		{"Tanh", Tanh, math.Tanh, math.Inf(-1), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			src, dst := make([]float32, 1<<20), make([]float32, 1<<20)
			for i := range src {
				src[i] = math.Float32frombits(rng.Uint32())
				if i%2 == 0 {
					src[i] = float32(rng.Float64()*176 - 88)
				}
			}
			c.f(dst, src)
			worst := 0.0
			for i, x := range src {
				want := c.exact(float64(x))
				switch {
				case x != x:
					if dst[i] == dst[i] {
						t.Fatalf("%s(NaN) = %v", c.name, dst[i])
					}
				case want > math.MaxFloat32:
					if float64(x) > 88.73 && !math.IsInf(float64(dst[i]), 1) {
						t.Fatalf("%s(%v) = %v", c.name, x, dst[i])
					}
				case float64(x) < c.low || math.Abs(want) < 0x1p-126:
					if d := math.Abs(float64(dst[i]) - want); d > 0x1p-125 {
						t.Fatalf("%s(%v) = %v, want %v", c.name, x, dst[i], want)
					}
				default:
					_, e := math.Frexp(want)
					worst = max(worst, math.Abs(float64(dst[i])-want)/math.Ldexp(1, e-24))
				}
			}
			t.Logf("largest error %.3f ulp", worst)
			if worst > c.ulp {
				t.Errorf("largest error %.3f ulp, allowed %v", worst, c.ulp)
			}
		})
	}
}

func TestSpecialValues(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	negZero := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name    string
		f       func(dst, src []float32)
		x, want float32
	}{
		{"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, nan, nan}, {"Exp", Exp, 0, 1}, {"Exp", Exp, -200, 0}, {"Exp", Exp, 200, inf},
		{"Exp", Exp, -103.2, math.SmallestNonzeroFloat32}, {"Exp", Exp, negZero, 1},
		{"Sigmoid", Sigmoid, inf, 1}, {"Sigmoid", Sigmoid, nan, nan}, {"Sigmoid", Sigmoid, 0, 0.5},
		{"Tanh", Tanh, inf, 1}, {"Tanh", Tanh, -inf, -1}, {"Tanh", Tanh, nan, nan}, {"Tanh", Tanh, 0, 0}, {"Tanh", Tanh, negZero, 0},
		{"ReLU", ReLU, -1, 0}, {"ReLU", ReLU, 2, 2}, {"ReLU", ReLU, nan, nan}, {"ReLU", ReLU, -inf, 0}, {"ReLU", ReLU, inf, inf},
	} {
		got := []float32{9}
		if c.f(got, []float32{c.x}); !same(got[0], c.want) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, got[0], c.want)
		}
	}
}

func TestSoftmaxMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const rows, cols, scale = 5, 19, 0.25
	x, dp := NewMatrix(rows, cols), NewMatrix(rows, cols)
	copy(x.Data, normal(rng, rows*cols))
	copy(dp.Data, normal(rng, rows*cols))
	x.Row(2)[3] = float32(math.Inf(-1))
	in, weights := wide(x.Data), wide(dp.Data)
	softmax := func(r, j int) float64 {
		sum := 0.0
		for _, v := range in[r*cols : (r+1)*cols] {
			sum += math.Exp(scale * v)
		}
		return math.Exp(scale*in[r*cols+j]) / sum
	}
	SoftmaxRows(x, scale)
	for i, p := range x.Data {
		near(t, "softmax", p, softmax(i/cols, i%cols), 1e-6)
	}
	SoftmaxRowsBack(dp, x, scale)
	for i, d := range dp.Data {
		if math.IsInf(in[i], -1) {
			near(t, "the gradient of -Inf", d, 0, 0)
			continue
		}
		want := slope64(func() float64 {
			sum := 0.0
			for j := range cols {
				sum += weights[i/cols*cols+j] * softmax(i/cols, j)
			}
			return sum
		}, &in[i])
		near(t, "the gradient of softmax", d, want, 1e-6)
	}
}

func TestLayerNormMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const rows, cols, eps = 4, 21, 1e-5
	x, gamma, beta, dy := normal(rng, rows*cols), normal(rng, cols), normal(rng, cols), normal(rng, rows*cols)
	in, g, b, weights := wide(x), wide(gamma), wide(beta), wide(dy)
	norm := func(r, j int) float64 {
		mean, dev := 0.0, 0.0
		for _, v := range in[r*cols : (r+1)*cols] {
			mean += v / cols
		}
		for _, v := range in[r*cols : (r+1)*cols] {
			dev += (v - mean) * (v - mean) / cols
		}
		return (in[r*cols+j]-mean)/math.Sqrt(dev+eps)*g[j] + b[j]
	}
	loss := func() float64 {
		sum := 0.0
		for i, w := range weights {
			sum += w * norm(i/cols, i%cols)
		}
		return sum
	}
	y, xhat, istd := make([]float32, rows*cols), make([]float32, rows*cols), make([]float32, rows)
	LayerNorm(y, xhat, istd, x, gamma, beta, eps)
	for i, v := range y {
		near(t, "layer norm", v, norm(i/cols, i%cols), 2e-6)
	}
	dx, dgamma, dbeta := normal(rng, rows*cols), normal(rng, cols), normal(rng, cols)
	before := [][]float64{wide(dx), wide(dgamma), wide(dbeta)}
	LayerNormBack(dx, dgamma, dbeta, dy, xhat, istd, gamma)
	for k, got := range [][]float32{dx, dgamma, dbeta} {
		param := [][]float64{in, g, b}[k]
		for i, v := range got {
			near(t, "what layer norm adds to a gradient", v, before[k][i]+slope64(loss, &param[i]), 1e-5)
		}
	}
}

// TestBatchNormMeaning follows the recipe in columns.go, over two shards.
func TestBatchNormMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const rows, cols, eps = 12, 11, 1e-5
	x, gamma, beta, dy := normal(rng, rows*cols), normal(rng, cols), normal(rng, cols), normal(rng, rows*cols)
	in, g, b, weights := wide(x), wide(gamma), wide(beta), wide(dy)
	loss := func() float64 {
		sum := 0.0
		for j := range cols {
			mean, dev := 0.0, 0.0
			for r := range rows {
				mean += in[r*cols+j] / rows
			}
			for r := range rows {
				dev += (in[r*cols+j] - mean) * (in[r*cols+j] - mean) / rows
			}
			for r := range rows {
				sum += weights[r*cols+j] * ((in[r*cols+j]-mean)/math.Sqrt(dev+eps)*g[j] + b[j])
			}
		}
		return sum
	}
	shards := []int{0, 5 * cols, rows * cols}
	mean, dev, a, shift := make([]float32, cols), make([]float32, cols), make([]float32, cols), make([]float32, cols)
	for s := range 2 {
		ColSums(mean, x[shards[s]:shards[s+1]])
	}
	Scale(mean, 1./rows)
	for s := range 2 {
		ColSquares(dev, mean, x[shards[s]:shards[s+1]])
	}
	istd := make([]float32, cols)
	for j := range cols {
		istd[j] = 1 / root(dev[j]/rows+eps)
		a[j] = gamma[j] * istd[j]
		shift[j] = beta[j] - float32(mean[j]*a[j])
	}
	y := make([]float32, rows*cols)
	Affine(y, x, a, shift)
	sum := 0.0
	for i, v := range y {
		sum += weights[i] * float64(v)
	}
	near(t, "the weighted sum of batch norm", float32(sum), loss(), 1e-5)

	dbeta, dots := make([]float32, cols), make([]float32, cols)
	for s := range 2 {
		ColPairs(dbeta, dots, mean, x[shards[s]:shards[s+1]], dy[shards[s]:shards[s+1]])
	}
	bx, cx := make([]float32, cols), make([]float32, cols)
	for j := range cols {
		bx[j] = -a[j] * istd[j] * istd[j] * dots[j] / rows
		cx[j] = -a[j]*dbeta[j]/rows - float32(bx[j]*mean[j])
		near(t, "dbeta", dbeta[j], slope64(loss, &b[j]), 1e-5)
		near(t, "dgamma", dots[j]*istd[j], slope64(loss, &g[j]), 1e-5)
	}
	dx := make([]float32, rows*cols)
	AffineBack(dx, dy, x, a, bx, cx)
	for i, v := range dx {
		near(t, "dx", v, slope64(loss, &in[i]), 1e-5)
	}
	AffineReLU(dx, x, a, shift)
	for i, v := range dx {
		near(t, "affine and ReLU", v, max(0, float64(y[i])), 0)
	}
}

func TestLSTMMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	const rows, cols, n = 3, 5, 15
	gates, c0, dc, dh := normal(rng, 4*n), normal(rng, n), normal(rng, n), normal(rng, n)
	pre, state, wc, wh := wide(gates), wide(c0), wide(dc), wide(dh)
	cell := func(k int) (c, h float64) {
		g := pre[k/cols*4*cols+k%cols:]
		c = sigmoid64(g[0])*math.Tanh(g[2*cols]) + sigmoid64(g[cols])*state[k]
		return c, sigmoid64(g[3*cols]) * math.Tanh(c)
	}
	loss := func() float64 {
		sum := 0.0
		for k := range n {
			c, h := cell(k)
			sum += wc[k]*c + wh[k]*h
		}
		return sum
	}
	c, tc, h := make([]float32, n), make([]float32, n), make([]float32, n)
	LSTM(gates, c0, c, tc, h, rows, cols)
	for k := range n {
		wantC, wantH := cell(k)
		near(t, "c", c[k], wantC, 1e-6)
		near(t, "tanh c", tc[k], math.Tanh(wantC), 1e-6)
		near(t, "h", h[k], wantH, 1e-6)
	}
	LSTMBack(gates, c0, tc, dc, dh, rows, cols)
	for i, d := range gates {
		near(t, "the gradient of a gate", d, slope64(loss, &pre[i]), 2e-6)
	}
	for i, d := range dc {
		near(t, "the gradient of c0", d, slope64(loss, &state[i]), 2e-6)
	}
}

func TestGRUMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	const rows, cols, n = 3, 5, 15
	gx, gh, h0, dh := normal(rng, 3*n), normal(rng, 3*n), normal(rng, n), normal(rng, n)
	x, s, state, wh := wide(gx), wide(gh), wide(h0), wide(dh)
	cell := func(k int) float64 {
		from := k/cols*3*cols + k%cols
		r, z := sigmoid64(x[from]+s[from]), sigmoid64(x[from+cols]+s[from+cols])
		m := math.Tanh(x[from+2*cols] + r*s[from+2*cols])
		return (1-z)*m + z*state[k]
	}
	loss := func() float64 {
		sum := 0.0
		for k := range n {
			sum += wh[k] * cell(k)
		}
		return sum
	}
	h := make([]float32, n)
	GRU(gx, gh, h0, h, rows, cols)
	for k := range n {
		near(t, "h", h[k], cell(k), 1e-6)
	}
	GRUBack(gx, gh, h0, dh, rows, cols)
	for k, got := range [][]float32{gx, gh, dh} {
		param := [][]float64{x, s, state}[k]
		for i, d := range got {
			near(t, []string{"the gradient of gx", "of gh", "of h0"}[k], d, slope64(loss, &param[i]), 2e-6)
		}
	}
}

// TestAdamWMeaning follows PyTorch's order of operations in float64 for some steps.
func TestAdamWMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	const n = 13
	s := AdamW{Rate: 1e-2, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.1, Clip: 0.5}
	w, m, v := normal(rng, n), make([]float32, n), make([]float32, n)
	w64, m64, v64 := wide(w), make([]float64, n), make([]float64, n)
	for step := 1; step <= 20; step++ {
		g := normal(rng, n)
		s.Step(step, w, m, v, g)
		for i := range n {
			d := float64(g[i]) * s.Clip
			w64[i] *= 1 - s.Rate*s.Decay
			m64[i] = s.Beta1*m64[i] + (1-s.Beta1)*d
			v64[i] = s.Beta2*v64[i] + (1-s.Beta2)*d*d
			denominator := math.Sqrt(v64[i])/math.Sqrt(1-math.Pow(s.Beta2, float64(step))) + s.Epsilon
			w64[i] -= s.Rate / (1 - math.Pow(s.Beta1, float64(step))) * m64[i] / denominator
			near(t, "a weight", w[i], w64[i], 1e-6)
		}
	}
}

func TestSumsMeaning(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	x, y := normal(rng, 1003), normal(rng, 1003)
	sum, dot := 0.0, 0.0
	for i, v := range x {
		sum += float64(v)
		dot += float64(v) * float64(y[i])
	}
	near(t, "Sum", Sum(x), sum, 1e-5)
	near(t, "Dot", Dot(x, y), dot, 1e-5)
	if Sum(nil) != 0 || Dot(nil, nil) != 0 {
		t.Error("sums of nothing are not 0")
	}
	z := append([]float32(nil), x...)
	Axpy(z, y, 0.5)
	near(t, "Axpy", z[77], float64(x[77])+0.5*float64(y[77]), 1e-6)
	Add(z, y)
	near(t, "Add", z[77], float64(x[77])+1.5*float64(y[77]), 1e-6)
	d := make([]float32, len(x))
	ReLUBack(d, y, x)
	for i := range d {
		want := float32(0)
		if x[i] > 0 {
			want = y[i]
		}
		if d[i] != want {
			t.Fatalf("ReLUBack[%d] = %v, want %v", i, d[i], want)
		}
	}
}
