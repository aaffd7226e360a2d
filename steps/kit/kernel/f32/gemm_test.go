package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A shape is a product's m × k × n.
type shape struct{ m, k, n int }

// operands are random matrices whose rows have gaps, and whose ends lie at the end
// of their memory.
type operands struct {
	c, a Matrix
	b    Matrix
	bias []float32
}

func (s *source) matrix(rows, cols, gap int) Matrix {
	stride := cols + gap
	n := 0
	if rows > 0 {
		n = (rows-1)*stride + cols
	}
	return Matrix{rows, cols, stride, s.slice(n)}
}

func (s *source) operands(h shape, transposed bool) operands {
	o := operands{c: s.matrix(h.m, h.n, s.rng.IntN(4)), b: s.matrix(h.k, h.n, s.rng.IntN(4)), bias: s.slice(h.n)}
	if transposed {
		o.a = s.matrix(h.k, h.m, s.rng.IntN(4))
	} else {
		o.a = s.matrix(h.m, h.k, s.rng.IntN(4))
	}
	return o
}

// want computes what a product must be from its definition alone.
func (o operands) want(transposed bool, start func(i, j int) float32) []float32 {
	out := make([]float32, 0, o.c.Rows*o.c.Cols)
	for i := range o.c.Rows {
		for j := range o.c.Cols {
			sum := start(i, j)
			for p := range o.b.Rows {
				x := float32(0)
				if transposed {
					x = o.a.Row(p)[i]
				} else {
					x = o.a.Row(i)[p]
				}
				sum = fma(x, o.b.Row(p)[j], sum)
			}
			out = append(out, sum)
		}
	}
	return out
}

func flat(m Matrix) []float32 {
	var out []float32
	for i := range m.Rows {
		out = append(out, m.Row(i)...)
	}
	return out
}

var shapes = []shape{
	{1, 1, 1}, {1, 7, 3}, {2, 0, 5}, {0, 3, 4}, {3, 4, 0}, {5, 9, 15}, {6, 16, 16}, {7, 17, 17}, {12, 5, 31}, {13, 33, 64},
	{1, 64, 256}, {1, 300, 70}, {4, 64, 70}, {100, 16, 100}, {32, 230, 48}, {97, 257, 33}, {200, 513, 65}, {6, 700, 8}, {31, 46, 192},
	{1, 64, 192}, {1, 0, 64}, {1, 1, 63}, {1, 700, 65}, {1, 230, 131}, {1, 17, 80}, {1, 3, 1024},
}

// TestProducts compares every product, in place and packed, with its definition.
func TestProducts(t *testing.T) {
	for _, h := range shapes {
		for _, odd := range []float64{0, 0.02} {
			t.Run(fmt.Sprintf("%d×%d×%d/%v", h.m, h.k, h.n, odd), func(t *testing.T) {
				s := &source{rng: rand.New(rand.NewPCG(uint64(h.m), uint64(h.k))), odd: odd}
				testProducts(t, s, h)
				s.untouched(t)
			})
		}
	}
}

func testProducts(t *testing.T, s *source, h shape) {
	zero := func(int, int) float32 { return 0 }
	for _, transposed := range []bool{false, true} {
		o := s.operands(h, transposed)
		bias := func(_, j int) float32 { return o.bias[j] }
		before := flat(o.c)
		sum := func(i, j int) float32 { return before[i*h.n+j] }
		var b, bt Panels
		b.Pack(o.b)
		columns := NewMatrix(h.n, h.k)
		for i := range h.n {
			for j := range h.k {
				columns.Row(i)[j] = o.b.Row(j)[i]
			}
		}
		bt.PackT(columns)
		operand := []Panels{b, bt}
		if h.n%panelCols == 0 {
			operand = append(operand, InPlace(o.b))
		}
		for _, b := range operand {
			if transposed {
				MulTAdd(o.c, o.a, b)
				expect(t, "MulTAdd", o, true, sum)
				MulT(o.c, o.a, b)
				expect(t, "MulT", o, true, zero)
			} else {
				MulAdd(o.c, o.a, b)
				expect(t, "MulAdd", o, false, sum)
				Mul(o.c, o.a, b)
				expect(t, "Mul", o, false, zero)
				MulBias(o.c, o.a, b, o.bias)
				expect(t, "MulBias", o, false, bias)
			}
			for i := range h.m {
				copy(o.c.Row(i), before[i*h.n:])
			}
		}
	}
}

func expect(t *testing.T, name string, o operands, transposed bool, start func(i, j int) float32) {
	t.Helper()
	if d := differ(flat(o.c), o.want(transposed, start)); d != "" {
		t.Fatalf("%s: C%s", name, d)
	}
}

