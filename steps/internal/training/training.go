// Package training is the harness of all kinds that train a model. It reads the windows
// of a split, warns of anything odd about them, has a family fit a model, and writes the
// model, how it was made, and its predictions for the windows that it was not trained
// on.
//
// Call [Kind] with a [Family] of models of summaries, or [TensorKind] with one of
// models of tensors; a family is its mathematics and its parameters, which embed
// [Common]. Networks that read tensors are [NetKind]s. Read run in this file first.
package training

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/rocket"
	"assay/steps/kit/prediction"
)

// Common are the parameters of every kind that trains.
type Common struct {
	View model.View `json:"view" oneof:"realistic oracle" doc:"channels the model sees: as deployed (guest and netflow) or all"`
	Seed uint64     `json:"seed" doc:"seed of everything that is random in training"`
}

// Shared returns the parameters that all families have.
func (c Common) Shared() Common { return c }

// Params are the parameters of a family: a struct that embeds [Common], or has at least the
// view.
type Params interface {
	Check() error
	Shared() Common
}

// A Trained is a model that can be saved.
type Trained interface {
	model.Model
	model.Saver
}

// A Fit is the result of fitting a family to the windows. One of the curves is there, or
// none and only Model where a family is fitted in one go.
type Fit struct {
	Model  Trained       // of the best round or epoch
	Best   int           // that one, from 0
	Most   int           // maximum number of them
	Rounds []model.Round // by round, all that were run
	Epochs []nn.Epoch    // by epoch, all that were run

	// Penalties are the solutions of a family that is trained to the end, by penalty; Best
	// is one of these, and Most is 0.
	Penalties []logistic.Solution

	// Ridges are what the strengths of a ridge gave; Best is one of these, and Most is 0.
	Ridges []rocket.Try
}

// unit returns what a model is trained in.
func (f *Fit) unit() string {
	if f.Epochs != nil {
		return "epochs"
	}
	return "rounds"
}

// A Family is what differs between the kinds that train. P is a struct of parameters.
type Family[P any] struct {
	Name     string // of the kind: "train/gbt"
	Version  string
	About    string
	Defaults P

	// Fit trains on the part train of the data and stops by the part validation.
	Fit func(ctx context.Context, p *P, d *model.Data) (*Fit, error)
}

// In is what the kind reads.
type In struct {
	Windows fs.FS `doc:"the windows table of features"`
	Split   fs.FS `doc:"the assignment of episodes to parts"`
}

// Out is what the kind writes.
type Out struct {
	Model       *os.Root `doc:"the model in the format of its family, and training.json: how it was made"`
	Predictions *os.Root `doc:"predictions.parquet and predictions.json, of the parts validation and test"`
}

// Kind returns the kind that trains a family.
func Kind[P any, PP interface {
	*P
	Params
}](f Family[P]) *step.Kind {
	return step.Define(f.Name, f.Version, f.About, f.Defaults, func(ctx context.Context, p P, in In, out Out) error {
		return job{
			params: PP(&p),
			load:   func() (*model.Data, error) { return model.Load(in.Windows, in.Split, PP(&p).Shared().View) },
			fit:    func(d *model.Data) (*Fit, error) { return f.Fit(ctx, &p, d) },
		}.run(ctx, out)
	})
}

// A job is a training from inputs to outputs: what differs between kinds.
type job struct {
	params Params
	load   func() (*model.Data, error)
	fit    func(*model.Data) (*Fit, error)
}

// run trains, and writes the model and what it says.
func (j job) run(ctx context.Context, out Out) error {
	view := j.params.Shared().View
	data, err := j.load()
	if err != nil {
		return err
	}
	warn(step.Report(ctx), data)
	made, err := j.fit(data)
	if err != nil {
		return err
	}
	if made.Most > 0 && made.Best == made.Most-1 {
		step.Report(ctx).Warnf("the last of %d %s was the best; try more", made.Most, made.unit())
	}
	said, err := Predict(ctx, view, data, made.Model)
	if err != nil {
		return err
	}
	return errors.Join(
		made.Model.SaveTo(out.Model),
		files.WriteJSON(out.Model, "training.json", newRecord(j.params, data, made)),
		prediction.Write(out.Predictions, said),
	)
}
