// Package predict is the kind "predict": it applies a model that exists to the windows of
// a split, so that it can be evaluated like one that a recipe trains. Call [Kind].
package predict

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/internal/cures"
	"assay/steps/internal/training"
	"assay/steps/kit/model"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("predict", "1",
		"Predict the validation and test windows of a split with a model that was trained before, here or elsewhere",
		defaults(), run)
}

// Params are the parameters of the kind. How many points a second a tensor has is known by
// the model.
type Params struct {
	View   model.View    `json:"view" oneof:"realistic oracle" doc:"channels the model sees, which it is checked for: as deployed (guest and netflow) or all"`
	Window step.Duration `json:"window" doc:"length of a window, as of the step that made the windows; only for a model that reads tensors"`
	Stride step.Duration `json:"stride" doc:"distance between the starts of two windows, as of the step that made the windows; only for a model that reads tensors"`
	Cures  cures.Params  `json:"cures" doc:"quirks of the original to correct, as in the step that made the windows; only for a model that reads tensors"`
}

func defaults() Params {
	g := training.GridDefaults()
	return Params{View: model.Realistic, Window: g.Window, Stride: g.Stride, Cures: g.Cures}
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	return errors.Join(p.View.Check(), training.CheckSpans(p.Window, p.Stride), p.Cures.Check())
}

// In is what the kind reads.
type In struct {
	Model    fs.FS `doc:"the model of a step that trains, or a source with such a file: model.json (XGBoost's too), logistic.json, or network.json with its weights"`
	Windows  fs.FS `doc:"the windows table of features"`
	Split    fs.FS `doc:"the assignment of episodes to parts"`
	Episodes fs.FS `step:"optional,match=*/*.tar.zst" doc:"the episode store, for a model that reads tensors: <host>/<episode>.tar.zst"`
}

// Out is what the kind writes.
type Out struct {
	Predictions *os.Root `doc:"predictions.parquet and predictions.json, of the parts validation and test"`
}

// run predicts.
func run(ctx context.Context, p Params, in In, out Out) error {
	m, err := saved.Open(in.Model)
	if err != nil {
		return err
	}
	data, err := load(ctx, p, in, m.About())
	if err != nil {
		return err
	}
	warn(step.Report(ctx), data, m.About())
	said, err := training.Predict(ctx, p.View, data, m)
	if err != nil {
		return err
	}
	return prediction.Write(out.Predictions, said)
}

// load reads what the model reads.
func load(ctx context.Context, p Params, in In, about model.About) (*model.Data, error) {
	if about.Form == model.Summaries {
		return model.Apply(in.Windows, in.Split, p.View, about.Schema)
	}
	if in.Episodes == nil {
		return nil, errors.New("the model (" + about.Family + ") reads tensors, which are made from episodes; " +
			"connect the episode store to the input episodes")
	}
	g := training.Grid{Window: p.Window, Stride: p.Stride, Hz: about.Hz, Cures: p.Cures}
	return model.ApplyTensors(ctx, in.Episodes, in.Windows, in.Split, p.View, about, g.InSeconds(), step.Cores(ctx))
}

// warn warns of anything odd about the windows, and where nothing says what columns mean.
func warn(to step.Reporter, d *model.Data, about model.About) {
	for _, r := range d.Windows.Remarks {
		to.Warnf("windows: %s", r)
	}
	if d.TornBoots != "" {
		to.Warnf("%s", d.TornBoots)
	}
	if about.Form == model.Summaries && (about.Meaning == "" || d.Windows.SchemaHash == "") {
		to.Warnf("the model or the windows table does not say how its features were made, so only their names are compared")
	}
	if len(d.Test.Y) == 0 {
		to.Warnf("no window is in the test part of the split; there will be nothing to evaluate")
	}
}
