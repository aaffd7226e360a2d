// Package eval is the kind "eval": it scores the predictions of one model on the test
// part of its split. Call [Kind]; what is computed is in steps/kit/score.
package eval

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/prediction"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("eval", "3",
		"Score predictions on the test part of a split, with confidence intervals: measures, classes, confusion, "+
			"calibration, groups, alarms",
		defaults(), run)
}

// Params are the parameters of the kind.
type Params struct {
	Resamples   int       `json:"resamples" doc:"resamples of the bootstrap; 0 leaves out the intervals"`
	Level       float64   `json:"level" doc:"confidence of the intervals"`
	Unit        string    `json:"unit" oneof:"episode window" doc:"what the bootstrap draws; windows of one episode are not independent, so drawing windows gives intervals that are too narrow"`
	Seed        uint64    `json:"seed" doc:"seed of the bootstrap; models can be compared only if they share it"`
	FalseAlarms []float64 `json:"false_alarms" doc:"false alarms allowed for each hour of clean telemetry, on the validation part, one threshold for each"`
}

func defaults() Params {
	return Params{Resamples: 10_000, Level: 0.95, Unit: score.ByEpisode, Seed: 1, FalseAlarms: []float64{1, 10}}
}

func (p *Params) options() score.Options {
	return score.Options{
		Bootstrap:   score.Bootstrap{Unit: p.Unit, Resamples: p.Resamples, Level: p.Level, Seed: p.Seed},
		FalseAlarms: p.FalseAlarms,
	}
}

// Check implements [step.Checker].
func (p *Params) Check() error { return p.options().Check() }

// In is what the kind reads.
type In struct {
	Predictions fs.FS `doc:"the predictions of a model"`
	Split       fs.FS `doc:"the split that it was trained on"`
	Windows     fs.FS `step:"optional" doc:"the windows that were predicted: with them, the predictions are checked to be complete and to have the right labels"`
}

// Out is what the kind writes.
type Out struct {
	Report *os.Root `doc:"metrics.json; measures, per_class, confusion, calibration, groups and alarms as CSV; episodes.parquet: what each episode contributes"`
}

// run scores the predictions. Without windows it cannot check that they are complete and
// have the right labels, and warns.
func run(ctx context.Context, params Params, in In, out Out) error {
	p, err := prediction.Read(in.Predictions)
	if err != nil {
		return err
	}
	a, err := table.ReadAssignment(in.Split)
	if err != nil {
		return err
	}
	var w *table.Windows
	if in.Windows == nil {
		step.Report(ctx).Warnf("windows are not connected, so the labels and the list of windows are taken from the " +
			"predictions and cannot be checked")
	} else if w, err = table.ReadTruth(in.Windows); err != nil {
		return err
	}
	r, err := score.Score(ctx, params.options(), p, a, w)
	if err != nil {
		return err
	}
	warn(step.Report(ctx), r.Metrics, a, w)
	return write(out.Report, r)
}

// warn says what the scores do not cover.
func warn(to step.Reporter, m *score.Metrics, a *table.Assignment, w *table.Windows) {
	if bare := prediction.WithoutWindows(a, w); bare != "" {
		to.Warnf("%s", bare)
	}
	if torn := a.TornBoots(); torn != "" {
		to.Warnf("%s", torn)
	}
	if len(m.Untested) > 0 {
		to.Warnf("profiles without an episode in the test part, which no score covers: %s",
			strings.Join(m.Untested, ", "))
	}
}

func write(root *os.Root, r *score.Result) error {
	m := r.Metrics
	return errors.Join(
		score.WriteMetrics(root, m),
		files.Write(root, score.EpisodesFile, func(w io.Writer) error { return score.WriteEpisodes(w, r.Episodes) }),
		files.WriteCSV(root, "measures.csv", measures(m)),
		files.WriteCSV(root, "per_class.csv", perClass(m)),
		files.WriteCSV(root, "confusion.csv", confusion(m)),
		files.WriteCSV(root, "calibration.csv", calibration(m)),
		files.WriteCSV(root, "groups.csv", groups(m)),
		files.WriteCSV(root, "alarms.csv", alarms(r)),
	)
}
