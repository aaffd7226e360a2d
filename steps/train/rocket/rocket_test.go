package rocket

import (
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/model"
)

func TestCheck(t *testing.T) {
	p := defaults()
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	p.View, p.Hz, p.Features, p.ClassWeights, p.Ridges = "none", 0, 1, 2, []float64{-1}
	err := p.Check()
	for _, want := range []string{"view is", "hz is 0", "features is 1", "class_weights is 2", "ridges has -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want also %q", err, want)
		}
	}
}

// heard is a sink that remembers warnings.
type heard struct{ said string }

func (h *heard) Emit(m step.Message) { h.said += m.Warning }

// TestWarnsOfNothingToLearn trains on windows that are all the same.
func TestWarnsOfNothingToLearn(t *testing.T) {
	d := &model.Data{Features: []string{"a"}, Classes: []string{"x", "y"}, Points: 20, Hz: 2,
		Series:     &model.Series{Columns: 1, Points: 20, Data: make([]float32, 20), Start: []int{0, 0}},
		Train:      model.Set{Rows: []int{0, 1}, Y: []int32{0, 1}},
		Validation: model.Set{Rows: []int{0}, Y: []int32{1}}}
	p, h := defaults(), &heard{}
	p.Features, p.Ridges = 100, []float64{0.1, 1, 10}
	made, err := fit(step.WithSink(t.Context(), h), &p, d)
	if err != nil || !strings.Contains(h.said, "the model says the same of every window") {
		t.Fatalf("the warnings %q, error %v", h.said, err)
	}
	if len(made.Ridges) != len(p.Ridges) || made.Model.About().Family != "rocket" {
		t.Errorf("made %+v", made)
	}
	d.Series.Data = append(d.Series.Data, make([]float32, 20)...)
	d.Series.Data[27], d.Series.Start[1], h.said, p.Ridges = 5, 20, "", p.Ridges[:1]
	if _, err := fit(step.WithSink(t.Context(), h), &p, d); err != nil || h.said != "" {
		t.Errorf("of windows that differ: the warnings %q, error %v", h.said, err)
	}
}
