package f32

// Mul sets C = A·B: c is m × n, a is m × k, b is k × n.
func Mul(c, a Matrix, b Panels) { multiply(c, a, false, b, zeros[:], 0, 0) }

// MulBias sets C = A·B + bias, with one bias per column; the sums start from it.
func MulBias(c, a Matrix, b Panels, bias []float32) {
	equal("the length of bias", len(bias), c.Cols)
	multiply(c, a, false, b, bias, 0, panelCols)
}

// MulAdd adds A·B to C.
func MulAdd(c, a Matrix, b Panels) { multiply(c, a, false, b, c.Data, c.Stride, panelCols) }

// MulT sets C = Aᵀ·B: c is m × n, a is k × m, b is k × n.
func MulT(c, a Matrix, b Panels) { multiply(c, a, true, b, zeros[:], 0, 0) }

// MulTAdd adds Aᵀ·B to C, as the gradient of weights does with the inputs A and the
// gradients B of the outputs.
func MulTAdd(c, a Matrix, b Panels) { multiply(c, a, true, b, c.Data, c.Stride, panelCols) }

// zeros are what the sums of a panel start from. Nobody writes to it.
var zeros [panelCols]float32

// A product is C = start + A·B. Element (i, p) of A is a[i·ars + p·acs], the sum of
// (i, j) starts from start[i·startRow + j/16·startPanel + j%16].
type product struct {
	m, k, n              int
	a                    []float32
	ars, acs             int
	b                    Panels
	start                []float32
	startRow, startPanel int
	c                    []float32
	ldc                  int
}

// multiply checks the operands and computes the product in blocks.
func multiply(c, a Matrix, transposed bool, b Panels, start []float32, startRow, startPanel int) {
	c.check("C")
	a.check("A")
	g := product{c.Rows, a.Cols, c.Cols, a.Data, a.Stride, 1, b, start, startRow, startPanel, c.Data, c.Stride}
	if transposed {
		equal("the columns of A", a.Cols, c.Rows)
		g.k, g.ars, g.acs = a.Rows, 1, a.Stride
	} else {
		equal("the rows of A", a.Rows, c.Rows)
	}
	equal("the rows of B", b.Rows, g.k)
	equal("the columns of B", b.Cols, c.Cols)
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	if c.Rows > 1 {
		atLeast("the stride of C", c.Stride, c.Cols)
	}
	if active.tiles[tileRows] == nil {
		g.plain()
		return
	}
	if g.m == 1 && g.n >= groupCols {
		g.oneRow()
		return
	}
	g.blocks()
}

// plain is the definition: every sum from its start, from the first k to the last.
func (g *product) plain() {
	for i := range g.m {
		for j := 0; j < g.n; j += panelCols {
			var sums [panelCols]float32
			width := min(panelCols, g.n-j)
			copy(sums[:width], g.start[i*g.startRow+j/panelCols*g.startPanel:])
			panel := g.b.data[j/panelCols*g.b.toNext:]
			for p := range g.k {
				x := g.a[i*g.ars+p*g.acs]
				for q, y := range panel[p*g.b.rowStep:][:panelCols] {
					sums[q] = fma(x, y, sums[q])
				}
			}
			copy(g.c[i*g.ldc+j:][:width], sums[:])
		}
	}
}
