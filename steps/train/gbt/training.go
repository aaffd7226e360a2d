package gbt

import (
	"assay/steps/kit/dataset"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
)

// training is the file training.json: how the model came about.
type training struct {
	Params    Params       `json:"params"`
	Schema    string       `json:"schema"`   // hash of the columns and classes
	Features  int          `json:"features"` // columns the model saw
	BestRound int          `json:"best_round"`
	Classes   []classCount `json:"classes"`
	MLogLoss  []gbt.Round  `json:"mlogloss"` // by round, all that were run
}

// classCount is the number of windows of a class in each part.
type classCount struct {
	Class      string `json:"class"`
	Train      int    `json:"train"`
	Validation int    `json:"validation"`
	Test       int    `json:"test"`
}

func newTraining(p Params, d *model.Data, fit *gbt.Fit) training {
	t := training{
		Params: p, Schema: fit.Model.Hash(), Features: len(d.Features),
		BestRound: fit.Best, MLogLoss: fit.Rounds,
	}
	train, validation, test := d.Train.Counts(), d.Validation.Counts(), d.Test.Counts()
	for k := range dataset.NumPhases {
		t.Classes = append(t.Classes, classCount{dataset.PhaseName(k), train[k], validation[k], test[k]})
	}
	return t
}
