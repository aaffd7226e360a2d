package synth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/engine/step"
	"assay/steps/kit/episode"
)

// store runs the kind and returns its files by name.
func store(t testing.TB, cores int, change func(*Params)) map[string][]byte {
	t.Helper()
	p := Kind().Params().(*Params)
	p.Episodes, p.Duration = 24, step.Duration(20*time.Second)
	change(p)
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ctx := step.WithCores(t.Context(), cores)
	if err := Kind().Run(ctx, p, nil, step.Outputs{"episodes": root}); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[name], err = fs.ReadFile(root.FS(), name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// digest is over names and contents.
func digest(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func messy(p *Params) { p.Messy = 0.5 }

// TestBytes holds what the kind makes to what it made when its version was last
// raised, on any machine.
func TestBytes(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Params)
		want   string
	}{
		{"clean", func(*Params) {}, "390f2523b90d0685"},
		{"messy", messy, "c8acd27750f868e1"},
		{"seed", func(p *Params) { p.Seed = 8 }, "87214db038676fde"},
	} {
		if got := digest(store(t, 1, c.change)); got != c.want {
			t.Errorf("%s: the store is %s, was %s; if it is to be another one, raise the kind's version", c.name, got, c.want)
		}
	}
}

// TestWorkersAndParts: neither shows in the bytes.
func TestWorkersAndParts(t *testing.T) {
	want := store(t, 1, messy)
	if got := digest(store(t, 3, messy)); got != digest(want) {
		t.Errorf("three workers make %s, one makes %s", got, digest(want))
	}
	all := map[string][]byte{}
	for part := range 5 {
		for name, b := range store(t, 2, func(p *Params) { messy(p); p.Part, p.Parts = part, 5 }) {
			if all[name] != nil {
				t.Errorf("%s is in two parts", name)
			}
			all[name] = b
		}
	}
	if digest(all) != digest(want) {
		t.Error("the parts together are not the whole")
	}
}

// TestStore: what is in a store, and that a checksum is right unless it is to be
// wrong.
func TestStore(t *testing.T) {
	files := store(t, 1, func(p *Params) { p.Hosts = 5 })
	if len(files) != 2*24 {
		t.Errorf("%d files", len(files))
	}
	hosts := map[string]bool{}
	for name, b := range files {
		host, _, _ := strings.Cut(name, "/")
		hosts[host] = true
		if sidecar, ok := files[name+".sha256"]; ok {
			if want := fmt.Sprintf("%x  %s\n", sha256.Sum256(b), name[len(host)+1:]); string(sidecar) != want {
				t.Errorf("%s: checksum %q, want %q", name, sidecar, want)
			}
		}
	}
	if len(hosts) != 5 {
		t.Errorf("%d hosts", len(hosts))
	}
}

// TestPlan: over many episodes, every host has every profile equally often and
// no two episodes of it at one time, and boots are of several episodes.
func TestPlan(t *testing.T) {
	p := Defaults()
	p.Episodes, p.Hosts = 4200, 6
	type key struct{ host, profile string }
	count := map[key]int{}
	samples, phases := map[string]bool{}, map[string]bool{}
	end, up, boots := map[string]int64{}, map[string]float64{}, map[string]int{}
	for n := range p.Episodes {
		e := newPlan(p, n)
		host := e.host.name
		count[key{host, e.profile}]++
		samples[e.profile+"/"+e.sample.name] = true
		for _, ph := range e.schedule {
			phases[ph.name] = true
		}
		if e.startNs < end[host] {
			t.Fatalf("%s of %s starts %d ns before the one before it ends", e.id, host, end[host]-e.startNs)
		}
		end[host] = e.startNs + int64(e.length*1e9)
		if e.uptime < up[host] {
			boots[host]++
		}
		up[host] = e.uptime
		if e.length < 0.5*50 || e.length > 2.2*50 {
			t.Errorf("%s lasts %v s", e.id, e.length)
		}
	}
	for k, n := range count {
		if n != 100 {
			t.Errorf("%v %d times, want 100", k, n)
		}
	}
	if len(count) != 6*7 || len(phases) != 6 || len(samples) != 6*3+5 {
		t.Errorf("%d hosts with profiles, %d phases, %d samples", len(count), len(phases), len(samples))
	}
	for host, n := range boots {
		if n != 700/bootSize {
			t.Errorf("%s booted %d times", host, n)
		}
	}
}

// TestCounts: the drawn numbers have the mean and about the variance of a
// Poisson number, and the noise is of variance 1.
func TestCounts(t *testing.T) {
	r := newRandom("test")
	const n = 200_000
	moments := func(draw func() float64) (mean, variance float64) {
		var sum, squares float64
		for range n {
			x := draw()
			sum += x
			squares += x * x
		}
		mean = sum / n
		return mean, squares/n - mean*mean
	}
	if mean, variance := moments(r.noise); math.Abs(mean) > 0.02 || math.Abs(variance-1) > 0.02 {
		t.Errorf("noise: mean %v, variance %v", mean, variance)
	}
	for _, want := range []float64{0.01, 0.3, 4, 25, 300} {
		mean, variance := moments(func() float64 { return float64(r.count(want)) })
		if math.Abs(mean-want) > 0.05*want+0.001 || variance > 1.2*want+0.2 || variance < 0.5*want {
			t.Errorf("count of %v: mean %v, variance %v", want, mean, variance)
		}
	}
	if r.count(0) != 0 || r.count(-1) != 0 {
		t.Error("something of nothing")
	}
}

// TestTraits lets each thing go wrong alone, and reads the result: what cannot be
// read is only what was cut.
func TestTraits(t *testing.T) {
	reader, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	p := Defaults()
	clean := packed(t, p, func(*wreck) {})
	for _, tr := range traits() {
		file := packed(t, p, tr.do)
		if bytes.Equal(file, clean) != (tr.name == "sidecar_missing" || tr.name == "sidecar_mismatch") {
			t.Errorf("%s: equal to the clean file: %v", tr.name, bytes.Equal(file, clean))
		}
		dir := t.TempDir()
		if err := os.MkdirAll(dir+"/h", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/h/e.tar.zst", file, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := reader.Read(os.DirFS(dir), "h/e.tar.zst")
		var broken *episode.BrokenError
		if (tr.name == "cut") != errors.As(err, &broken) {
			t.Errorf("%s: %v", tr.name, err)
		}
	}
}

// packed records episode 3 and spoils it with one trait.
func packed(t *testing.T, p Params, do func(*wreck)) []byte {
	t.Helper()
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	w := r.play(newPlan(p, 3))
	do(w)
	file, _, err := r.pack(w)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(file)
}

func TestCheck(t *testing.T) {
	p := Params{Part: 3}
	err := p.Check()
	if err == nil {
		t.Fatal("nonsense is accepted")
	}
	for _, want := range []string{"episodes is 0", "hosts is 0", "duration is 0s", "parts is 0", "part is 3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := run(ctx, Defaults(), In{}, Out{root}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func BenchmarkEpisode(b *testing.B) {
	r, err := newRecorder()
	if err != nil {
		b.Fatal(err)
	}
	p := Defaults()
	n, bytes := 0, 0
	for b.Loop() {
		file, _, err := r.record(newPlan(p, n))
		if err != nil {
			b.Fatal(err)
		}
		n++
		bytes += len(file)
	}
	b.ReportMetric(float64(bytes)/float64(n), "B/episode")
}
