// Package eval is the kind "eval": it scores the predictions of one model on the test
// part of its split. Call [Kind]; the metrics are those of steps/kit/score.
package eval

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/prediction"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("eval", "2",
		"Score predictions on the test part of a split: macro F1, per class and per profile, confusion",
		Params{}, run)
}

// Params: there are none.
type Params struct{}

// In is what the kind reads.
type In struct {
	Predictions fs.FS `doc:"the predictions of a model"`
	Split       fs.FS `doc:"the split that it was trained on"`
	Windows     fs.FS `step:"optional" doc:"the windows that were predicted: with them, the predictions are checked to be complete and to have the right labels"`
}

// Out is what the kind writes.
type Out struct {
	Report *os.Root `doc:"metrics.json, per_class.csv and confusion.csv"`
}

// run scores the predictions. Without windows it cannot check that they are complete and
// have the right labels, and warns.
func run(ctx context.Context, _ Params, in In, out Out) error {
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
	m, err := score.Score(p, a, w)
	if err != nil {
		return err
	}
	if bare := prediction.WithoutWindows(a, w); bare != "" {
		step.Report(ctx).Warnf("%s", bare)
	}
	if torn := a.TornBoots(); torn != "" {
		step.Report(ctx).Warnf("%s", torn)
	}
	if len(m.Untested) > 0 {
		step.Report(ctx).Warnf("profiles without an episode in the test part, which no score covers: %s",
			strings.Join(m.Untested, ", "))
	}
	return errors.Join(
		score.WriteMetrics(out.Report, m),
		files.WriteCSV(out.Report, "per_class.csv", perClass(m)),
		files.WriteCSV(out.Report, "confusion.csv", confusion(m)),
	)
}

// perClass returns one row per class that occurs.
func perClass(m *score.Metrics) [][]string {
	rows := [][]string{{"class", "precision", "recall", "f1", "support", "predicted"}}
	for _, c := range m.Classes {
		rows = append(rows, []string{c.Class, number(c.Precision), number(c.Recall), number(c.F1),
			strconv.Itoa(c.Support), strconv.Itoa(c.Predicted)})
	}
	return rows
}

// confusion returns one row per true class, with one column per predicted class.
func confusion(m *score.Metrics) [][]string {
	rows := [][]string{append([]string{"phase"}, m.Labels...)}
	for i, counts := range m.Confusion {
		row := []string{m.Labels[i]}
		for _, n := range counts {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return rows
}

// number writes the shortest digits that read back as x.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
