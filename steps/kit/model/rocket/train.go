package rocket

import (
	"context"
	"fmt"
	"math/rand/v2"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// Data are the windows to train on. Validation chooses the ridge and calibrates the probabilities.
type Data struct {
	Series            *model.Series
	Train, Validation model.Set
}

// A Try is what a strength of the ridge gave.
type Try struct {
	Ridge   float64 `json:"ridge"`
	Factor  float64 `json:"factor"`   // of the logits, which makes the validation loss the least
	Loss    float64 `json:"loss"`     // that loss: mean cross-entropy, classes weighed as in training
	MacroF1 float64 `json:"macro_f1"` // of the validation part
}

// A Fit is a trained model and how the ridge was chosen: the strength with the lowest loss, the
// first of equals.
type Fit struct {
	Model *Model
	Tries []Try
	Best  int  // of them
	Flat  bool // the training windows differ in no feature, or not in their class: it says the same of any window
}

// Train fits a model. told hears the share of the work that is done, from 0 to 1. It fails if the
// windows and features together need more than 4 GiB, or more than 16,000 unknowns.
func Train(ctx context.Context, s Settings, schema model.Schema, hz float64, d Data, told func(float64)) (*Fit, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	team := f32.NewTeam(s.Workers)
	defer team.Close()
	t := &trainer{Settings: s, Data: d, ctx: ctx, team: team, told: told, classes: len(schema.Classes)}
	t.scaler, t.inputs = nn.Scale(d.Series, d.Train.Rows, team)
	t.plan = newPlan(d.Series.Points, t.inputs.Columns, s.Features, t.random(drawsPlan))
	if err := t.fits(); err != nil {
		return nil, err
	}
	t.biases = fitBiases(t.plan, t.inputs, d.Train.Rows, t.random(drawsWindows), team)
	t.thresholds = thresholdsOf(t.biases)
	candidates, err := t.solve()
	if err != nil {
		return nil, err
	}
	fit, l, err := t.choose(candidates)
	if err != nil {
		return nil, err
	}
	fit.Flat = candidates[0].flat()
	fit.Model = newModel(schema, hz, t.scaler, t.plan, t.biases, l)
	return fit, nil
}

// A trainer is a training under way.
type trainer struct {
	Settings
	Data
	ctx        context.Context
	team       *f32.Team
	told       func(float64)
	classes    int
	scaler     *nn.Scaler
	inputs     *model.Series
	plan       *plan
	biases     []int32
	thresholds []threshold
}

// The streams of random numbers.
const (
	drawsPlan uint64 = iota + 1
	drawsWindows
)

func (t *trainer) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(t.Seed, stream)) }

// fits returns an error if the equations would be too large.
func (t *trainer) fits() error {
	n, f := len(t.Train.Rows), t.plan.features()
	if n > mostCells/f {
		return fmt.Errorf("%d windows of the training part with %d features each are more than %d numbers; take %d "+
			"features or fewer (parameter features)", n, f, mostCells, mostCells/n)
	}
	if min(n, f) > mostUnknowns {
		return fmt.Errorf("%d windows of the training part and %d features make more than %d equations; take that many "+
			"features or fewer (parameter features)", n, f, mostUnknowns)
	}
	return nil
}

// solve returns the classifier of each strength of the ridge.
func (t *trainer) solve() ([]linear, error) {
	x := f32.NewMatrix(len(t.Train.Rows), len(t.biases))
	if err := t.extract(t.Train.Rows, x.Row); err != nil {
		return nil, err
	}
	t.told(0.3)
	r := newRidge(x, t.Train.Y, t.weightsOf(t.Train.Y), t.classes, t.team)
	var list []linear
	for i, strength := range t.Ridges {
		if err := t.ctx.Err(); err != nil {
			return nil, err
		}
		weights, intercepts, err := r.solve(strength)
		if err != nil {
			return nil, err
		}
		l := linear{weights: weights}
		for _, b := range intercepts {
			l.intercepts = append(l.intercepts, float32(b))
		}
		list = append(list, l)
		t.told(0.3 + 0.6*float64(i+1)/float64(len(t.Ridges)))
	}
	return list, nil
}

// classWeights returns the weights of the classes.
func (t *trainer) classWeights() []float64 {
	counts := make([]int, t.classes)
	for _, y := range t.Train.Y {
		counts[y]++
	}
	return nn.Balance(counts, t.Balance)
}

// weightsOf returns the weight of each window.
func (t *trainer) weightsOf(y []int32) []float64 {
	ofClass, list := t.classWeights(), make([]float64, len(y))
	for i, class := range y {
		list[i] = ofClass[class]
	}
	return list
}
