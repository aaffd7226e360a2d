package training

import (
	"fmt"

	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
)

// Predict returns the predictions of a model for the windows of the validation and test
// part. The view is only written down.
func Predict(view model.View, d *model.Data, m model.Model) (*prediction.Set, error) {
	about := m.About()
	said := &prediction.Set{About: prediction.About{
		Model: prediction.ModelName(about.Family, about.Context()), View: string(view), Rounds: about.Rounds,
		Features: len(about.Features), Schema: about.Hash(), Classes: about.Classes,
	}}
	for _, s := range []model.Set{d.Validation, d.Test} {
		p := make([]float32, len(s.Y)*len(about.Classes))
		if d.Series != nil {
			predictSeries(m, p, d.Series, s.Rows, len(about.Classes))
		} else {
			m.Predict(p, s.X)
		}
		if err := said.Add(d.Windows, s.Part, s.Rows, p); err != nil {
			return nil, fmt.Errorf("predictions: %w", err)
		}
	}
	return said, nil
}

// predictPiece is how many windows are copied together.
const predictPiece = 64

// predictSeries predicts windows of a series.
func predictSeries(m model.Model, p []float32, s *model.Series, rows []int, classes int) {
	var x []float32
	for i := 0; i < len(rows); i += predictPiece {
		x = x[:0]
		some := rows[i:min(i+predictPiece, len(rows))]
		for _, r := range some {
			x = append(x, s.Window(r)...)
		}
		m.Predict(p[i*classes:(i+len(some))*classes], x)
	}
}
