package signal

import (
	"os"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

func newReader(t testing.TB, l episode.Limits) *episode.Reader {
	t.Helper()
	r, err := episode.NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// TestLoadTimes: it says of time what Load does.
func TestLoadTimes(t *testing.T) {
	r := newReader(t, episode.DefaultLimits())
	var all, times Set
	for _, name := range episodetest.Names(t, 40) {
		e, err := r.Read(os.DirFS(episodetest.Corpus), name)
		if err != nil {
			t.Fatal(err)
		}
		all.Load(e)
		times.LoadTimes(e)
		e.Meta.Duration = 0
		for s := range channel.Source(channel.NumSources) {
			if !episodetest.AllSame(all.Times(s), times.Times(s)) {
				t.Errorf("%s: the times of %s are not the same", name, s)
			}
		}
		if a, b := Duration(e, &all), Duration(e, &times); a != b {
			t.Errorf("%s: %v seconds, with all series %v", name, b, a)
		}
	}
}
