package training

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"assay/engine/step"
	"assay/steps/internal/cures"
	"assay/steps/kit/model"
)

// Tensors are the parameters of every kind whose model reads tensors: how these are
// made. Window, stride and cures must be those of the windows table.
type Tensors struct {
	Hz     float64       `json:"hz" doc:"points a second of a window"`
	Window step.Duration `json:"window" doc:"length of a window, as in features"`
	Stride step.Duration `json:"stride" doc:"distance between the starts of two windows, as in features"`
	Cures  cures.Params  `json:"cures" doc:"quirks of the original to correct, as in features"`
}

// TensorDefaults returns the tensors of the paper: 10 s at 10 Hz, half overlapping.
func TensorDefaults() Tensors {
	return Tensors{Hz: 10, Window: step.Duration(10 * time.Second), Stride: step.Duration(5 * time.Second)}
}

// maxHz bounds the points a second: far above what a recorder takes.
const maxHz = 1000

// CheckTensors returns every mistake at once.
func (t *Tensors) CheckTensors() error {
	var errs []error
	if !(t.Hz > 0 && t.Hz <= maxHz) {
		errs = append(errs, fmt.Errorf("hz is %v, want more than 0 and at most %d", t.Hz, maxHz))
	}
	if t.Window <= 0 || t.Stride <= 0 {
		errs = append(errs, fmt.Errorf("window is %v and stride %v, want more than 0s", time.Duration(t.Window),
			time.Duration(t.Stride)))
	}
	return errors.Join(append(errs, t.Cures.Check())...)
}

// Grid returns how the tensors are made.
func (t *Tensors) Grid() model.Grid {
	return model.Grid{Window: t.Window.Seconds(), Stride: t.Stride.Seconds(), Hz: t.Hz, Cures: t.Cures.InSeconds()}
}

// TensorNet are the parameters of the networks that read tensors.
type TensorNet struct {
	Net
	Tensors
}

// TensorParams are the parameters of a family whose models read tensors.
type TensorParams interface {
	Params
	Grid() model.Grid
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
	return step.Define(f.Name, f.Version, f.About, f.Defaults, func(ctx context.Context, p P, in TensorIn, out Out) error {
		params := PP(&p)
		return job{
			params: params,
			load: func() (*model.Data, error) {
				return model.LoadTensors(ctx, in.Episodes, in.Windows, in.Split, params.Shared().View, params.Grid(),
					step.Cores(ctx))
			},
			fit: func(d *model.Data) (*Fit, error) { return f.Fit(ctx, &p, d) },
		}.run(ctx, out)
	})
}
