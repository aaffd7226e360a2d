package dataset

import "fmt"

// maxCells bounds the values of a feature matrix: 8 GiB.
const maxCells = 1 << 31

// A matrix is what tables of features have in common.
type matrix struct {
	features []string
	hash     string
	remarks  []string
	x        []float32 // row-major, a row for each of the table
}

// fill reads the features of all parts straight to their places in x: row i of
// the parts, one after the other, goes to row place[i].
func (m *matrix) fill(all parts, place []int32) error {
	if len(place)*len(m.features) > maxCells {
		return fmt.Errorf("%d rows of %d features are more than %d values", len(place), len(m.features), maxCells)
	}
	m.x = make([]float32, len(place)*len(m.features))
	for _, p := range all {
		for g, n := range p.groups() {
			for f, name := range m.features {
				if err := p.readFloats(g, name, m.x[f:], len(m.features), place[:n]); err != nil {
					return p.wrap(fmt.Errorf("feature %s, row group %d: %w", name, g, err))
				}
			}
			place = place[n:]
		}
	}
	return nil
}
