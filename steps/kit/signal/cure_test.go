package signal

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// TestRetime: a bucket every 100 ms, 30 ms after the full tenth of the wall
// clock, whose stamps are cut to whole seconds.
func TestRetime(t *testing.T) {
	const zero = 1_795_323_965_602_893_717
	nan := math.NaN()
	var wall, mono, exact []float64
	for i := range 100 {
		ns := int64(1_795_323_964_030_000_000) + int64(i)*100_000_000
		exact = append(exact, float64(ns-zero)/1e9)
		wall = append(wall, float64(ns/1e9*1e9-zero)/1e9)
		mono = append(mono, 2946.8+float64(i)/10)
	}
	far := func(got []float64) (most float64) {
		for i := range got {
			most = max(most, math.Abs(got[i]-exact[i]))
		}
		return most
	}
	got := slices.Clone(wall)
	retime(got, mono, zero)
	if d := far(got); d > 0.03+1e-6 {
		t.Errorf("stamps are off by up to %v s, before by %v s", d, far(wall))
	}

	got = slices.Clone(exact)
	if retime(got, mono, zero); !slices.Equal(got, exact) {
		t.Error("stamps that nobody rounded move")
	}

	// A stray wall clock, a row without a monotonic one, rows out of order.
	got = slices.Clone(wall)
	odd := slices.Clone(mono)
	got[3], odd[7] = got[3]+3600, nan
	got[20], got[90], odd[20], odd[90] = got[90], got[20], odd[90], odd[20]
	want := slices.Clone(got)
	retime(got, odd, zero)
	if got[3] != want[3] || got[7] != want[7] {
		t.Errorf("a stray row is at %v, one without a clock at %v; they were at %v and %v", got[3], got[7], want[3], want[7])
	}
	got[20], got[90] = got[90], got[20]
	got[3], got[7] = exact[3], exact[7]
	if d := far(got); d > 0.03+1e-6 {
		t.Errorf("beside strays, stamps are off by up to %v s", d)
	}

	for _, mono := range [][]float64{{nan, nan}, {math.Inf(1), 0}} {
		got := []float64{nan, math.Inf(1)}
		if retime(got, mono, zero); !episodetest.AllSame(got, []float64{nan, math.Inf(1)}) {
			t.Errorf("stamps that are no times become %v", got)
		}
	}
	retime(nil, nil, zero)
}

func TestRatesWithoutResets(t *testing.T) {
	nan := math.NaN()
	v := []float64{10, 12, 5, 7, nan, 3, 9}
	got := rates([]float64{0, 1, 2, 3, 4, 5, 6}, v, true)
	if !episodetest.AllSame(got.V, []float64{2, nan, 2, nan, nan, 6}) {
		t.Errorf("the rates are %v", got.V)
	}
}

// TestAbsentLists: what a row lacks, and what it has.
func TestAbsentLists(t *testing.T) {
	nan := math.NaN()
	lines := strings.Join([]string{
		`{"t_wall_ns":1}`, `{"t_wall_ns":2,"listen_ports":null}`, `{"t_wall_ns":3,"listen_ports":[]}`,
		`{"t_wall_ns":4,"listen_ports":[22,80]}`, `{"t_wall_ns":5,"listen_ports":false}`, `{"t_wall_ns":6,"listen_ports":-0.0}`,
	}, "\n")
	all := channel.All()
	at := slices.IndexFunc(all[:], func(c channel.Channel) bool { return c.Name == "guest.n_listen_ports" })
	for missing, want := range map[bool][]float64{false: {0, 0, 0, 2, 0, 0}, true: {nan, nan, 0, 2, 0, 0}} {
		file := episodetest.Squeeze(t, episodetest.Pack(t, episodetest.Entry{Name: channel.Guest.Entry(), Data: lines}))
		e, err := newReader(t, episode.DefaultLimits()).Read(episodetest.Store(file), episodetest.Name)
		if err != nil {
			t.Fatal(err)
		}
		g := Set{Cures: channel.Cures{AbsentListsMissing: missing}}
		g.Load(e)
		got := g.Series(at).V
		if !episodetest.AllSame(got, want) || slices.ContainsFunc(got, math.Signbit) {
			t.Errorf("with the cure %v, lengths are %v, want %v", missing, got, want)
		}
	}
}

