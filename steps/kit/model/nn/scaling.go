package nn

import (
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// Scale fits a scaler to some windows of a series, given by their rows in the table, and returns
// it with the inputs of all windows: s.Inputs() columns per point. Models that are no networks, but
// read what networks do, call it. The team does not show in the result.
func Scale(series *model.Series, rows []int, team *f32.Team) (*Scaler, *model.Series) {
	s := fitScaler(series, rows)
	return s, s.scaled(series, team)
}

// Check returns an error unless the scaler is one for some channels.
func (s *Scaler) Check(channels int) error { return s.check(channels) }

// Window makes the inputs of a window, points × s.Inputs(), from what was recorded, points ×
// channels. logs is memory for a point: one number per channel.
func (s *Scaler) Window(to, x, logs []float32) { s.window(to, x, logs) }