// TestOneRow compares the kernel of one row with plain Go on numbers a third of which
// are special, for every width around its groups.
func TestOneRow(t *testing.T) {
	if active.row == nil {
		t.Skip("plain Go has no kernel of its own for one row")
	}
	for n := groupCols - 1; n <= 3*groupCols+1; n++ {
		s := &source{rng: rand.New(rand.NewPCG(5, uint64(n))), odd: 0.3}
		testProducts(t, s, shape{1, 1 + n%9, n})
		s.untouched(t)
	}
}

// TestConvolution computes a dilated convolution as products of the taps' rows of
// the weights with shifted inputs, and in one product of overlapping rows.
func TestConvolution(t *testing.T) {
	s := &source{rng: rand.New(rand.NewPCG(3, 4))}
	const taps, in, out, steps = 5, 7, 20, 30
	w, x := s.matrix(taps*in, out, 0), s.matrix(steps+taps-1, in, 0)
	var b Panels
	b.Pack(w)
	whole, parts := NewMatrix(steps, out), NewMatrix(steps, out)
	Mul(whole, Matrix{steps, taps * in, in, x.Data}, b)
	for tap := range taps {
		MulAdd(parts, x.RowRange(tap, tap+steps), b.RowRange(tap*in, (tap+1)*in))
	}
	if d := differ(parts.Data, whole.Data); d != "" {
		t.Fatalf("the sum over taps differs from the product: %s", d)
	}
}

// TestMistakesPanic passes operands that do not fit.
func TestMistakesPanic(t *testing.T) {
	var b Panels
	b.Pack(NewMatrix(3, 4))
	x := func(n int) []float32 { return make([]float32, n) }
	for name, f := range map[string]func(){
		"rows of B":      func() { Mul(NewMatrix(2, 4), NewMatrix(2, 5), b) },
		"columns of B":   func() { Mul(NewMatrix(2, 5), NewMatrix(2, 3), b) },
		"rows of A":      func() { Mul(NewMatrix(2, 4), NewMatrix(1, 3), b) },
		"short C":        func() { Mul(Matrix{2, 4, 4, x(7)}, NewMatrix(2, 3), b) },
		"short A":        func() { Mul(NewMatrix(2, 4), Matrix{2, 3, 9, x(11)}, b) },
		"overlapping C":  func() { Mul(Matrix{2, 4, 3, x(8)}, NewMatrix(2, 3), b) },
		"negative":       func() { Mul(Matrix{-1, 4, 4, nil}, NewMatrix(2, 3), b) },
		"bias":           func() { MulBias(NewMatrix(2, 4), NewMatrix(2, 3), b, x(3)) },
		"in place":       func() { InPlace(NewMatrix(2, 17)) },
		"rows of panels": func() { b.RowRange(1, 4) },
		"columns":        func() { NewMatrix(2, 3).Columns(1, 4) },
		"rows":           func() { NewMatrix(2, 3).RowRange(2, 1) },
		"exp":            func() { Exp(x(2), x(3)) },
		"dot":            func() { Dot(x(2), x(3)) },
		"columns sums":   func() { ColSums(x(2), x(3)) },
		"softmax":        func() { SoftmaxRows(Matrix{2, 3, 3, x(5)}, 1) },
		"layer norm":     func() { LayerNorm(x(4), x(4), x(2), x(4), x(2), x(3), 1) },
		"lstm":           func() { LSTM(x(8), x(2), x(2), x(2), x(3), 1, 2) },
		"gru":            func() { GRU(x(6), x(7), x(2), x(2), 1, 2) },
		"adamw":          func() { AdamW{}.Step(1, x(2), x(2), x(2), x(3)) },
		"step 0":         func() { AdamW{}.Step(0, x(2), x(2), x(2), x(2)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if r := recover(); r == nil {
					t.Error("no panic")
				} else if text, ok := r.(string); !ok || text[:5] != "f32: " {
					t.Errorf("panics with %v", r)
				}
			}()
			f()
		})
	}
}

func FuzzProduct(f *testing.F) {
	f.Add(uint8(7), uint8(9), uint8(17), uint64(1), []byte{0, 0, 0x80, 0x7f})
	f.Fuzz(func(t *testing.T, m, k, n uint8, seed uint64, data []byte) {
		s := &source{rng: rand.New(rand.NewPCG(seed, 1)), odd: 0.05, data: data}
		testProducts(t, s, shape{int(m) % 40, int(k) % 70, int(n) % 70})
		testProducts(t, s, shape{1, int(k) % 70, int(n)})
		s.untouched(t)
	})
}
