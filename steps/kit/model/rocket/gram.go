package rocket

import "assay/steps/kit/kernel/f32"

const (
	gramTile = 240  // rows and columns of a tile of a product
	gramStep = 1024 // products that are added up in float32 before they go to float64
)

// gram adds X·Xᵀ for the rows of X. Products are added up in float32 for gramStep columns, in the
// order of the columns, and then in float64.
func (s *system) gram(x f32.Matrix, team *f32.Team) {
	tiles := (s.size + gramTile - 1) / gramTile
	for k := 0; k < x.Cols; k += gramStep {
		part := x.Columns(k, min(k+gramStep, x.Cols))
		team.Do(tiles, func(i int) {
			rows := part.RowRange(i*gramTile, min((i+1)*gramTile, s.size))
			var packed f32.Panels
			packed.PackT(rows)
			// The tiles of column i, from the diagonal down.
			for j := i; j < tiles; j++ {
				s.add(part.RowRange(j*gramTile, min((j+1)*gramTile, s.size)), packed, j*gramTile, i*gramTile)
			}
		})
	}
}

// add adds A·B to the tile at some row and column.
func (s *system) add(a f32.Matrix, b f32.Panels, row, column int) {
	c := f32.NewMatrix(a.Rows, b.Cols)
	f32.Mul(c, a, b)
	for i := range c.Rows {
		to := s.a[(row+i)*s.size+column:][:c.Cols]
		for j, v := range c.Row(i) {
			to[j] += float64(v)
		}
	}
}
