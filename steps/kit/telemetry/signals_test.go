package telemetry

import (
	"os"
	"testing"

	"assay/steps/kit/episode/episodetest"
)

// TestLoadTimes: it says of time what Load does.
func TestLoadTimes(t *testing.T) {
	r := newReader(t, DefaultLimits())
	var all, times Signals
	for _, name := range episodetest.Names(t, 40) {
		e, err := r.Read(os.DirFS(episodetest.Corpus), name)
		if err != nil {
			t.Fatal(err)
		}
		all.Load(e)
		times.LoadTimes(e)
		e.Meta.Duration = 0
		for s := range Source(NumSources) {
			if !episodetest.AllSame(all.Times(s), times.Times(s)) {
				t.Errorf("%s: the times of %s are not the same", name, s)
			}
		}
		if a, b := Duration(e, &all), Duration(e, &times); a != b {
			t.Errorf("%s: %v seconds, with all series %v", name, b, a)
		}
	}
}
