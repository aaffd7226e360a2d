package f32

import "sync"

// The product in blocks, after Goto and van de Geijn (Anatomy of high-performance
// matrix multiplication, 2008): a panel of B of kBlock rows stays in a cache while the
// tiles of a block of A, which stays in the second one, pass by it. Half as many rows
// would fit into the first cache, but C would come from memory twice as often, which
// costs more.

const (
	tileRows = 6   // rows of a tile: 6 × 16 sums fill 12 of 16 registers
	kBlock   = 512 // 32 kB of a panel
	mBlock   = 96  // 200 kB of A
	float    = 4   // bytes
)

// blocks computes the product block by block. After the first block of k the sums
// start from C.
func (g *product) blocks() {
	for p := 0; p == 0 || p < g.k; p += kBlock {
		for i := 0; i < g.m; i += mBlock {
			g.block(i, min(mBlock, g.m-i), p, min(kBlock, g.k-p))
		}
		g.start, g.startRow, g.startPanel = g.c, g.ldc, panelCols
	}
}

// block adds what rows i to i+m of A and its columns p to p+k give.
func (g *product) block(i, m, p, k int) {
	if k == 0 {
		for r := range m {
			for j := 0; j < g.n; j += panelCols {
				from := g.start[(i+r)*g.startRow+j/panelCols*g.startPanel:]
				copy(g.c[(i+r)*g.ldc+j:(i+r)*g.ldc+min(j+panelCols, g.n)], from)
			}
		}
		return
	}
	a, ars, acs := g.a[i*g.ars+p*g.acs:], g.ars, g.acs
	if g.copies() {
		s := scratch.Get().(*[mBlock * copyStride]float32)
		defer scratch.Put(s)
		for r := range m {
			copy(s[r*copyStride:], a[r*ars:][:k])
		}
		a, ars = s[:], copyStride
	}
	full := m / tileRows * tileRows
	rest := m - full
	for j := 0; j < g.n; j += panelCols {
		if full > 0 {
			g.tiles(tileRows, full/tileRows, a, ars, acs, i, j, p, k)
		}
		if rest > 0 {
			g.tiles(rest, 1, a[full*ars:], ars, acs, i+full, j, p, k)
		}
	}
}

// tiles computes count tiles of some rows below each other, at row i of C and
// column j, from rows p to p+k of B.
func (g *product) tiles(rows, count int, a []float32, ars, acs, i, j, p, k int) {
	width := min(panelCols, g.n-j)
	panel := j / panelCols
	b := g.b.data[panel*g.b.toNext+p*g.b.rowStep:]
	start := g.start[i*g.startRow+panel*g.startPanel:]
	active.tiles[rows](k, &a[0], ars*float, acs*float, &b[0], g.b.rowStep*float,
		&start[0], g.startRow*float, &g.c[i*g.ldc+j], g.ldc*float, min(8, width), max(0, width-8), count)
}

// copyStride is the stride of a block of A that was copied: no power of two, whose
// multiples would share the same few places of a cache.
const copyStride = kBlock + 16

// scratch holds blocks of A that were copied. It changes nothing but the time taken.
var scratch = sync.Pool{New: func() any { return new([mBlock * copyStride]float32) }}

// copies reports whether blocks of A are copied first: where they meet many panels,
// and a row is so long that the next one begins on another page.
func (g *product) copies() bool {
	return g.acs == 1 && g.n >= 256 && g.ars >= 512
}
