package split

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/table"
)

func TestSameContent(t *testing.T) {
	index := crossed()
	for i := range index {
		if s := index[i].SampleName; s != "z" { // a control has none
			index[i].SampleSHA = sha(s)
		}
	}
	a, warnings, err := Split(index, nil, Params{Hold: Hold{Hosts: []string{"c"}}})
	if err != nil {
		t.Fatal(err)
	}
	c := a.Info.Leaks.SameContent
	if c.Shared != 3 || c.Tested != 3 || c.Episodes != 5 || len(c.List) != 3 {
		t.Errorf("%+v", c)
	}
	if got := fmt.Sprint(c.List); !strings.Contains(got, fmt.Sprintf("{%s [p/x q/x] map[test:2 train:10]}", sha("x"))) {
		t.Error(got)
	}
	if len(warnings) != 2 || !strings.Contains(warnings[0], "2 sample contents are recorded under two profiles") ||
		!strings.Contains(warnings[1], "3 of 3 tested sample contents also occur in training (5 test episodes)") {
		t.Errorf("warnings %q", warnings)
	}
	for i := range index {
		index[i].SampleSHA = sha(index[i].Profile + index[i].SampleName)
	}
	a, _, err = Split(index, nil, Params{Hold: Hold{Samples: []string{"q/x"}}, Boots: 0.3})
	if err != nil || a.Info.Leaks.SameContent.Shared != 0 || a.Info.Leaks.SameContent.Tested != 1 {
		t.Errorf("by sample: %+v, %v", a.Info.Leaks.SameContent, err)
	}
}

// TestSameTime compares with every pair, on random times.
func TestSameTime(t *testing.T) {
	met := 0
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 3))
		d := &data{}
		var rows []table.AssignmentRow
		for i := range 60 {
			e := ep(fmt.Sprintf("h%d", i/20), fmt.Sprintf("e%02d", i), "p/s", float64(1+rng.IntN(900)), 1)
			e.Duration = float64(1 + rng.IntN(30))
			switch rng.IntN(20) {
			case 0:
				e.Duration = 0
			case 1:
				e.StartNs = 0
			case 2:
				e.Duration = math.NaN()
			}
			d.eps = append(d.eps, e)
			rows = append(rows, table.AssignmentRow{Key: e.Key, Part: table.Parts()[rng.IntN(4)]})
		}
		var own, any int
		for i := range rows {
			x, ok := d.span(i)
			onOwn, onAny := false, false
			for j := range rows {
				y, known := d.span(j)
				if ok && known && rows[i].Part == table.Test && (rows[j].Part == table.Train || rows[j].Part == table.Validation) && x.from < y.to && y.from < x.to {
					onAny = true
					onOwn = onOwn || rows[i].Host == rows[j].Host
				}
			}
			if onOwn {
				own++
			}
			if onAny {
				any++
			}
		}
		got := d.sameTime(rows)
		met += own
		if got.SameHost != own || got.AnyHost != any || len(got.List) != own {
			t.Errorf("seed %d: %+v, want %d and %d", seed, got, own, any)
		}
		for _, p := range got.List {
			if p.Part != table.Test || p.OfPart == table.Test || p.Episode[:3] != p.Of[:3] {
				t.Errorf("seed %d: %+v", seed, p)
			}
		}
	}
	if met < 50 {
		t.Errorf("only %d met", met)
	}
}

// vectorsOf makes vectors for an index: noise, and of every tenth episode a copy
// of the one some places before it, a little off.
func vectorsOf(index []table.Episode, features int, seed uint64) *table.Vectors {
	rng := rand.New(rand.NewPCG(seed, 1))
	v := &table.Vectors{FeatureMatrix: table.FeatureMatrix{SchemaHash: "h"}}
	for f := range features {
		v.Features = append(v.Features, fmt.Sprint("f", f))
	}
	for i, e := range index {
		v.Episodes = append(v.Episodes, table.EpisodeRef{Key: e.Key})
		for f := range features {
			x := float32(rng.NormFloat64() * float64(1+f))
			switch {
			case i%10 == 9 && f%12 != 0:
				x = v.X[(i-1-i/2)*features+f]
				if x == x {
					x += float32(0.004 * float64(1+f) * (rng.Float64() - 0.5))
				}
			case f%5 == 4 && rng.IntN(3) == 0:
				x = float32(math.NaN())
			case f%7 == 3:
				x = 1 // no spread
			}
			v.X = append(v.X, x)
		}
	}
	return v
}

