package f32

import (
	"fmt"
	"os"
)

// A tile is the micro-kernel of the matrix product, see gen/gemm.go.
type tile func(kc int, a *float32, ars, acs int, b *float32, ldb int,
	c0 *float32, ldc0 int, c *float32, ldc, n0, n1, tiles int)

// A rowKernel is the micro-kernel of the product of a single row, see gen/row.go.
type rowKernel func(kc int, a *float32, acs int, b *float32, ldb, panel int,
	c0 *float32, from int, c *float32, groups int)

// kernels are one implementation of everything here. Arguments are checked
// before, and are not empty.
type kernels struct {
	name string

	// tiles[r] has r rows, row has one and takes four panels at once. Without tiles the
	// product is product.plain.
	tiles [tileRows + 1]tile
	row   rowKernel

	exp, sigmoid, tanh, relu, add func(dst, src []float32)
	signLog                       func(dst, src []float32, table *float64)
	axpy                          func(dst, src []float32, alpha float32)
	scale                         func(dst []float32, alpha float32)
	reluBack                      func(dx, dy, y []float32)
	sum                           func(x []float32) float32
	dot                           func(x, y []float32) float32

	colSums    func(sums, x []float32, rows int)
	colSquares func(sums, mean, x []float32, rows int)
	colPairs   func(sums, dots, mean, x, dy []float32, rows int)
	affine     func(y, x, a, b []float32, rows int)
	affineReLU func(y, x, a, b []float32, rows int)
	affineBack func(dx, dy, x, a, b, c []float32, rows int)

	softmaxRows   func(x []float32, rows, cols, stride int, scale float32)
	softmaxBack   func(dp, p []float32, rows, cols, strideD, strideP int, scale float32)
	layerNorm     func(y, xhat, istd, x, gamma, beta []float32, share, eps float32)
	layerNormBack func(dx, dgamma, dbeta, dy, xhat, istd, gamma []float32, share float32)

	lstm, lstmBack func(gates, c0, c, tc, h []float32, rows, cols int)
	gru, gruBack   func(gx, gh, h0, h []float32, rows, cols int)

	adamW func(w, m, v, g []float32, clip, beta1, rest1, beta2, rest2, correct2, epsilon, minusStep, decay float32)
}

// active are the kernels of this process, chosen once.
var active, activeErr = choose(os.Getenv("ASSAY_KERNEL"))

// Kernels returns the name of the kernels in use. The error says that
// ASSAY_KERNEL names kernels that this machine does not have; the best ones are
// in use then, and the caller should stop.
func Kernels() (string, error) { return active.name, activeErr }

// choose returns the kernels with the name, or the best ones for no name.
func choose(name string) (*kernels, error) {
	known := available()
	if name == "" {
		return known[0], nil
	}
	names := ""
	for _, k := range known {
		if k.name == name {
			return k, nil
		}
		names += " " + k.name
	}
	return known[0], fmt.Errorf("ASSAY_KERNEL=%s: this machine has no such kernels; unset it or name one of%s", name, names)
}

// available lists the kernels that this machine can run, the best first.
func available() []*kernels { return append(assembly(), plain()) }

func plain() *kernels {
	return &kernels{
		name: "plain",
		exp:  plainExp, sigmoid: plainSigmoid, tanh: plainTanh, relu: plainReLU, reluBack: plainReLUBack,
		add: plainAdd, axpy: plainAxpy, scale: plainScale, sum: plainSum, dot: plainDot,
		colSums: plainColSums, colSquares: plainColSquares, colPairs: plainColPairs,
		affine: plainAffine, affineReLU: plainAffineReLU, affineBack: plainAffineBack,
		softmaxRows: plainSoftmaxRows, softmaxBack: plainSoftmaxBack,
		layerNorm: plainLayerNorm, layerNormBack: plainLayerNormBack,
		lstm: plainLSTM, lstmBack: plainLSTMBack, gru: plainGRU, gruBack: plainGRUBack,
		adamW: plainAdamW, signLog: plainSignLog,
	}
}

// equal panics unless a length is what it must be.
func equal(what string, got, want int) {
	if got != want {
		panic(wrong(what, got, want))
	}
}

// atLeast panics unless a length is at least what it must be.
func atLeast(what string, got, want int) {
	if got < want {
		panic(wrong(what, got, want))
	}
}

//go:noinline
func wrong(what string, got, want int) string {
	return fmt.Sprintf("f32: %s is %d, must be %d", what, got, want)
}
