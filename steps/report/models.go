package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"

	"assay/engine/step"
	"assay/steps/internal/results"
	"assay/steps/kit/files"
	"assay/steps/kit/model/gbt"
)

// A trained is how one model was made.
type trained struct {
	Step     string // "gbt"
	Node     string // "gbt[hold=sample,view=oracle]"
	View     string
	Curve    curve
	Trees    *gbt.Model      // nil if it is not made of trees
	Settings json.RawMessage // its parameters
}

// A curve is the losses of a training by round or epoch; empty if there is none.
type curve struct {
	Train, Validation []float64
	Best              int // -1 if it is not known
}

// record is what the report reads of training.json.
type record struct {
	Params    json.RawMessage `json:"params"`
	BestRound *int            `json:"best_round"`
	BestEpoch *int            `json:"best_epoch"`
	MLogLoss  []losses        `json:"mlogloss"`
	Epochs    []losses        `json:"epochs"`
}

type losses struct {
	Train      *float64 `json:"train"`
	Validation *float64 `json:"validation"`
}

// readModels reads how models were made.
func readModels(list []step.Input) ([]*trained, error) {
	var out []*trained
	for _, in := range list {
		t, err := readModel(in)
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", in.Labels, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func readModel(in step.Input) (*trained, error) {
	var r record
	if err := files.ReadJSON(in.FS, "training.json", &r); err != nil {
		return nil, err
	}
	var p struct {
		View string `json:"view"`
	}
	if len(r.Params) > 0 {
		if err := json.Unmarshal(r.Params, &p); err != nil {
			return nil, fmt.Errorf("training.json: params: %w", err)
		}
	}
	t := &trained{View: p.View, Curve: r.curve(), Settings: r.Params}
	t.Node, _ = results.NodeOf(in)
	t.Step, _ = results.NodeOf(step.Input{From: in.From})
	trees, err := readTrees(in.FS)
	t.Trees = trees
	return t, err
}

func (r *record) curve() curve {
	c, list := curve{Best: -1}, r.Epochs
	if len(list) == 0 {
		list = r.MLogLoss
	}
	for _, l := range list {
		c.Train, c.Validation = append(c.Train, numberOf(l.Train)), append(c.Validation, numberOf(l.Validation))
	}
	for _, best := range []*int{r.BestRound, r.BestEpoch} {
		if best != nil && *best >= 0 && *best < len(list) {
			c.Best = *best
		}
	}
	return c
}

func numberOf(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// readTrees opens a model of trees; nil if the artifact has none.
func readTrees(fsys fs.FS) (*gbt.Model, error) {
	f, err := fsys.Open(gbt.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := gbt.Load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", gbt.File, err)
	}
	return m, nil
}