// TestNearDuplicates compares with every pair.
func TestNearDuplicates(t *testing.T) {
	index := many(6)
	v := vectorsOf(index, 60, 1)
	a, warnings, err := Split(index, v, Params{Hold: Hold{Hosts: []string{"h02", "h05"}}, Validation: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	got := a.Info.Leaks.NearDuplicates
	n := newNeighbours(a.Rows, v)
	want := map[table.Part]int{}
	for i := range n.row {
		for j := range n.row {
			if n.order[j] < n.order[i] && n.differ(i, j) <= n.most {
				want[a.Rows[n.row[i]].Part]++
				break
			}
		}
	}
	if got.Test != want[table.Test] || got.Validation != want[table.Validation] || got.Test < 5 || got.Validation < 1 {
		t.Errorf("%d of test and %d of validation, want %v", got.Test, got.Validation, want)
	}
	if got.Features != 60-9 || got.Unknown != 0 || len(got.List) != got.Test+got.Validation {
		t.Errorf("%+v", got)
	}
	if w := warnings[len(warnings)-1]; !strings.Contains(w, "near-duplicates of earlier parts'") {
		t.Errorf("warnings %q", warnings)
	}
	for _, p := range got.List {
		if p.Distance > nearPart || order(p.OfPart) >= order(p.Part) {
			t.Errorf("%+v", p)
		}
	}
	half := &table.Vectors{Episodes: v.Episodes[:180],
		FeatureMatrix: table.FeatureMatrix{Features: v.Features, X: v.X[:180*60]}}
	if u := nearDuplicates(a.Rows, half).Unknown; u != 180 {
		t.Errorf("%d without a vector, want 180", u)
	}
	if none := nearDuplicates(a.Rows, &table.Vectors{}); none.Test != 0 || none.Unknown != 360 {
		t.Errorf("without vectors: %+v", none)
	}
}

func TestCounts(t *testing.T) {
	index := []table.Episode{ep("a", "1", "q/s", 1, 1), ep("a", "2", "p/s", 2, 2), ep("a", "3", "p/s", 3, 3), ep("b", "1", "p/s", 1, 1)}
	for i := range index {
		index[i].Duration, index[i].Phases = 12.25, []string{"clean", "armed"}
	}
	index[2].Phases = []string{"infecting", "unheard of", "clean"}
	a, _, err := Split(index, nil, Params{Hold: Hold{Hosts: []string{"b"}}})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(index)
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := write(root, a, index); err != nil {
		t.Fatal(err)
	}
	got, err := root.ReadFile(CountsFile)
	if err != nil {
		t.Fatal(err)
	}
	const want = `part,profile,phase,episodes,seconds
train,p,any,2,24.5
train,p,clean,2,
train,p,armed,1,
train,p,infecting,1,
train,q,any,1,12.2
train,q,clean,1,
train,q,armed,1,
test,p,any,1,12.2
test,p,clean,1,
test,p,armed,1,
`
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
}

// BenchmarkSplit is a corpus of 76,660 episodes with vectors.
func BenchmarkSplit(b *testing.B) {
	var index []table.Episode
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 76660 {
		e := ep(fmt.Sprintf("h%02d", i%40), fmt.Sprintf("e%05d", i), fmt.Sprintf("p%d/s%d", rng.IntN(7), rng.IntN(4)), float64(1+i/40*55), float64(i/40%9))
		e.Duration = 50
		index = append(index, e)
	}
	for _, hold := range []Hold{{By: ByHost, Part: 0.2}, {By: BySample, PerProfile: 1}, {By: "host+sample+time", Part: 0.25}} {
		p := Params{Hold: hold, Validation: 0.15, Boots: 0.3}
		b.Run(hold.By, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := Split(index, nil, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("vectors", func(b *testing.B) {
		slices.SortFunc(index, func(x, y table.Episode) int { return x.Compare(y.Key) })
		v := vectorsOf(index, 230, 1)
		for b.Loop() {
			if _, _, err := Split(index, v, Params{Hold: Hold{By: ByHost, Part: 0.2}, Validation: 0.15}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
