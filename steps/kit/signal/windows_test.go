package signal

import (
	"math"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// bare is an episode without telemetry.
func bare(duration float64, labels ...episode.Label) *episode.Episode {
	e := &episode.Episode{Host: "host", ID: "ep", Labels: episode.Labels{Rows: labels}}
	e.Meta.Duration = duration
	for s := range e.Tables {
		from, to := channel.Columns(channel.Source(s))
		e.Tables[s].Width = to - from
	}
	return e
}

func summarize(t *testing.T, e *episode.Episode) Windows {
	t.Helper()
	var g Set
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
		w := summarize(t, bare(d, episode.Label{Phase: "clean"}))
		if len(w.Center) != want || len(w.Class) != want || len(w.X) != want*channel.NumFeatures {
			t.Errorf("%v s have %d windows, want %d", d, len(w.Center), want)
		}
	}
	if n := len(summarize(t, bare(50)).Center); n != 0 {
		t.Errorf("an episode without labels has %d windows", n)
	}
}

func TestWindowLimit(t *testing.T) {
	var g Set
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: 3}
	for _, d := range []float64{26, 1e300, math.Inf(1)} {
		e := bare(d, episode.Label{})
		g.Load(e)
		if _, err := z.Summarize(e, &g); err == nil {
			t.Errorf("%v s are accepted", d)
		}
	}
}

// TestDuration: without one in meta.json the last row counts, whatever its clock.
func TestDuration(t *testing.T) {
	e := bare(0, episode.Label{})
	e.Tables[channel.QMP].T = []float64{1, 21, 3}
	e.Tables[channel.QMP].Mono = make([]float64, 3)
	e.Tables[channel.QMP].V = make([]float64, 3*e.Tables[channel.QMP].Width)
	w := summarize(t, e)
	if !slices.Equal(w.Center, []float64{5, 10, 15}) {
		t.Errorf("centres %v", w.Center)
	}
	if x := w.X[:channel.NumFeatures]; !math.IsNaN(float64(x[0])) {
		t.Errorf("a source without rows has the feature %v", x[0])
	}
}
