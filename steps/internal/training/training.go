// Package training is the harness of all kinds that train a model. It reads the windows
// of a split, warns of anything odd about them, has a family fit a model, and writes the
// model, how it was made, and its predictions for the windows that it was not trained
// on.
//
// Call [Kind] with a [Family]; a family is its mathematics and its parameters, which
// embed [Common]. Read run in this file first.
package training

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
)

// Common are the parameters of every kind that trains.
type Common struct {
	View model.View `json:"view" oneof:"realistic oracle" doc:"channels the model sees: as deployed (guest and netflow) or all"`
	Seed uint64     `json:"seed" doc:"seed of everything that is random in training"`
}

// Shared returns the parameters that all families have.
func (c Common) Shared() Common { return c }

// Params are the parameters of a family: a struct that embeds [Common].
type Params interface {
	Check() error
	Shared() Common
}

// A Trained is a model that can be saved.
type Trained interface {
	model.Model
	model.Saver
}

// A Fit is the result of fitting a family to the windows.
type Fit struct {
	Model Trained       // of the best round
	Best  int           // that round, from 0
	Most  int           // maximum number of rounds
	Curve []model.Round // by round, all that were run
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
		return run(ctx, PP(&p), in, out, func(d *model.Data) (*Fit, error) { return f.Fit(ctx, &p, d) })
	})
}

// run is a training from inputs to outputs; fit is all that differs between
// families.
func run(ctx context.Context, p Params, in In, out Out, fit func(*model.Data) (*Fit, error)) error {
	view := p.Shared().View
	data, err := model.Load(in.Windows, in.Split, view)
	if err != nil {
		return err
	}
	warn(step.Report(ctx), data)
	made, err := fit(data)
	if err != nil {
		return err
	}
	if made.Best == made.Most-1 {
		step.Report(ctx).Warnf("the last of %d rounds was the best; try more rounds", made.Most)
	}
	said, err := predict(view, data, made.Model)
	if err != nil {
		return err
	}
	return errors.Join(
		made.Model.SaveTo(out.Model),
		files.WriteJSON(out.Model, "training.json", newRecord(p, data, made)),
		prediction.Write(out.Predictions, said),
	)
}

// predict returns the predictions for the windows that the model was not trained on.
func predict(view model.View, d *model.Data, m model.Model) (*prediction.Set, error) {
	about := m.About()
	said := &prediction.Set{About: prediction.About{
		Model: about.Family, View: string(view), Rounds: about.Rounds,
		Features: len(about.Features), Schema: about.Hash(), Classes: about.Classes,
	}}
	for _, s := range []model.Set{d.Validation, d.Test} {
		p := make([]float32, len(s.Y)*len(about.Classes))
		m.Predict(p, s.X)
		if err := said.Add(d.Windows, s.Part, s.Rows, p); err != nil {
			return nil, fmt.Errorf("predictions: %w", err)
		}
	}
	return said, nil
}
