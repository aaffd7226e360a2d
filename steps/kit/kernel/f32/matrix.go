package f32

import "slices"

// A Matrix is a row-major view: element (i, j) is Data[i·Stride + j]. As the left
// operand of a product its rows may overlap (Stride < Cols), as the windows of a
// convolution do.
type Matrix struct {
	Rows, Cols, Stride int
	Data               []float32
}

// NewMatrix returns a matrix of zeros.
func NewMatrix(rows, cols int) Matrix { return Of(make([]float32, rows*cols), rows, cols) }

// Of returns a view of data, which holds rows × cols numbers without gaps.
func Of(data []float32, rows, cols int) Matrix {
	equal("the length of the data", len(data), rows*cols)
	return Matrix{rows, cols, cols, data}
}

// Row returns row i.
func (m Matrix) Row(i int) []float32 { return m.Data[i*m.Stride:][:m.Cols] }

// Columns returns a view of the columns from ≤ j < to.
func (m Matrix) Columns(from, to int) Matrix {
	if from < 0 || to < from || to > m.Cols {
		panic(wrong("the last column of a view", to, m.Cols))
	}
	return Matrix{m.Rows, to - from, m.Stride, m.Data[min(from, len(m.Data)):]}
}

// RowRange returns a view of the rows from ≤ i < to.
func (m Matrix) RowRange(from, to int) Matrix {
	if from < 0 || to < from || to > m.Rows {
		panic(wrong("the last row of a view", to, m.Rows))
	}
	return Matrix{to - from, m.Cols, m.Stride, m.Data[min(from*m.Stride, len(m.Data)):]}
}

// check panics unless the matrix lies within its data. what says which matrix.
func (m Matrix) check(what string) {
	if m.Rows < 0 || m.Cols < 0 || m.Stride < 0 {
		panic(wrong("the least of rows, columns and stride of "+what, min(m.Rows, m.Cols, m.Stride), 0))
	}
	if m.Rows > 0 && m.Cols > 0 {
		if need := (m.Rows-1)*m.Stride + m.Cols; len(m.Data) < need {
			panic(wrong("the length of the data of "+what, len(m.Data), need))
		}
	}
}

// panelCols is the number of columns of a panel.
const panelCols = 16

// Panels are the right operand of a product, Rows × Cols, in panels of 16 columns.
// Weights are packed once and used by many products; a matrix whose columns are a
// multiple of 16 may also be used as it lies. Reading is safe from many threads.
type Panels struct {
	Rows, Cols int

	data            []float32
	rowStep, toNext int // from a row to the next, from a panel to the next
	buffer          []float32
}

// Pack makes the panels of b, in the memory that they have if it suffices.
func (p *Panels) Pack(b Matrix) {
	p.shape(b, b.Rows, b.Cols)
	for j := 0; j < b.Cols; j += panelCols {
		to := p.data[j*b.Rows:]
		width := min(panelCols, b.Cols-j)
		for i := range b.Rows {
			line := to[i*panelCols : (i+1)*panelCols]
			if from := b.Data[i*b.Stride+j:]; width == panelCols {
				*(*[panelCols]float32)(line) = *(*[panelCols]float32)(from)
			} else {
				clear(line[copy(line, from[:width]):])
			}
		}
	}
}

// PackT makes the panels of the transpose of b.
func (p *Panels) PackT(b Matrix) {
	p.shape(b, b.Cols, b.Rows)
	for j := 0; j < b.Rows; j += panelCols {
		to := p.data[j*b.Cols : (j+panelCols)*b.Cols]
		width := min(panelCols, b.Rows-j)
		if width < panelCols {
			clear(to)
		}
		for q := range width {
			i := q
			for _, v := range b.Data[(j+q)*b.Stride:][:b.Cols] {
				to[i] = v
				i += panelCols
			}
		}
	}
}

// shape makes room for rows × cols numbers of b.
func (p *Panels) shape(b Matrix, rows, cols int) {
	b.check("the matrix to pack")
	n := (cols + panelCols - 1) / panelCols * panelCols * rows
	p.buffer = slices.Grow(p.buffer[:0], n)[:n]
	p.Rows, p.Cols, p.data = rows, cols, p.buffer
	p.rowStep, p.toNext = panelCols, panelCols*rows
}

// InPlace returns a matrix as panels, without copying. Its columns are a multiple
// of 16. It pays where few rows of A meet it.
func InPlace(b Matrix) Panels {
	b.check("the matrix in place")
	equal("the columns of a matrix in place, divided by 16, the rest", b.Cols%panelCols, 0)
	return Panels{Rows: b.Rows, Cols: b.Cols, data: b.Data, rowStep: b.Stride, toNext: panelCols}
}

// RowRange returns a view of the rows from ≤ i < to, such as those of one tap of a
// convolution.
func (p Panels) RowRange(from, to int) Panels {
	if from < 0 || to < from || to > p.Rows {
		panic(wrong("the last row of panels", to, p.Rows))
	}
	p.Rows, p.data, p.buffer = to-from, p.data[min(from*p.rowStep, len(p.data)):], nil
	return p
}
