package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// special are the numbers at which kernels go wrong.
var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 3,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.Float32frombits(0xffc00123), math.Float32frombits(0x7f800001),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-40, -3e-39, 0x1p-126, -0x1p-126,
	math.MaxFloat32, -math.MaxFloat32, 88.7, 88.8, 89.1, -87, -87.1, -87.4, -103.9, -104.1, 0.3465, -0.3466, 12582912, 1e-20, -1e20,
}

// A source makes the numbers of a test: from data for a fuzz target, else at
// random, with special numbers now and then.
type source struct {
	rng  *rand.Rand
	odd  float64 // share of special numbers
	data []byte
	made []guarded
}

// A guarded is a slice within what surrounds it.
type guarded struct {
	whole    []float32
	from, to int
}

func (s *source) number() float32 {
	if len(s.data) >= 4 {
		b := s.data
		s.data = b[4:]
		return math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	if s.rng.Float64() < s.odd {
		return special[s.rng.IntN(len(special))]
	}
	return float32(s.rng.NormFloat64() * math.Exp2(float64(s.rng.IntN(8)-4)))
}

// slice returns n numbers at an address that is no multiple of a vector, between
// guards that a kernel must not touch.
func (s *source) slice(n int) []float32 {
	off := 1 + s.rng.IntN(7)
	all := make([]float32, off+n+9)
	for i := range all {
		all[i] = guard
	}
	s.made = append(s.made, guarded{all, off, off + n})
	x := all[off : off+n : off+n]
	for i := range x {
		x[i] = s.number()
	}
	return x
}

// guard surrounds the slices of tests.
var guard = math.Float32frombits(0x7fc0beef)

// same compares bits, except among NaN.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// differ returns where two slices differ, and "" if they do not.
func differ(got, want []float32) string {
	for i := range want {
		if !same(got[i], want[i]) {
			return fmt.Sprintf("[%d] = %v (%#x), plain Go makes %v (%#x)", i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
	return ""
}

// A kernelCase makes slices and what calls one kernel on them; the slices are then
// compared with those of plain Go.
type kernelCase struct {
	name string
	make func(k *kernels, s *source, rows, cols int) ([][]float32, func())
}

func unaryCase(name string, f func(*kernels) func(dst, src []float32)) kernelCase {
	return kernelCase{name, func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols)
		return x, func() {
			f(k)(x[0], x[1])
			f(k)(x[1], x[1])
		}
	}}
}

func many(s *source, n ...int) [][]float32 {
	var out [][]float32
	for _, n := range n {
		out = append(out, s.slice(n))
	}
	return out
}

var kernelCases = []kernelCase{
	unaryCase("exp", func(k *kernels) func(dst, src []float32) { return k.exp }),
	unaryCase("sigmoid", func(k *kernels) func(dst, src []float32) { return k.sigmoid }),
	unaryCase("tanh", func(k *kernels) func(dst, src []float32) { return k.tanh }),
	unaryCase("relu", func(k *kernels) func(dst, src []float32) { return k.relu }),
	unaryCase("add", func(k *kernels) func(dst, src []float32) { return k.add }),
	unaryCase("signLog", func(k *kernels) func(dst, src []float32) {
		return func(dst, src []float32) { k.signLog(dst, src, &logTable[0][0]) }
	}),
	{"axpy", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols)
		alpha := s.number()
		return x, func() { k.axpy(x[0], x[1], alpha) }
	}},
	{"scale", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols)
		alpha := s.number()
		return x, func() { k.scale(x[0], alpha) }
	}},
	{"reluBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, rows*cols)
		return x, func() {
			k.reluBack(x[0], x[1], x[2])
			k.reluBack(x[1], x[1], x[2])
		}
	}},
	{"sum", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, 1)
		return x, func() { x[1][0] = k.sum(x[0]) }
	}},
	{"dot", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, 1)
		return x, func() { x[2][0] = k.dot(x[0], x[1]) }
	}},
	{"colSums", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, cols, rows*cols)
		return x, func() { k.colSums(x[0], x[1], rows) }
	}},
	{"colSquares", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, cols, cols, rows*cols)
		return x, func() { k.colSquares(x[0], x[1], x[2], rows) }
	}},
	{"colPairs", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, cols, cols, cols, rows*cols, rows*cols)
		return x, func() { k.colPairs(x[0], x[1], x[2], x[3], x[4], rows) }
	}},
	{"affine", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, cols, cols)
		return x, func() { k.affine(x[0], x[1], x[2], x[3], rows) }
	}},
	{"affineReLU", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, cols, cols)
		return x, func() { k.affineReLU(x[0], x[1], x[2], x[3], rows) }
	}},
	{"affineBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, rows*cols, cols, cols, cols)
		return x, func() { k.affineBack(x[0], x[1], x[2], x[3], x[4], x[5], rows) }
	}},
	{"softmaxRows", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		stride := cols + s.rng.IntN(5)
		x := many(s, rows*stride)
		alpha := s.number()
		return x, func() { k.softmaxRows(x[0], rows, cols, stride, alpha) }
	}},
	{"softmaxBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		d, p := cols+s.rng.IntN(5), cols+s.rng.IntN(5)
		x := many(s, rows*d, rows*p)
		alpha := s.number()
		return x, func() { k.softmaxBack(x[0], x[1], rows, cols, d, p, alpha) }
	}},
	{"layerNorm", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, rows*cols, rows, rows*cols, cols, cols)
		return x, func() { k.layerNorm(x[0], x[1], x[2], x[3], x[4], x[5], 1/float32(cols), 1e-5) }
	}},
	{"layerNormBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		x := many(s, rows*cols, cols, cols, rows*cols, rows*cols, rows, cols)
		return x, func() { k.layerNormBack(x[0], x[1], x[2], x[3], x[4], x[5], x[6], 1/float32(cols)) }
	}},
	{"lstm", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		n := rows * cols
		x := many(s, 4*n, n, n, n, n)
		return x, func() { k.lstm(x[0], x[1], x[2], x[3], x[4], rows, cols) }
	}},
	{"lstmBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		n := rows * cols
		x := many(s, 4*n, n, n, n, n)
		return x, func() { k.lstmBack(x[0], x[1], x[2], x[3], x[4], rows, cols) }
	}},
	{"gru", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		n := rows * cols
		x := many(s, 3*n, 3*n, n, n)
		return x, func() { k.gru(x[0], x[1], x[2], x[3], rows, cols) }
	}},
	{"gruBack", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		n := rows * cols
		x := many(s, 3*n, 3*n, n, n)
		return x, func() { k.gruBack(x[0], x[1], x[2], x[3], rows, cols) }
	}},
	{"adamW", func(k *kernels, s *source, rows, cols int) ([][]float32, func()) {
		n := rows * cols
		x := many(s, n, n, n, n)
		alpha := s.number()
		return x, func() { k.adamW(x[0], x[1], x[2], x[3], alpha, 0.9, 0.1, 0.999, 0.001, 1.5, 1e-8, -1e-3, 0.999) }
	}},
}

