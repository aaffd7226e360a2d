package signal

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// TestSummary compares the windows with those of the plain way, which sorts each
// one by itself, over strides that do and do not halve a window, on stamps that lie
// on the edges, with windows left out.
func TestSummary(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, stride := range []float64{5, 2.5, 0.1, 0.3, 0.7, 3} {
		for _, window := range []float64{2 * stride, stride, 3 * stride, 1} {
			for _, rows := range []int{0, 1, 7, 900} {
				e := randomEpisode(rng, rows)
				g := Set{Cures: channel.Cures{ExcludeUnknownPhase: rows == 7}}
				g.Load(e)
				z := Summarizer{Window: window, Stride: stride, MaxWindows: 1000}
				if _, err := z.Summarize(e, &g); err != nil {
					t.Fatal(err)
				}
				checkPlain(t, &z, &g)
				checkPlainVector(t, &z, e, &g)
			}
		}
	}
}

// randomEpisode has stamps at tenths of a second, some of them equal, values of
// which many are equal, and some that are missing.
func randomEpisode(rng *rand.Rand, rows int) *episode.Episode {
	e := bare(20, episode.Label{Phase: "clean"}, episode.Label{T: 7}, episode.Label{T: 11, Phase: "dormant"})
	for s := range e.Tables {
		tab := &e.Tables[s]
		for range rows {
			tab.T = append(tab.T, float64(rng.IntN(220)-10)/10)
			tab.Mono = append(tab.Mono, 0)
			for c := range tab.Width {
				v := float64(rng.IntN(20) * c)
				if s == int(channel.QMP) && rng.IntN(30) == 0 {
					v = math.NaN()
				}
				tab.V = append(tab.V, v)
			}
		}
	}
	return e
}

func checkPlain(t *testing.T, z *Summarizer, g *Set) {
	t.Helper()
	var w workspace
	want := make([]float64, channel.NumStats)
	for k, start := range z.placed.start {
		for c := range channel.Count {
			s := g.Series(c)
			lo, hi := firstAt(s.T, start), firstAt(s.T, start+z.Window)
			w.plainStats(s.T[lo:hi], s.V[lo:hi], want)
			at := k*channel.NumFeatures + c*channel.NumStats
			if got := z.x64[at : at+channel.NumStats]; !episodetest.AllSame(got, want) {
				t.Fatalf("windows of %v s each %v s: at %v s, %s: %v, want %v", z.Window, z.Stride, start, channel.At(c).Name, got, want)
			}
		}
	}
}

func checkPlainVector(t *testing.T, z *Summarizer, e *episode.Episode, g *Set) {
	t.Helper()
	var w workspace
	want := make([]float64, channel.NumStats)
	z.Vector(e, g)
	for c := range channel.Count {
		s := g.Series(c)
		w.plainStats(s.T, s.V, want)
		if got := z.x64[c*channel.NumStats:][:channel.NumStats]; !episodetest.AllSame(got, want) {
			t.Fatalf("the episode, %s: %v, want %v", channel.At(c).Name, got, want)
		}
	}
}

// TestRanks: all ranks of random values in two halves, against sorting.
func TestRanks(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		all := make([]float64, 1+rng.IntN(30))
		for i := range all {
			all[i] = float64(rng.IntN(9))
		}
		cut := rng.IntN(len(all) + 1)
		a, b := slices.Clone(all[:cut]), slices.Clone(all[cut:])
		insertionSort(a)
		insertionSort(b)
		slices.Sort(all)
		if lo, hi := ends(a, b); lo != all[0] || hi != all[len(all)-1] {
			t.Fatalf("%v and %v reach from %v to %v", a, b, lo, hi)
		}
		for k := range all {
			if at, next := ranks(a, b, k); at != all[k] || next != all[min(k+1, len(all)-1)] {
				t.Fatalf("rank %d of %v and %v is %v, then %v", k, a, b, at, next)
			}
		}
	}
}

// BenchmarkSummary is one episode's windows, and the episode as a whole, from
// loaded signals.
func BenchmarkSummary(b *testing.B) {
	r := newReader(b, episode.DefaultLimits())
	e, err := r.Read(os.DirFS(episodetest.Corpus), episodetest.Names(b, 1000)[0])
	if err != nil {
		b.Fatal(err)
	}
	var g Set
	g.Load(e)
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: 1000}
	b.Run("windows", func(b *testing.B) {
		for b.Loop() {
			if _, err := z.Summarize(e, &g); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("vector", func(b *testing.B) {
		for b.Loop() {
			z.Vector(e, &g)
		}
	})
}