func TestExactConstants(t *testing.T) {
	times, v, out := make([]float64, 97), make([]float64, 97), make([]float64, channel.NumStats)
	for i := range v {
		times[i], v[i] = float64(i), 0.1
	}
	(&workspace{}).stats(times, v, out)
	if out[1] == 0 {
		t.Fatal("rounding leaves nothing of this constant; take another")
	}
	(&workspace{exact: true}).stats(times, v, out)
	if out[1] != 0 || out[4] != 0 {
		t.Errorf("a constant has the spread %v and the slope %v", out[1], out[4])
	}
}

// TestUnknownPhase: windows at 5, 10, 15... s; from 8 s on the phase is null, from
// 22 s it has a name of its own, from 28 s it is known again.
func TestUnknownPhase(t *testing.T) {
	e := bare(50, episode.Label{Phase: "clean"}, episode.Label{T: 8}, episode.Label{T: 22, Phase: "resting"}, episode.Label{T: 28, Phase: "dormant"})
	for exclude, want := range map[bool]int{false: 9, true: 5} {
		g := Set{Cures: channel.Cures{ExcludeUnknownPhase: exclude}}
		g.Load(e)
		z := Summarizer{Window: 10, Stride: 5, MaxWindows: 100}
		w, err := z.Summarize(e, &g)
		if err != nil {
			t.Fatal(err)
		}
		var x Tensors
		if err := aTensorizer().Tensorize(e, &g, &x); err != nil {
			t.Fatal(err)
		}
		if len(w.Center) != want || len(w.X) != want*channel.NumFeatures || !slices.Equal(w.Center, x.Center) {
			t.Errorf("with the cure %v there are windows at %v, tensors at %v", exclude, w.Center, x.Center)
		}
		if exclude && (!slices.Equal(w.Center, []float64{5, 30, 35, 40, 45}) || !slices.Equal(x.Class, []int32{0, 4, 4, 4, 4})) {
			t.Errorf("windows at %v are of the classes %v", w.Center, x.Class)
		}
	}
}

// TestMaxGap: samples at 0, 1 and 4 s, and a grid of 2 Hz.
func TestMaxGap(t *testing.T) {
	e := bare(10, episode.Label{Phase: "clean"})
	tab := &e.Tables[channel.QMP]
	for i, at := range []float64{0, 1, 4} {
		tab.T, tab.Mono = append(tab.T, at), append(tab.Mono, 0)
		tab.V = append(tab.V, make([]float64, tab.Width)...)
		for c := range tab.Width {
			tab.V[i*tab.Width+c] = at * at
		}
	}
	tab.V[tab.Width+6] = math.NaN() // so that pages_2m has a gap of 4 s, from 0 to 4
	from, _ := channel.Columns(channel.QMP)
	for _, c := range []struct {
		gap              float64
		pages4k, pages2m int // points that are there, of 0, 0.5, ..., 4
	}{{0, 9, 9}, {4, 9, 9}, {3, 9, 2}, {2.5, 4, 2}, {0.5, 3, 2}} {
		g := Set{Cures: channel.Cures{MaxGap: c.gap}}
		g.Load(e)
		z := Tensorizer{Window: 10, Stride: 5, Hz: 2, MaxWindows: 9}
		var x Tensors
		if err := z.Tensorize(e, &g, &x); err != nil {
			t.Fatal(err)
		}
		if err := samePlain(&z, &g, &x); err != nil {
			t.Errorf("gap %v: %v", c.gap, err)
		}
		there := func(channel int) (n int) {
			for _, m := range x.Mask[channel*x.Steps : (channel+1)*x.Steps] {
				n += count(m)
			}
			return n
		}
		if a, b := there(from+5), there(from+6); a != c.pages4k || b != c.pages2m {
			t.Errorf("gap %v: %d and %d points are there, want %d and %d", c.gap, a, b, c.pages4k, c.pages2m)
		}
	}
}

