package training

import (
	"context"
	"errors"
	"io/fs"

	"assay/engine/step"
	"assay/steps/kit/model"
)

// TensorNet are the parameters of the networks that read tensors.
type TensorNet struct {
	Net
	Grid
	family string
}

// Check implements [step.Checker].
func (p *TensorNet) Check() error { return errors.Join(p.CheckNet(p.family), p.CheckGrid()) }

// tensorHidden is the width of their layers, unless a recipe says another.
const tensorHidden = 64

// NetKind returns the kind that trains networks of a family on tensors. what is one of
// them, for people: "a transformer".
func NetKind(family, version, what string) *step.Kind {
	return TensorKind(Family[TensorNet]{
		Name: "train/" + family, Version: version,
		About: "Train " + what + " on the training part of a split, stop by its validation part, " +
			"and predict validation and test",
		Defaults: TensorNet{NetDefaults(tensorHidden), GridDefaults(), family},
		Fit: func(ctx context.Context, p *TensorNet, d *model.Data) (*Fit, error) {
			return p.Neural(ctx, family, d)
		},
	})
}

// TensorParams are the parameters of a family whose models read tensors.
type TensorParams interface {
	Params
	InSeconds() model.Grid
}

// TensorIn is what a kind reads whose models read tensors.
type TensorIn struct {
	Episodes fs.FS `step:"match=*/*.tar.zst" doc:"the episode store: <host>/<episode>.tar.zst"`
	Windows  fs.FS `doc:"the windows table of features: which windows there are, and their classes"`
	Split    fs.FS `doc:"the assignment of episodes to parts"`
}

// TensorKind returns the kind that trains a family whose models read tensors.
func TensorKind[P any, PP interface {
	*P
	TensorParams
}](f Family[P]) *step.Kind {
	run := func(ctx context.Context, p P, in TensorIn, out Out) error {
		params := PP(&p)
		return job{
			params: params,
			load: func() (*model.Data, error) {
				view, workers := params.Shared().View, step.Cores(ctx)
				return model.LoadTensors(ctx, in.Episodes, in.Windows, in.Split, view, params.InSeconds(), workers)
			},
			fit: func(d *model.Data) (*Fit, error) { return f.Fit(ctx, &p, d) },
		}.run(ctx, out)
	}
	return step.Define(f.Name, f.Version, f.About, f.Defaults, run)
}
