package signal

import (
	"math"
	"testing"

	"assay/steps/kit/episode/episodetest"
)

// TestSample: values on the line between finite samples, NaN elsewhere. The numbers are
// numpy.interp's.
func TestSample(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		s      Series
		gap    float64
		grid   []float64
		want   []float64
		finite int
	}{
		"a line":           {Series{[]float64{1, 3}, []float64{10, 20}}, 0, []float64{0.9, 1, 2, 3, 3.1, nan}, []float64{nan, 10, 15, 20, nan, nan}, 2},
		"any order":        {Series{[]float64{1, 3}, []float64{10, 20}}, 0, []float64{3, 1, 2}, []float64{20, 10, 15}, 2},
		"only finite ones": {Series{[]float64{1, 2, 2.5, 3}, []float64{10, nan, inf, 20}}, 0, []float64{2, 2.5}, []float64{15, 17.5}, 2},
		"equal stamps":     {Series{[]float64{1, 1, 2}, []float64{5, 7, 9}}, 0, []float64{1, 1.5}, []float64{7, 8}, 3},
		"a gap":            {Series{[]float64{1, 2, 9}, []float64{1, 2, 9}}, 3, []float64{1.5, 2, 5, 9}, []float64{1.5, 2, nan, 9}, 3},
		"one sample":       {Series{[]float64{1}, []float64{4}}, 0, []float64{0, 1, 2}, []float64{nan, 4, nan}, 1},
		"nothing":          {Series{}, 0, []float64{0, 1}, []float64{nan, nan}, 0},
		"no clock at all":  {Series{[]float64{nan, nan}, []float64{4, 5}}, 0, []float64{0, 1}, []float64{nan, nan}, 2},
	} {
		out := make([]float64, len(c.grid))
		if n := c.s.Sample(c.grid, c.gap, out); n != c.finite || !episodetest.AllSame(out, c.want) {
			t.Errorf("%s: %v of %d finite samples, want %v of %d", name, out, n, c.want, c.finite)
		}
	}
}

// TestQuantile: numpy's own examples, np.percentile([1, 2, 4, 8], …).
func TestQuantile(t *testing.T) {
	for q, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 3, 0.75: 5, 1: 8} {
		if got := Quantile([]float64{1, 2, 4, 8}, q); got != want {
			t.Errorf("at %v: %v, want %v", q, got, want)
		}
	}
	if got := Quantile([]float64{3}, 0.25); got != 3 {
		t.Errorf("of one value: %v", got)
	}
}