// TestCuresOnEpisodes compares made-up, messy episodes with and without each cure:
// only what the cure is about may differ, and somewhere it does.
func TestCuresOnEpisodes(t *testing.T) {
	for name, c := range map[string]struct {
		cure channel.Cures
		may  func(channel int, off, on float64) bool // differ in a series
	}{
		"retime_netflow": {channel.Cures{RetimeNetflow: true}, func(ch int, _, _ float64) bool { return channel.At(ch).Source == channel.Netflow }},
		"resets_missing": {channel.Cures{ResetsMissing: true}, func(ch int, off, on float64) bool {
			return channel.At(ch).Kind == channel.Counter && off < 0 && math.IsNaN(on)
		}},
		"absent_lists_missing": {channel.Cures{AbsentListsMissing: true}, func(ch int, off, on float64) bool {
			return channel.At(ch).Form == channel.Length && off == 0 && math.IsNaN(on)
		}},
	} {
		differ := 0
		messy(t, func(e *episode.Episode) {
			var off Set
			on := Set{Cures: c.cure}
			off.Load(e)
			on.Load(e)
			for ch := range channel.Count {
				a, b := off.Series(ch), on.Series(ch)
				for i := range a.V {
					if episodetest.Same(a.V[i], b.V[i]) && episodetest.Same(a.T[i], b.T[i]) {
						continue
					}
					if differ++; !c.may(ch, a.V[i], b.V[i]) {
						t.Fatalf("%s: %s/%s, %s: %v at %v becomes %v at %v", name, e.Host, e.ID, channel.At(ch).Name, a.V[i], a.T[i], b.V[i], b.T[i])
					}
				}
			}
		})
		if differ == 0 && name != "absent_lists_missing" { // no such episode is bundled
			t.Errorf("%s changes nothing", name)
		}
	}
}

// TestSpreadsAndGapsOnEpisodes does the same for the cures of what is made from
// the series.
func TestSpreadsAndGapsOnEpisodes(t *testing.T) {
	spreads, gaps := 0, 0
	messy(t, func(e *episode.Episode) {
		var off Set
		off.Load(e)
		on := Set{Cures: channel.Cures{ExactConstants: true, MaxGap: 2}}
		on.Load(e)
		var z, exact Summarizer
		z = Summarizer{Window: 10, Stride: 5, MaxWindows: 1000}
		exact = z
		a, _ := z.Summarize(e, &off)
		b, err := exact.Summarize(e, &on)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.X {
			if episodetest.Same(float64(a.X[i]), float64(b.X[i])) {
				continue
			}
			if spreads++; channel.Stats()[i%channel.NumStats] != "std" || b.X[i] != 0 || a.X[i+1] != a.X[i+2] {
				t.Errorf("%s/%s: %s changes from %v to %v", e.Host, e.ID, channel.FeatureNames()[i%channel.NumFeatures], a.X[i], b.X[i])
			}
		}
		var x, y Tensors
		zt := aTensorizer()
		if err := zt.Tensorize(e, &off, &x); err != nil {
			t.Fatal(err)
		}
		if err := zt.Tensorize(e, &on, &y); err != nil {
			t.Fatal(err)
		}
		if err := samePlain(zt, &on, &y); err != nil {
			t.Error(err)
		}
		for i := range x.X {
			if y.Mask[i] && (!x.Mask[i] || x.X[i] != y.X[i]) || !y.Mask[i] && y.X[i] != 0 {
				t.Fatalf("%s/%s: %s changes from %v to %v", e.Host, e.ID, cell(i, x.Steps), x.X[i], y.X[i])
			}
			gaps += count(x.Mask[i] && !y.Mask[i])
		}
	})
	if spreads == 0 || gaps == 0 {
		t.Errorf("%d spreads and %d gaps are cured", spreads, gaps)
	}
}

// messy calls f with each of the made-up episodes that has labels.
func messy(t *testing.T, f func(*episode.Episode)) {
	t.Helper()
	r := newReader(t, episode.DefaultLimits())
	files, err := filepath.Glob("testdata/golden/*/*" + episode.Suffix)
	if err != nil || len(files) == 0 {
		t.Fatalf("no episodes (%v)", err)
	}
	for _, file := range files {
		host, id := episode.SplitName(filepath.ToSlash(file))
		e, err := r.Read(os.DirFS("testdata/golden"), host+"/"+id+episode.Suffix)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Labels.Rows) > 0 {
			f(e)
		}
	}
}
