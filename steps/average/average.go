// Package average is the kind "average": the mean of what several models predict for the
// same windows. Call [Kind].
package average

import (
	"context"
	"errors"
	"fmt"
	"os"

	"assay/engine/step"
	"assay/steps/kit/prediction"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("average", "1",
		"Average the probabilities that several models predict for the same windows", Params{}, run)
}

// Params: there are none.
type Params struct{}

// In is what the kind reads.
type In struct {
	Predictions []step.Input `doc:"predictions of at least two models, for the same windows of one split"`
}

// Out is what the kind writes.
type Out struct {
	Predictions *os.Root `doc:"predictions.parquet and predictions.json, in the order of the first model's"`
}

// run averages.
func run(ctx context.Context, _ Params, in In, out Out) error {
	if len(in.Predictions) < 2 {
		return errors.New("there are no two predictions to average; connect at least two to predictions")
	}
	var m *mean
	for i, one := range in.Predictions {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := prediction.Read(one.FS)
		name := nameOf(i, one.Labels, p)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if m == nil {
			m = newMean(name, p)
		} else if err := m.add(name, p); err != nil {
			return err
		}
		step.Report(ctx).Progress(i+1, len(in.Predictions))
	}
	return prediction.Write(out.Predictions, m.set())
}

// nameOf names an input in errors: its number from 1, its labels, and what made it.
func nameOf(i int, labels step.Labels, p *prediction.Set) string {
	name := fmt.Sprintf("predictions %d", i+1)
	if len(labels) > 0 {
		name += " [" + labels.String() + "]"
	}
	if p != nil && p.About.Model != "" {
		name += fmt.Sprintf(" of model %.40q", p.About.Model)
	}
	return name
}
