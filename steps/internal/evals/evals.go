// Package evals reads evaluations that a recipe gathered, for the kinds that look at
// several. Call [Read].
package evals

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"assay/engine/step"
	"assay/steps/kit/score"
)

// An Evaluation is the scores of one model on one split.
type Evaluation struct {
	*score.Metrics
	Labels step.Labels
	FS     fs.FS
	Place  string // the split as the recipe names it, such as "host-lab-d4"
	Held   string // what it holds out, such as "host lab-d4"
	Seed   string // label of the axis seed; "" if there is none
}

// Read reads all evaluations, in their order. It fails if there is none.
func Read(inputs []step.Input) ([]*Evaluation, error) {
	if len(inputs) == 0 {
		return nil, errors.New("there is no evaluation; connect at least one to evals")
	}
	var list []*Evaluation
	for _, in := range inputs {
		m, err := score.ReadMetrics(in.FS)
		if err != nil {
			return nil, fmt.Errorf("evaluation %s: %w", in.Labels, err)
		}
		e := &Evaluation{Metrics: m, Labels: in.Labels, FS: in.FS, Held: held(m.Split)}
		e.place()
		if twin := slices.IndexFunc(list, e.same); twin >= 0 {
			return nil, fmt.Errorf("two evaluations, %s and %s, are of one model, view, split and seed; connect only one, "+
				"or tell them apart by an axis of the matrix", list[twin].Labels, e.Labels)
		}
		list = append(list, e)
	}
	return list, nil
}

func (e *Evaluation) same(o *Evaluation) bool {
	return e.Model == o.Model && e.View == o.View && e.Place == o.Place && e.Seed == o.Seed
}

// place finds the seed and names the split by the coordinates that are left. Axes that
// hold something out are named by their value alone.
func (e *Evaluation) place() {
	var list []string
	for _, l := range e.Labels {
		switch l.Axis {
		case "view", "model":
		case "seed":
			e.Seed = l.Value
		case "hold", "split":
			list = append(list, l.Value)
		default:
			list = append(list, l.Axis+"="+l.Value)
		}
	}
	e.Place = strings.Join(list, " ")
	if e.Place == "" {
		e.Place = e.Held
	}
}

// held describes what a split holds out.
func held(s score.Split) string {
	const most = 12
	test := slices.Clone(s.Test[:min(most, len(s.Test))])
	for i, t := range test {
		if at, err := time.Parse(time.RFC3339Nano, t); s.By == "time" && err == nil {
			test[i] = "from " + at.UTC().Format("2006-01-02 15:04:05 UTC")
		}
	}
	text := s.By + " " + strings.Join(test, ", ")
	if more := len(s.Test) - len(test); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
