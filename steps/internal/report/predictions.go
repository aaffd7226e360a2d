package report

import (
	"fmt"

	"assay/steps/internal/dataset"
)

// About says what made a set of predictions. It is the file predictions.json.
type About struct {
	Model    string   `json:"model"`    // family, as in "gbt"
	View     string   `json:"view"`     // realistic or oracle
	Rounds   int      `json:"rounds"`   // rounds or epochs the kept model took
	Features int      `json:"features"` // columns it saw
	Schema   string   `json:"schema"`   // hash of the columns and classes
	Classes  []string `json:"classes"`  // in the order of the probabilities
}

// Predictions are what a model says of the windows it was not trained on.
type Predictions struct {
	About About
	Rows  []Prediction // in the order of part, then of the windows table
}

// A Prediction is one window.
type Prediction struct {
	dataset.Key
	Profile string
	Part    dataset.Part
	Center  float64                    // seconds since the episode's first label
	Phase   int32                      // the true class
	P       [dataset.NumPhases]float32 // probability of each class
}

// Predicted returns the class of the highest probability, the first of equals.
func (p *Prediction) Predicted() int32 {
	best := 0
	for k, v := range p.P {
		if v > p.P[best] {
			best = k
		}
	}
	return int32(best)
}

// Add appends the given rows of a windows table with their probabilities, K for
// each row. It fails if there are not as many.
func (p *Predictions) Add(w *dataset.Windows, part dataset.Part, rows []int, probs []float32) error {
	const k = dataset.NumPhases
	if len(probs) != k*len(rows) {
		return fmt.Errorf("%d probabilities for %d windows of part %s, want %d for each", len(probs), len(rows), part, k)
	}
	for i, r := range rows {
		e := w.Episodes[w.Episode[r]]
		p.Rows = append(p.Rows, Prediction{
			Key: e.Key, Profile: e.Profile, Part: part, Center: w.Center[r], Phase: w.Phase[r],
			P: [k]float32(probs[i*k : (i+1)*k]),
		})
	}
	return nil
}

// check refuses rows that no model can have made.
func (p *Prediction) check() error {
	if p.Phase < 0 || int(p.Phase) >= dataset.NumPhases {
		return fmt.Errorf("its true class is %d, and there are %d", p.Phase, dataset.NumPhases)
	}
	for k, v := range p.P {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("the probability of %s is %v", dataset.PhaseName(k), v)
		}
	}
	return nil
}
