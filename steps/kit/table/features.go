package table

import (
	"fmt"

	"assay/steps/kit/parquet"
)

// maxCells bounds the values of a feature matrix: 8 GiB.
const maxCells = 1 << 31

// A FeatureMatrix is the features of a table, a row for each of the table's.
type FeatureMatrix struct {
	Features   []string  // F column names, "<channel>.<statistic>"
	SchemaHash string    // what the features mean; a model remembers it; "" if that is not known
	Remarks    []string  // what the files have or lack beside these, for people
	X          []float32 // N×F row-major; NaN is missing
}

// Row returns the features of row i; it must not be changed.
func (m *FeatureMatrix) Row(i int) []float32 {
	f := len(m.Features)
	return m.X[i*f : (i+1)*f : (i+1)*f]
}

// fill reads the features of all parts straight to their places in X: row i of
// the parts, one after the other, goes to row place[i].
func (m *FeatureMatrix) fill(all parquet.Files, place []int32) error {
	if len(place)*len(m.Features) > maxCells {
		return fmt.Errorf("%d rows of %d features are more than %d values", len(place), len(m.Features), maxCells)
	}
	m.X = make([]float32, len(place)*len(m.Features))
	for _, p := range all {
		for g, n := range p.Groups() {
			if n == 0 {
				continue
			}
			for f, name := range m.Features {
				if err := p.ReadFloats(g, name, m.X[f:], len(m.Features), place[:n]); err != nil {
					return p.Wrap(fmt.Errorf("feature %s, row group %d: %w", name, g, err))
				}
			}
			place = place[n:]
		}
	}
	return nil
}
