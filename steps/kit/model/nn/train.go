package nn

import (
	"context"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// Data is what a network is trained on and stopped by.
type Data struct {
	Series            *model.Series // all windows, as recorded
	Train, Validation model.Set     // their Rows are windows of the series
	Classes           int
}

// An Epoch is what one walk through the training part came to.
type Epoch struct {
	Train      float64 `json:"train"`      // mean loss of the training part, weighted and smoothed
	Validation float64 `json:"validation"` // mean cross-entropy of the validation part, natural logarithm
	MacroF1    float64 `json:"macro_f1"`   // of the validation part
	Rate       float64 `json:"rate"`       // learning rate of the last step
	Norm       float64 `json:"norm"`       // mean norm of the gradients, before they are clipped
}

// A Fit is a trained network.
type Fit struct {
	Net    *Net // of the best epoch
	Scaler *Scaler
	Best   int     // that epoch, from 0
	Curve  []Epoch // all that were run
}

// Train fits a network to the training part, and takes the epoch with the highest
// macro F1 on the validation part, the first of equals. n's inputs are set to what
// the scaler makes of the channels. told hears of every epoch that is run, by its
// number from 1; after a kill the first one is a later one. The bytes of the result
// depend on data, network and settings alone: not on workers, and not on kills, if
// progress keeps what it is given.
//
// It fails if ctx ends, if the loss is no number any more, or if ASSAY_KERNEL names
// kernels that this machine does not have.
func Train(ctx context.Context, n Network, s Settings, d Data, progress Progress,
	told func(number int, e Epoch)) (*Fit, error) {
	if _, err := f32.Kernels(); err != nil {
		return nil, err
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	team := f32.NewTeam(s.Workers)
	defer team.Close()
	scaler := fitScaler(d.Series, d.Train.Rows)
	n.Inputs, n.Points, n.Classes = scaler.Inputs(), d.Series.Points, d.Classes
	if err := n.Check(); err != nil {
		return nil, err
	}
	t := newTraining(n, s, d, scaler.scaled(d.Series, team), team)
	if err := t.resume(progress); err != nil {
		return nil, err
	}
	for len(t.curve) < s.Epochs && len(t.curve)-1-t.best < s.Patience {
		if err := t.epoch(ctx); err != nil {
			return nil, err
		}
		if err := t.save(progress); err != nil {
			return nil, err
		}
		told(len(t.curve), t.curve[len(t.curve)-1])
	}
	t.net.restore(t.kept)
	t.net.ready()
	return &Fit{Net: t.net, Scaler: scaler, Best: t.best, Curve: t.curve}, nil
}
