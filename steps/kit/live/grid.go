package live

import (
	"fmt"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
)

// usualGap is the max_gap of recipes/cured.yaml, in seconds.
const usualGap = 3

// FindCures returns the grid with the cures that a model was trained with. A model keeps only a
// hash of what its columns mean, so those of all cures are compared with it, and of max_gap what
// the grid says and what recipes/cured.yaml has. A model that keeps no hash, such as one of
// XGBoost's own, has those that the grid says.
func FindCures(m model.About, g model.Grid) (model.Grid, error) {
	if m.Meaning == "" {
		return g, nil
	}
	want := channel.Schema{Window: g.Window, Hz: m.Hz}
	if m.Context() {
		want.Context = g.Stride
	}
	for bits := range 1 << 5 {
		for _, gap := range []float64{0, usualGap, g.Cures.MaxGap} {
			want.Cures = cures(bits)
			want.Cures.MaxGap = gap
			if want.Hash() == m.Meaning {
				g.Cures = want.Cures
				return g, nil
			}
		}
	}
	return g, fmt.Errorf("the model (%s) was not trained on windows of %v s each %v s with any cures that are known; "+
		"give --window, --stride and --max-gap as in the recipe that trained it", m.Family, g.Window, g.Stride)
}

// cures returns the cures of a set of bits.
func cures(bits int) channel.Cures {
	return channel.Cures{
		RetimeNetflow: bits&1 != 0, ResetsMissing: bits&2 != 0, AbsentListsMissing: bits&4 != 0,
		ExactConstants: bits&8 != 0, ExcludeUnknownPhase: bits&16 != 0,
	}
}