// untouched fails unless the numbers around every slice are still guards.
func (s *source) untouched(t *testing.T) {
	t.Helper()
	for _, all := range s.made {
		for i, v := range all.whole {
			if (i < all.from || i >= all.to) && math.Float32bits(v) != math.Float32bits(guard) {
				t.Fatalf("wrote outside its slice, at %d of %d to %d", i, all.from, all.to)
			}
		}
	}
}

// compare runs a case with the kernels and with plain Go on the same numbers.
func compare(t *testing.T, k *kernels, c kernelCase, rows, cols int, odd float64, seed uint64, data []byte) {
	t.Helper()
	made := func(k *kernels) [][]float32 {
		s := &source{rng: rand.New(rand.NewPCG(seed, 7)), odd: odd, data: data}
		defer s.untouched(t)
		x, call := c.make(k, s, rows, cols)
		call()
		return x
	}
	got, want := made(k), made(plain())
	for i := range want {
		if d := differ(got[i], want[i]); d != "" {
			t.Fatalf("%s %s, %d × %d, seed %d: slice %d%s", k.name, c.name, rows, cols, seed, i, d)
		}
	}
}

// TestKernelsAgainstPlain compares the assembly with plain Go, bit for bit, on
// every odd size and on special numbers.
func TestKernelsAgainstPlain(t *testing.T) {
	for _, k := range available() {
		for _, c := range kernelCases {
			t.Run(k.name+"/"+c.name, func(t *testing.T) {
				for cols := 1; cols <= 70; cols++ {
					for i, odd := range []float64{0, 0.01, 0.3} {
						compare(t, k, c, 1+(cols+i)%5, cols, odd, uint64(cols), nil)
					}
				}
				compare(t, k, c, 3, 1000, 0, 1, nil)
			})
		}
	}
}

func FuzzKernels(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(9), uint64(1), []byte{0, 0, 0x80, 0x7f, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, which, rows, cols uint8, seed uint64, data []byte) {
		c := kernelCases[int(which)%len(kernelCases)]
		for _, k := range assembly() {
			compare(t, k, c, 1+int(rows)%5, 1+int(cols)%70, 0.1, seed, data)
		}
	})
}
