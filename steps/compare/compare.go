// Package compare is the kind "compare": it says which of several models is better, and
// what the data cannot tell apart. Call [Kind]; what is computed is in steps/kit/compare.
package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"assay/engine/step"
	"assay/steps/internal/evals"
	"assay/steps/kit/compare"
	"assay/steps/kit/files"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("compare", "1",
		"Compare models pair by pair on the same resamples of episodes: differences with confidence intervals, "+
			"p values adjusted for their number, effect sizes",
		Params{Measure: measure.Primary, Resamples: 10_000, Level: 0.95, Seed: 1}, run)
}

// Params are the parameters of the kind.
type Params struct {
	Measure   string  `json:"measure" oneof:"macro_f1 accuracy balanced_accuracy log_loss brier" doc:"what models are compared by"`
	Resamples int     `json:"resamples" doc:"resamples of the bootstrap"`
	Level     float64 `json:"level" doc:"confidence of the intervals; a difference counts if its adjusted p value is below 1 less this"`
	Seed      uint64  `json:"seed" doc:"seed of the bootstrap"`
}

func (p *Params) bootstrap() score.Bootstrap {
	return score.Bootstrap{Unit: score.ByEpisode, Resamples: p.Resamples, Level: p.Level, Seed: p.Seed}
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	if p.Resamples < 100 {
		return fmt.Errorf("resamples is %d, want 100 or more", p.Resamples)
	}
	return score.Options{Bootstrap: p.bootstrap()}.Check()
}

// In is what the kind reads.
type In struct {
	Evals []step.Input `doc:"evaluations, one per split, view, model and seed"`
}

// Out is what the kind writes.
type Out struct {
	Comparison *os.Root `doc:"comparison.json, comparison.txt, scores.csv and pairs.csv"`
}

func run(ctx context.Context, p Params, in In, out Out) error {
	list, err := evals.Read(in.Evals)
	if err != nil {
		return err
	}
	var entries []compare.Entry
	for _, e := range list {
		rows, err := score.ReadEpisodes(e.FS)
		if err != nil {
			return fmt.Errorf("evaluation %s: %w", e.Labels, err)
		}
		entries = append(entries, compare.Entry{
			Model: e.Model, View: e.View, Split: e.Place, Seed: e.Seed, Episodes: rows,
		})
	}
	c, err := compare.Compare(ctx, compare.Options{Bootstrap: p.bootstrap(), Measure: p.Measure}, entries)
	if err != nil {
		return err
	}
	step.Report(ctx).Count("pairs", len(c.Pairs))
	return errors.Join(
		compare.Write(out.Comparison, c),
		files.Write(out.Comparison, "comparison.txt", func(w io.Writer) error { return writeText(w, c) }),
		files.WriteCSV(out.Comparison, "scores.csv", scores(c)),
		files.WriteCSV(out.Comparison, "pairs.csv", pairs(c)),
	)
}
