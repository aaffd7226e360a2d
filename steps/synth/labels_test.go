package synth

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/engine/step"
	"assay/steps/kit/channel"
)

// TestLabels: labels, schedule and meta.json of an episode tell one story.
func TestLabels(t *testing.T) {
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	p := Defaults()
	p.Duration = minDuration
	for n := range 120 {
		e := newPlan(p, n)
		w := r.play(e)
		var phases []string
		for i, l := range w.labels {
			phases = append(phases, l.Phase)
			if l.Wall-l.Mono != e.startNs {
				t.Errorf("%s, label %d: the wall clock is off by %d ns", e.id, i, l.Wall-l.Mono-e.startNs)
			}
			if i == 0 && (l.Mono != 0 || l.Prev != nil || l.Phase != channel.Clean || l.Reason != "episode_start") {
				t.Errorf("%s begins with %+v", e.id, l)
			}
			if i > 0 && (l.Prev == nil || *l.Prev != phases[i-1] || l.Mono <= w.labels[i-1].Mono) {
				t.Errorf("%s, label %d: %+v after %s", e.id, i, l, phases[i-1])
			}
			if failure := strings.HasSuffix(l.Reason, "_failed") || l.Reason == "workload_exited"; failure != (l.Phase == channel.Failed) {
				t.Errorf("%s, label %d: phase %s because of %s", e.id, i, l.Phase, l.Reason)
			}
		}
		if !slices.Equal(w.meta.Result.Phases, phases) || len(w.meta.Schedule) != len(phases) {
			t.Errorf("%s: labels have %q, meta.json %q and %v", e.id, phases, w.meta.Result.Phases, w.meta.Schedule)
		}
		if last := w.labels[len(w.labels)-1]; float64(last.Mono)/1e9 >= w.meta.Result.Duration {
			t.Errorf("%s: a label at %d ns of %v s", e.id, last.Mono, w.meta.Result.Duration)
		}
		if e.control != (len(phases) == 1) || e.control != (w.meta.Sample.SHA256 == nil) {
			t.Errorf("%s of profile %s has the phases %q and the sample %+v", e.id, e.profile, phases, w.meta.Sample)
		}
	}
}

// TestRowsAreCounted: meta.json counts the rows of each source, and every one is JSON
// with clocks that do not go back.
func TestRowsAreCounted(t *testing.T) {
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		w := r.play(newPlan(Defaults(), n))
		m := w.meta.Result
		want := []int{m.Proc, m.Guest, m.QMP, m.Netflow}
		slices.Sort(want)
		var got []int
		for s, table := range w.tables {
			rows := bytes.SplitAfter(bytes.TrimSuffix(table, []byte("\n")), []byte("\n"))
			got = append(got, len(rows))
			before := int64(-1)
			for i, row := range rows {
				var c struct {
					Mono int64 `json:"t_mono_ns"`
					Wall int64 `json:"t_wall_ns"`
				}
				if err := json.Unmarshal(row, &c); err != nil || c.Mono < before || c.Wall <= 0 {
					t.Fatalf("episode %d, source %d, row %d: %v, %+v after %d", n, s, i, err, c, before)
				}
				before = c.Mono
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("episode %d: %v rows, meta.json counts %v", n, got, want)
		}
		if rate := float64(m.Proc) / m.Duration; rate < 9.5 || rate > 10.5 {
			t.Errorf("episode %d: %.2f rows of proc per second", n, rate)
		}
	}
}

// load plays an episode and returns, by phase, the mean of a counter per second.
func load(e *plan, counter func(*vm) int64) map[string]float64 {
	v := newVM(e)
	sum, ticks := map[string]float64{}, map[string]float64{}
	for i := range int(e.length / tick) {
		before := counter(v)
		v.step(i)
		name := e.schedule[v.phase].name
		sum[name] += float64(counter(v) - before)
		ticks[name]++
	}
	for name := range sum {
		sum[name] /= ticks[name] * tick
	}
	return sum
}

// TestPhasesShow: what a sample does is seen in the phase that its label names, and only
// there. Hosts differ, so this is about the mean of many episodes.
func TestPhasesShow(t *testing.T) {
	for _, c := range []struct {
		profile, what string
		counter       func(*vm) int64
		phase, than   string
		times         float64
	}{
		{"cpu-saturate", "user jiffies", func(v *vm) int64 { return v.cpu[0] }, channel.Running, channel.Clean, 4},
		{"io-walk", "operations of the disk", func(v *vm) int64 { return v.disk[0] + v.disk[2] }, channel.Running, channel.Clean, 4},
		{"scan-and-dial", "packets", func(v *vm) int64 { return v.net[2] }, channel.Running, channel.Clean, 2},
		{"scan-and-dial", "bytes received", func(v *vm) int64 { return v.net[1] }, channel.Infecting, channel.Armed, 10},
		{"low-and-slow", "bytes received", func(v *vm) int64 { return v.net[1] }, channel.Infecting, channel.Running, 10},
	} {
		p := Defaults()
		var in, than, episodes float64
		for n := range 420 {
			e := newPlan(p, n)
			if e.profile != c.profile {
				continue
			}
			mean := load(e, c.counter)
			if mean[c.phase] == 0 || mean[c.than] == 0 {
				continue // it failed before, or is too quiet to compare
			}
			in, than, episodes = in+mean[c.phase], than+mean[c.than], episodes+1
		}
		if episodes < 20 || in < c.times*than {
			t.Errorf("%s: %s per second are %.1f in %s and %.1f in %s, in %v episodes; want %v times as many",
				c.profile, c.what, in/episodes, c.phase, than/episodes, c.than, episodes, c.times)
		}
	}
}

