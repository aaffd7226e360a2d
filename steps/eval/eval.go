// Package eval is the kind eval: it scores the predictions of one model on the
// test part of its split. Call [Kind]; the metrics are those of
// steps/kit/score.
package eval

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"assay/engine/step"
	"assay/steps/kit/dataset"
	"assay/steps/kit/files"
	"assay/steps/kit/prediction"
	"assay/steps/kit/score"
)

// Kind returns the kind eval.
func Kind() *step.Kind {
	return step.Define("eval", "2",
		"Scores predictions on the test part of a split: macro F1, per class and per profile, confusion.",
		Params{}, run)
}

// Params are what a recipe writes under "with:": nothing yet.
type Params struct{}

// In are the artifacts the kind reads.
type In struct {
	Predictions fs.FS `doc:"the predictions of a model"`
	Split       fs.FS `doc:"the split that it was trained on"`
	Windows     fs.FS `step:"optional" doc:"the windows that were predicted: they say which there are, and what is true"`
}

// Out is the artifact it makes.
type Out struct {
	Report *os.Root `doc:"metrics.json, per_class.csv and confusion.csv"`
}

// run scores the predictions. Without windows it cannot know whether the predictions
// are all there and true, and warns.
func run(ctx context.Context, _ Params, in In, out Out) error {
	p, err := prediction.Read(in.Predictions)
	if err != nil {
		return err
	}
	a, err := dataset.ReadAssignment(in.Split)
	if err != nil {
		return err
	}
	var w *dataset.Windows
	if in.Windows == nil {
		step.Report(ctx).Warnf("windows are not connected, so nothing but the predictions says what is true " +
			"and which windows there are")
	} else if w, err = dataset.ReadTruth(in.Windows); err != nil {
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
		step.Report(ctx).Warnf("profiles without an episode in the test part, of which the scores say nothing: %s",
			strings.Join(m.Untested, ", "))
	}
	return errors.Join(
		score.WriteMetrics(out.Report, m),
		writeCSV(out.Report, "per_class.csv", perClass(m)),
		writeCSV(out.Report, "confusion.csv", confusion(m)),
	)
}

func writeCSV(root *os.Root, name string, rows [][]string) error {
	return files.Write(root, name, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

// perClass is a row for every class seen.
func perClass(m *score.Metrics) [][]string {
	rows := [][]string{{"class", "precision", "recall", "f1", "support", "predicted"}}
	for _, c := range m.Classes {
		rows = append(rows, []string{c.Class, number(c.Precision), number(c.Recall), number(c.F1),
			strconv.Itoa(c.Support), strconv.Itoa(c.Predicted)})
	}
	return rows
}

// confusion is a row for every true class, a column for every predicted one.
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
