package training

import (
	"context"
	"fmt"
	"sync"

	"assay/engine/step"
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
)

// Predict returns the predictions of a model for the windows of the validation and test
// part. The view is only written down. It uses the cores of the step.
func Predict(ctx context.Context, view model.View, d *model.Data, m model.Model) (*prediction.Set, error) {
	about := m.About()
	said := &prediction.Set{About: prediction.About{
		Model: prediction.ModelName(about.Family, about.Context()), View: string(view), Rounds: about.Rounds,
		Features: len(about.Features), Schema: about.Hash(), Classes: about.Classes,
	}}
	team := f32.NewTeam(step.Cores(ctx))
	defer team.Close()
	for _, s := range []model.Set{d.Validation, d.Test} {
		n, k := len(s.Y), len(about.Classes)
		p := make([]float32, n*k)
		if d.Series != nil {
			predictSeries(team, m, p, k, d.Series, s.Rows)
		} else {
			predictSummaries(team, m, p, k, s.X, len(about.Features))
		}
		if err := said.Add(d.Windows, s.Part, s.Rows, p); err != nil {
			return nil, fmt.Errorf("predictions: %w", err)
		}
	}
	return said, nil
}

// predictPiece is how many windows are predicted together. What a model says of a window does not
// depend on the others.
const predictPiece = 64

// inPieces calls do with the windows from lo to hi of each piece of n, several at a time.
func inPieces(team *f32.Team, n int, do func(lo, hi int)) {
	team.Do((n+predictPiece-1)/predictPiece, func(i int) {
		do(i*predictPiece, min((i+1)*predictPiece, n))
	})
}

// predictSummaries fills p, N×K, with what a model says of summaries x, N×F.
func predictSummaries(team *f32.Team, m model.Model, p []float32, k int, x []float32, f int) {
	inPieces(team, len(p)/k, func(lo, hi int) { m.Predict(p[lo*k:hi*k], x[lo*f:hi*f]) })
}

// predictSeries fills p, N×K, with what a model says of windows of a series.
func predictSeries(team *f32.Team, m model.Model, p []float32, k int, s *model.Series, rows []int) {
	scratch := sync.Pool{New: func() any { return new([]float32) }}
	inPieces(team, len(rows), func(lo, hi int) {
		x := scratch.Get().(*[]float32)
		*x = (*x)[:0]
		for _, r := range rows[lo:hi] {
			*x = append(*x, s.Window(r)...)
		}
		m.Predict(p[lo*k:hi*k], *x)
		scratch.Put(x)
	})
}
