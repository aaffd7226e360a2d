package score

import (
	"context"
	"fmt"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// Options say how to score.
type Options struct {
	Bootstrap
	FalseAlarms []float64 // budgets of false alarms for each hour of clean telemetry
}

// The units of a bootstrap. Windows of one episode are not independent, so drawing them
// one by one gives intervals that are too narrow.
const (
	ByEpisode = "episode"
	ByWindow  = "window"
)

// Check returns an error if an option makes no sense.
func (o Options) Check() error {
	switch {
	case o.Unit != ByEpisode && o.Unit != ByWindow:
		return fmt.Errorf("unit is %q, want episode or window", o.Unit)
	case o.Resamples < 0 || o.Resamples > 1_000_000:
		return fmt.Errorf("resamples is %d, want 0 (no intervals) to 1000000", o.Resamples)
	case !(o.Level > 0 && o.Level < 1):
		return fmt.Errorf("level is %v, want a share between 0 and 1, such as 0.95", o.Level)
	case len(o.FalseAlarms) > 20:
		return fmt.Errorf("false_alarms has %d budgets, want at most 20", len(o.FalseAlarms))
	}
	for _, b := range o.FalseAlarms {
		if !(b >= 0 && b <= 3600) {
			return fmt.Errorf("false_alarms has %v, want 0 to 3600 an hour", b)
		}
	}
	return nil
}

// A Result is everything that is said of a set of predictions.
type Result struct {
	Metrics  *Metrics
	Episodes []EpisodeCount
	Verdicts []Verdict
}

// Score scores the test part of some predictions. w are the windows that were predicted,
// or nil: then the labels of the predictions cannot be checked. Thresholds of alarms are
// chosen on the validation part of the predictions.
//
// It fails if the test part is empty, if a prediction is of an episode that is in
// another part of the split, since the model may have seen it, if a test episode has no
// prediction, and if the predictions are not of the windows or have other labels.
func Score(ctx context.Context, o Options, p *prediction.Set, a *table.Assignment, w *table.Windows) (*Result,
	error) {
	test, err := prediction.TestPart(p, a, w)
	if err != nil {
		return nil, err
	}
	s, samples := sampleOf(test, a)
	m := &Metrics{
		Model: p.About.Model, View: p.About.View, Rounds: p.About.Rounds, Features: p.About.Features,
		Split:    Split{By: a.Info.By, Test: slices.Clone(a.Info.Test)},
		Windows:  len(test),
		Episodes: s.Units(), Bootstrap: o.Bootstrap,
		Untested: append([]string{}, a.Info.UntestedProfiles...), ByEpisodes: partsOf(a),
	}
	est := estimator{o.Bootstrap, ctx}
	if err := est.whole(m, s); err != nil {
		return nil, err
	}
	if m.Groups, err = est.groups(test, samples, s); err != nil {
		return nil, err
	}
	r := &Result{Metrics: m, Episodes: countEpisodes(test, samples)}
	m.Alarms, r.Verdicts = operate(o.FalseAlarms, p, test)
	return r, nil
}

// sampleOf turns rows that are in key order into columns, with episodes as units, and
// returns the sample name of each unit.
func sampleOf(rows []table.Prediction, a *table.Assignment) (*measure.Sample, []string) {
	s := &measure.Sample{Classes: channel.NumPhases}
	var samples []string
	for i, r := range rows {
		if i == 0 || r.Key != rows[i-1].Key {
			name := ""
			if at, ok := table.Find(a.Rows, r.Key); ok {
				name = a.Rows[at].Sample
			}
			samples = append(samples, name)
		}
		s.Truth, s.Predicted = append(s.Truth, r.Phase), append(s.Predicted, r.Predicted)
		s.Unit = append(s.Unit, int32(len(samples)-1))
		for _, v := range r.P {
			s.P = append(s.P, float64(v))
		}
	}
	return s, samples
}

// partsOf counts the episodes of each part of a split.
func partsOf(a *table.Assignment) map[string]int {
	parts := map[string]int{}
	for part, n := range a.Info.Episodes {
		parts[string(part)] = n
	}
	if a.Info.Episodes == nil {
		for _, r := range a.Rows {
			parts[string(r.Part)]++
		}
	}
	return parts
}
