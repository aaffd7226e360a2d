package telemetry

import (
	"math"
	"slices"
	"testing"
)

// bare is an episode without telemetry.
func bare(duration float64, labels ...Label) *Episode {
	e := &Episode{Host: "host", ID: "ep", Labels: Labels{Rows: labels}}
	e.Meta.Duration = duration
	for s := range e.Tables {
		from, to := Columns(Source(s))
		e.Tables[s].Width = to - from
	}
	return e
}

func summarize(t *testing.T, e *Episode) Windows {
	t.Helper()
	var g Signals
	g.Load(e)
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: 100}
	w, err := z.Summarize(e, &g)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWindowCount: the edges of numpy.arange(0, duration - 10 + 1e-9, 5).
func TestWindowCount(t *testing.T) {
	for d, want := range map[float64]int{
		0: 0, 9.999: 0, 10 - 1e-10: 0, 10: 1, 14.999999999: 1, 14.9999999995: 2, 15: 2, 49.999999999: 8, 50: 9,
	} {
		w := summarize(t, bare(d, Label{Phase: "clean"}))
		if len(w.Center) != want || len(w.Phase) != want || len(w.X) != want*NumFeatures {
			t.Errorf("%v s have %d windows, want %d", d, len(w.Center), want)
		}
	}
	if n := len(summarize(t, bare(50)).Center); n != 0 {
		t.Errorf("an episode without labels has %d windows", n)
	}
}

func TestWindowLimit(t *testing.T) {
	var g Signals
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: 3}
	for _, d := range []float64{26, 1e300, math.Inf(1)} {
		e := bare(d, Label{})
		g.Load(e)
		if _, err := z.Summarize(e, &g); err == nil {
			t.Errorf("%v s are accepted", d)
		}
	}
}

// TestDuration: without one in meta.json the last row counts, whatever its clock.
func TestDuration(t *testing.T) {
	e := bare(0, Label{})
	e.Tables[QMP].T = []float64{1, 21, 3}
	e.Tables[QMP].Mono = make([]float64, 3)
	e.Tables[QMP].V = make([]float64, 3*e.Tables[QMP].Width)
	w := summarize(t, e)
	if !slices.Equal(w.Center, []float64{5, 10, 15}) {
		t.Errorf("centres %v", w.Center)
	}
	if x := w.X[:NumFeatures]; !math.IsNaN(float64(x[0])) {
		t.Errorf("a source without rows has the feature %v", x[0])
	}
}
