package f32

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkKernels runs every kernel on 32 rows of 64, in every implementation:
// ns/op divided by 2048 is the time per element. Nets spend their time at such sizes.
func BenchmarkKernels(b *testing.B) {
	for _, k := range available() {
		for _, c := range kernelCases {
			b.Run(c.name+"/"+k.name, func(b *testing.B) {
				_, call := c.make(k, &source{rng: rand.New(rand.NewPCG(1, 2))}, 32, 64)
				for b.Loop() {
					call()
				}
			})
		}
	}
}

// BenchmarkProducts runs the products of the nets at batch 256 in 8 shards.
func BenchmarkProducts(b *testing.B) {
	s := &source{rng: rand.New(rand.NewPCG(1, 2))}
	for _, c := range []struct {
		name string
		shape
		transposed, inPlace bool
	}{
		{"mlp forward", shape{32, 230, 256}, false, false},
		{"gru step", shape{32, 64, 192}, false, false},
		{"lstm step", shape{32, 64, 256}, false, false},
		{"lstm weights, in place", shape{64, 256, 256}, true, true},
		{"lstm weights, packed", shape{64, 256, 256}, true, false},
		{"conv forward", shape{3200, 64, 64}, false, false},
		{"conv weights, in place", shape{64, 3200, 64}, true, true},
		{"conv weights, packed", shape{64, 3200, 64}, true, false},
		{"attention scores", shape{100, 16, 100}, false, false},
		{"attention values", shape{100, 100, 16}, false, true},
		{"attention gradient", shape{100, 100, 16}, true, true},
		{"one window, gru step", shape{1, 64, 192}, false, false},
		{"one window, lstm step", shape{1, 64, 256}, false, false},
		{"one window, mlp", shape{1, 230, 256}, false, false},
	} {
		o := s.operands(c.shape, c.transposed)
		for _, m := range []*Matrix{&o.a, &o.b, &o.c} {
			*m = NewMatrix(m.Rows, m.Cols)
		}
		b.Run(fmt.Sprintf("%s %dx%dx%d", c.name, c.m, c.k, c.n), func(b *testing.B) {
			var p Panels
			p.Pack(o.b)
			for b.Loop() {
				if c.inPlace {
					p = InPlace(o.b)
				} else if c.transposed {
					p.Pack(o.b)
				}
				multiply(o.c, o.a, c.transposed, p, o.c.Data, o.c.Stride, panelCols)
			}
			b.ReportMetric(2*float64(c.m*c.k*c.n)/float64(b.Elapsed().Nanoseconds())*float64(b.N), "GFLOPS")
		})
	}
	m := s.matrix(100, 16, 0)
	var p Panels
	b.Run("PackT 100x16", func(b *testing.B) {
		for b.Loop() {
			p.PackT(m)
		}
	})
}
