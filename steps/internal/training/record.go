package training

import (
	"strings"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/rocket"
)

// record is the file training.json: how the model was made.
type record struct {
	Params    Params        `json:"params"`
	Schema    string        `json:"schema"`               // hash of the columns and classes
	Features  int           `json:"features"`             // columns the model saw
	BestRound *int          `json:"best_round,omitempty"` // from 0
	BestEpoch *int          `json:"best_epoch,omitempty"` // from 0
	BestRidge *int          `json:"best_ridge,omitempty"` // from 0
	Lambda    *float64      `json:"lambda,omitempty"`     // of the penalty that was chosen
	Classes   []classCount  `json:"classes"`
	MLogLoss  []model.Round `json:"mlogloss,omitempty"` // by round, all that were run
	Epochs    []nn.Epoch    `json:"epochs,omitempty"`   // all that were run

	Penalties []logistic.Solution `json:"penalties,omitempty"` // all that were tried
	Ridges    []rocket.Try        `json:"ridges,omitempty"`    // all that were tried
}

// classCount is the number of windows of a class in each part.
type classCount struct {
	Class      string `json:"class"`
	Train      int    `json:"train"`
	Validation int    `json:"validation"`
	Test       int    `json:"test"`
}

func newRecord(p Params, d *model.Data, made *Fit) record {
	about := made.Model.About()
	r := record{
		Params: p, Schema: about.Hash(), Features: len(about.Features),
		MLogLoss: made.Rounds, Epochs: made.Epochs, Penalties: made.Penalties, Ridges: made.Ridges,
	}
	switch {
	case made.Penalties != nil:
		r.Lambda = &made.Penalties[made.Best].Lambda
	case made.Ridges != nil:
		r.BestRidge = &made.Best
	case made.Epochs != nil:
		r.BestEpoch = &made.Best
	case made.Rounds != nil:
		r.BestRound = &made.Best
	}
	train, validation, test := d.Train.Counts(), d.Validation.Counts(), d.Test.Counts()
	for k := range channel.NumPhases {
		r.Classes = append(r.Classes, classCount{channel.PhaseName(k), train[k], validation[k], test[k]})
	}
	return r
}

// warn warns of anything odd about the windows, of classes that the model cannot learn,
// and of an empty test part.
func warn(to step.Reporter, d *model.Data) {
	for _, r := range d.Windows.Remarks {
		to.Warnf("windows: %s", r)
	}
	if d.TornBoots != "" {
		to.Warnf("%s", d.TornBoots)
	}
	var never []string
	for k, n := range d.Train.Counts() {
		if n == 0 {
			never = append(never, channel.PhaseName(k))
		}
	}
	if len(never) > 0 {
		to.Warnf("no window of the training part is of class %s; the model cannot learn it", strings.Join(never, ", "))
	}
	if len(d.Test.Y) == 0 {
		to.Warnf("no window is in the test part of the split; there will be nothing to evaluate")
	}
}
