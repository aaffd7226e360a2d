package diff

import (
	"assay/steps/kit/bootstrap"
	"assay/steps/kit/score"
)

// Scores are the evaluations that differ, by one measure.
type Scores struct {
	Measure     string  `json:"measure"`
	Title       string  `json:"title"` // of the measure, for people
	Lower       bool    `json:"lower_is_better"`
	Level       float64 `json:"level"`       // of the confidence intervals
	Evaluations []Score `json:"evaluations"` // changed, added and removed ones
	Means       []Score `json:"means"`       // of models that have several evaluations in both states
}

// A Score is one evaluation in both states, or in one of them; or a mean of several.
type Score struct {
	Artifact   string      `json:"artifact,omitempty"`
	Change     Change      `json:"change"`
	Step       string      `json:"step"`
	Model      string      `json:"model"`
	View       string      `json:"view"`
	Split      string      `json:"split,omitempty"`
	Splits     int         `json:"splits,omitempty"` // of a mean: how many evaluations it is of
	Old        *Estimate   `json:"old"`
	New        *Estimate   `json:"new"`
	Difference *Difference `json:"difference"`
	Unpaired   string      `json:"unpaired,omitempty"` // why there is no difference
}

// An Estimate is a value with its confidence interval; null where it is not defined.
type Estimate struct {
	Value score.Number `json:"value"`
	Low   score.Number `json:"low"`
	High  score.Number `json:"high"`
}

// A Difference is new less old, from a bootstrap that gives both states the same
// resamples of episodes.
type Difference struct {
	Estimate
	P        score.Number `json:"p"`
	Adjusted score.Number `json:"p_holm"` // for the number of rows of its table
	Episodes int          `json:"episodes"`
}

// adjust adjusts the p values of a table by Holm's method.
func adjust(list []Score) {
	var p []float64
	var at []int
	for i, s := range list {
		if s.Difference != nil {
			p, at = append(p, float64(s.Difference.P)), append(at, i)
		}
	}
	for k, adjusted := range bootstrap.Holm(p) {
		list[at[k]].Difference.Adjusted = score.Number(adjusted)
	}
}

// estimate returns what an evaluation says of a measure; nil if it does not say.
func estimate(m *score.Metrics, measure string) *Estimate {
	e, ok := score.Find(m.Measures, measure)
	if !ok {
		return nil
	}
	low, high := e.Interval()
	return &Estimate{e.Value, score.Number(low), score.Number(high)}
}