// TestCountersNeverFall: only a trait makes a counter fall.
func TestCountersNeverFall(t *testing.T) {
	for n := range 40 {
		e := newPlan(Defaults(), n)
		v := newVM(e)
		for i := range int(e.length / tick) {
			before := *v
			v.step(i)
			for name, pair := range map[string][2][]int64{
				"cpu": {before.cpu[:], v.cpu[:]}, "host": {before.host[:], v.host[:]}, "ctx": {before.ctx[:], v.ctx[:]},
				"faults": {before.faults[:], v.faults[:]}, "disk": {before.disk[:], v.disk[:]},
				"io": {before.io[:], v.io[:]}, "net": {before.net[:], v.net[:]}, "idle": {{before.idle}, {v.idle}},
			} {
				for k := range pair[0] {
					if pair[1][k] < pair[0][k] {
						t.Fatalf("episode %d, tick %d: %s %d falls from %d to %d", n, i, name, k, pair[0][k], pair[1][k])
					}
				}
			}
			if a := v.available(); a <= 0 || a > e.host.memory || a%4096 != 0 {
				t.Fatalf("episode %d, tick %d: %d bytes are available of %d", n, i, a, e.host.memory)
			}
		}
	}
}

// TestBounds: each parameter at its bounds, and one beyond.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		change func(*Params)
		want   string
	}{
		{func(p *Params) { p.Episodes = 1 }, ""},
		{func(p *Params) { p.Episodes = maxEpisodes }, ""},
		{func(p *Params) { p.Episodes = maxEpisodes + 1 }, "episodes is "},
		{func(p *Params) { p.Episodes = -1 }, "episodes is -1, want 1 to "},
		{func(p *Params) { p.Hosts = 1 }, ""},
		{func(p *Params) { p.Hosts = maxHosts }, ""},
		{func(p *Params) { p.Hosts = maxHosts + 1 }, "hosts is "},
		{func(p *Params) { p.Duration = minDuration }, ""},
		{func(p *Params) { p.Duration = maxDuration }, ""},
		{func(p *Params) { p.Duration = minDuration - 1 }, "duration is 19.999999999s, want 20s to "},
		{func(p *Params) { p.Duration = maxDuration + step.Duration(time.Second) }, "duration is "},
		{func(p *Params) { p.Parts, p.Part = p.Episodes, p.Episodes-1 }, ""},
		{func(p *Params) { p.Parts = p.Episodes + 1 }, "parts is 169, want 1 to the number of episodes"},
		{func(p *Params) { p.Parts, p.Part = 4, 4 }, "part is 4; with parts 4 it is 0 to 3"},
		{func(p *Params) { p.Part = -1 }, "part is -1"},
	} {
		p := Defaults()
		c.change(&p)
		err := p.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", p, err, c.want)
		}
	}
}

// TestDraws: an episode and a host depend on seed, number and the hosts there are, and
// on nothing that only says how large the store is.
func TestDraws(t *testing.T) {
	p := Defaults()
	larger := p
	larger.Episodes, larger.Parts, larger.Part, larger.Messy = 5000, 7, 3, 0.5
	other := p
	other.Seed++
	for n := range 60 {
		want, got := newPlan(p, n), newPlan(larger, n)
		got.messy, got.rng, want.rng = want.messy, random{}, random{}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("episode %d differs in a larger store:\n%+v\n%+v", n, got, want)
		}
		if e := newPlan(other, n); e.length == want.length || e.startNs == want.startNs {
			t.Errorf("episode %d is the same with another seed", n)
		}
	}
	if a, b := newHost(p, 3), newHost(larger, 3); !reflect.DeepEqual(a, b) {
		t.Errorf("a host differs in a larger store: %+v, %+v", a, b)
	}
}

// TestRandom: the bounds of what is drawn.
func TestRandom(t *testing.T) {
	r := newRandom("bounds")
	seen := map[int]bool{}
	for range 2000 {
		seen[r.below(7)] = true
		if x := r.between(-2, 3); x < -2 || x > 3 {
			t.Fatalf("%v is not between -2 and 3", x)
		}
		if x := r.noise(); x < -3.5 || x > 3.5 {
			t.Fatalf("noise of %v", x)
		}
		if r.chance(0) || !r.chance(1) {
			t.Fatal("the impossible happens, or the certain does not")
		}
	}
	if len(seen) != 7 || seen[7] || seen[-1] {
		t.Errorf("below 7: %v", seen)
	}
	for _, n := range []int{0, 1, 2, 9} {
		list := shuffled(r, n)
		if slices.Sort(list); len(list) != n || n > 0 && (list[0] != 0 || list[n-1] != n-1) || len(slices.Compact(list)) != n {
			t.Errorf("shuffled %d: %v", n, list)
		}
	}
	a, b := newRandom("x %d", 1), newRandom("x %d", 2)
	if a.unit() == b.unit() {
		t.Error("two names give one sequence")
	}
	for i, want := range map[int]int{0: 0, 1: 1, 4: 4, 5: 3, 8: 0, 9: 1} {
		if got := swing(i, 4); got != want {
			t.Errorf("swing(%d, 4) is %d, want %d", i, got, want)
		}
	}
}
