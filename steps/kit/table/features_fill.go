package table

import (
	"fmt"

	"assay/steps/kit/parquet"
)

// maxCells bounds the values of a feature matrix: 8 GiB.
const maxCells = 1 << 31

// features are what tables of features have in common.
type features struct {
	features []string
	hash     string
	remarks  []string
	x        []float32 // row-major, a row for each of the table
}

// fill reads the features of all parts straight to their places in x: row i of
// the parts, one after the other, goes to row place[i].
func (m *features) fill(all parquet.Files, place []int32) error {
	if len(place)*len(m.features) > maxCells {
		return fmt.Errorf("%d rows of %d features are more than %d values", len(place), len(m.features), maxCells)
	}
	m.x = make([]float32, len(place)*len(m.features))
	for _, p := range all {
		for g, n := range p.Groups() {
			if n == 0 {
				continue
			}
			for f, name := range m.features {
				if err := p.ReadFloats(g, name, m.x[f:], len(m.features), place[:n]); err != nil {
					return p.Wrap(fmt.Errorf("feature %s, row group %d: %w", name, g, err))
				}
			}
			place = place[n:]
		}
	}
	return nil
}
