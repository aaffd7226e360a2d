package training

import (
	"context"
	"errors"
	"fmt"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// Net are the parameters of every kind that trains a neural network.
type Net struct {
	Common
	Hidden       int     `json:"hidden" doc:"width of the layers, a multiple of 16; of train/mlp, a multiple of 32"`
	Epochs       int     `json:"epochs" doc:"maximum number of walks through the training part"`
	Patience     int     `json:"patience" doc:"epochs without a higher validation macro F1 before training stops"`
	Batch        int     `json:"batch" doc:"windows per step"`
	Rate         float64 `json:"rate" doc:"highest learning rate"`
	WeightDecay  float64 `json:"weight_decay" doc:"weight decay of matrices (AdamW)"`
	Warmup       float64 `json:"warmup" doc:"share of all steps in which the learning rate rises; then it falls along a cosine"`
	Clip         float64 `json:"clip" doc:"largest norm of a gradient"`
	Smoothing    float64 `json:"smoothing" doc:"share of each target that is spread over all classes"`
	ClassWeights float64 `json:"class_weights" doc:"a class of n windows weighs n to the power of minus this; 0 is no weights, 1 full balance"`
	Dropout      float64 `json:"dropout" doc:"share of the values between layers that training drops"`
	DropChannels float64 `json:"drop_channels" doc:"share of the input channels that each window lacks in training"`
}

// NetDefaults returns the parameters that the families share. docs/NETS.md says what
// was tried.
func NetDefaults(hidden int) Net {
	return Net{
		Common: Common{View: model.Realistic, Seed: 1}, Hidden: hidden,
		Epochs: 60, Patience: 20, Batch: 64,
		Rate: 0.002, WeightDecay: 0.05, Warmup: 0.05, Clip: 1,
		Smoothing: 0.05, ClassWeights: 0.5, Dropout: 0.3, DropChannels: 0.1,
	}
}

// CheckNet returns every mistake at once.
func (n *Net) CheckNet(family string) error {
	// The inputs are known when the windows are; these stand for any.
	network := nn.Network{Family: family, Inputs: 1, Points: 1, Hidden: n.Hidden, Classes: channel.NumPhases,
		Dropout: n.Dropout}
	return errors.Join(n.View.Check(), network.Check(), n.settings(1).Check())
}

func (n *Net) settings(workers int) nn.Settings {
	return nn.Settings{
		Epochs: n.Epochs, Patience: n.Patience, Batch: n.Batch,
		Rate: n.Rate, Decay: n.WeightDecay, Warmup: n.Warmup, Clip: n.Clip,
		Smoothing: n.Smoothing, Balance: n.ClassWeights, DropChannels: n.DropChannels,
		Seed: n.Seed, Workers: workers,
	}
}

// Neural fits a network of a family to windows.
func (n *Net) Neural(ctx context.Context, family string, d *model.Data) (made *Fit, err error) {
	kept, err := openProgress(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, kept.close()) }()
	data := nn.Data{Series: d.Series, Train: d.Train, Validation: d.Validation, Classes: len(d.Classes)}
	if d.Series == nil {
		data = ofSummaries(d)
	}
	report, ran := step.Report(ctx), 0
	told := func(number int, e nn.Epoch) {
		if ran++; ran == 1 && number > 1 {
			report.Logf("goes on after epoch %d, where an earlier run ended", number-1)
		}
		report.Progress(number, n.Epochs)
		report.Status(fmt.Sprintf("loss %.3f, validation macro F1 %.3f", e.Train, e.MacroF1))
		report.Logf("epoch %d: training loss %.4f, validation loss %.4f, validation macro F1 %.3f", number, e.Train,
			e.Validation, e.MacroF1)
	}
	network := nn.Network{Family: family, Hidden: n.Hidden, Dropout: n.Dropout}
	fit, err := nn.Train(ctx, network, n.settings(step.Cores(ctx)), data, kept, told)
	if err != nil {
		return nil, err
	}
	warnUnlearned(report, d, fit)
	return &Fit{Model: nn.NewModel(d.Schema(), d.Hz, fit), Best: fit.Best, Most: n.Epochs, Epochs: fit.Curve}, nil
}

// ofSummaries returns the windows of the training and validation parts as points: one
// for each window.
func ofSummaries(d *model.Data) nn.Data {
	s := &model.Series{Columns: len(d.Features), Points: 1}
	take := func(set model.Set) model.Set {
		s.Data = append(s.Data, set.X...)
		set.Rows = make([]int, len(set.Y))
		for i := range set.Y {
			set.Rows[i] = len(s.Start)
			s.Start = append(s.Start, len(s.Start))
		}
		return set
	}
	data := nn.Data{Train: take(d.Train), Validation: take(d.Validation), Classes: len(d.Classes)}
	data.Series = s
	return data
}

// warnUnlearned warns of a network that is no better than always naming one class. The
// class that is the most frequent one in the validation part has the highest score.
func warnUnlearned(r step.Reporter, d *model.Data, fit *nn.Fit) {
	usual := 0
	counts := d.Validation.Counts()
	for k, n := range counts {
		if n > counts[usual] {
			usual = k
		}
	}
	if counts[usual] == len(d.Validation.Y) {
		r.Warnf("all windows of the validation part are of class %s, so it cannot say whether the network learned; "+
			"give the validation part more episodes", channel.PhaseName(usual))
		return
	}
	always := measure.NewCounts(channel.NumPhases)
	for _, y := range d.Validation.Y {
		always.Add(y, int32(usual))
	}
	if best := fit.Curve[fit.Best].MacroF1; best <= always.MacroF1() {
		r.Warnf("the network did not learn: its best macro F1 on the validation part is %.3f, and always saying %s "+
			"has %.3f; try another rate or seed", best, channel.PhaseName(usual), always.MacroF1())
	}
}
