package bootstrap

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// peers are what scipy and statsmodels computed; null where they computed nothing.
type peers struct {
	Intervals []struct {
		Estimate, Level float64
		Values, Without []float64
		BCa, Percentile [2]*float64
	}
	Holm []struct{ P, Adjusted []float64 }
}

// TestAgainstScipy reads cases that .ci/measures.py made: those of testdata, or of the
// file that the environment names.
func TestAgainstScipy(t *testing.T) {
	name := os.Getenv("ASSAY_MEASURES")
	if name == "" {
		name = "testdata/scipy.json"
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file peers
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Intervals) < 10 || len(file.Holm) < 10 {
		t.Fatalf("%s has %d intervals and %d lists of p values", name, len(file.Intervals), len(file.Holm))
	}
	for i, c := range file.Intervals {
		same(t, i, "percentile", Percentile(c.Values, c.Level), c.Percentile)
		same(t, i, "BCa", BCa(c.Estimate, c.Values, c.Without, c.Level), c.BCa)
	}
	for i, c := range file.Holm {
		for j, got := range Holm(c.P) {
			if math.Abs(got-c.Adjusted[j]) > 1e-12 {
				t.Errorf("list %d: p value %d is adjusted to %v, want %v", i, j, got, c.Adjusted[j])
			}
		}
	}
}

func same(t *testing.T, i int, what string, got Interval, want [2]*float64) {
	t.Helper()
	for j, v := range [2]float64{got.Low, got.High} {
		if want[j] == nil && !math.IsNaN(v) || want[j] != nil && !(math.Abs(v-*want[j]) <= 1e-12*max(1, math.Abs(v))) {
			t.Errorf("case %d: %s is %v", i, what, got)
			if want[j] != nil {
				t.Errorf("want end %d to be %v", j, *want[j])
			}
		}
	}
}
