package measure

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// A peerCase is what scikit-learn makes of some windows; null where it makes nothing.
type peerCase struct {
	Name      string
	Classes   int
	Truth     []int32
	Predicted []int32
	P         []float64
	Scores    map[string]*float64
	ByClass   map[string][]*float64 `json:"by_class"`
}

// TestAgainstScikitLearn reads cases that .ci/measures.py made: those of testdata, or of
// the file that the environment names.
func TestAgainstScikitLearn(t *testing.T) {
	name := os.Getenv("ASSAY_MEASURES")
	if name == "" {
		name = "testdata/scikit-learn.json"
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []peerCase }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 10 {
		t.Fatalf("%s has %d cases", name, len(file.Cases))
	}
	for _, c := range file.Cases {
		c.check(t)
	}
}

func (c *peerCase) check(t *testing.T) {
	s := &Sample{Classes: c.Classes, Truth: c.Truth, Predicted: c.Predicted, P: c.P, Unit: make([]int32, len(c.Truth))}
	if err := s.Check(); err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	totals, ranks := Whole(NewTally(s), c.Classes), NewRanks(s)
	for _, m := range All() {
		if want := c.Scores[m.Name]; want != nil {
			if got := m.Of(totals, ranks); math.Abs(got-*want) > 1e-12 {
				t.Errorf("%s: %s is %v, want %v", c.Name, m.Name, got, *want)
			}
		}
	}
	for _, m := range PerClass() {
		for k, want := range c.ByClass[m.Name] {
			got := m.Of(totals, ranks, k)
			if want == nil && !math.IsNaN(got) || want != nil && !(math.Abs(got-*want) <= 1e-12) {
				t.Errorf("%s: %s of class %d is %v, want %v", c.Name, m.Name, k, got, want)
			}
		}
	}
}
