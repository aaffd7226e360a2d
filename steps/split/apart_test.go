package split

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"assay/steps/kit/table"
)

// TestForms reads every form that the documentation of Hold shows.
func TestForms(t *testing.T) {
	for hold, want := range map[string]string{
		`{"by": "host", "test": ["lab-d4"]}`:                           "host [lab-d4] [] 0",
		`{"hosts": ["lab-d4"]}`:                                        "host [lab-d4] [] 0",
		`{"by": "sample", "test": ["beac-a"]}`:                         "sample [] [beac-a] 0",
		`{"samples": ["beac-a"]}`:                                      "sample [] [beac-a] 0",
		`{"by": "time", "last": "25%"}`:                                "time [] [] 0.25",
		`{"last": "25%"}`:                                              "time [] [] 0.25",
		`{"by": "time"}`:                                               "time [] [] 0.2",
		`{"by": "sample"}`:                                             "sample [] [] 0",
		`{"by": "host", "part": "25%"}`:                                "host [] [] 0",
		`{"by": "boot", "part": "20%"}`:                                "boot [] [] 0",
		`{"samples": ["beac-a"], "hosts": ["lab-d4", "lab-b2"]}`:       "host+sample [lab-d4 lab-b2] [beac-a] 0",
		`{"by": "time+host+sample", "part": "25%", "last": "30%"}`:     "host+sample+time [] [] 0.3",
		`{"hosts": ["lab-d4"], "last": "30%"}`:                         "host+time [lab-d4] [] 0.3",
		`{"by": "host+sample", "hosts": ["lab-d4"], "per_profile": 2}`: "host+sample [lab-d4] [] 0",
	} {
		p := Kind().Params().(*Params)
		if err := json.Unmarshal([]byte(`{"hold":`+hold+`}`), p); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", hold, err)
			continue
		}
		f := p.Hold.form()
		last := f.last
		if !f.has(ByTime) {
			last = 0
		}
		if got := fmt.Sprintf("%s %v %v %v", f, f.hosts, f.samples, last); got != want {
			t.Errorf("%s is %s, want %s", hold, got, want)
		}
	}
}

// TestTogether says for two hosts, two samples and an instant what becomes of
// each kind of episode.
func TestTogether(t *testing.T) {
	const before, after = 10, 20
	var index []table.Episode
	for _, host := range []string{"new", "old"} {
		for _, sample := range []string{"p/new", "p/old"} {
			for _, at := range []float64{before, after} {
				when := map[float64]string{before: "before", after: "after"}[at]
				index = append(index, ep(host, host+sample[1:]+"/"+when, sample, at, 1))
			}
		}
	}
	for i := range index { // a boot each, so that none straddles the cut
		index[i].Uptime = float64(9 - i)
	}
	for _, c := range []struct {
		hold Hold
		want map[string]string
	}{
		{Hold{Hosts: []string{"new"}, Samples: []string{"new"}}, map[string]string{
			"new/new/before": "test", "new/new/after": "test", "old/old/before": "train", "old/old/after": "train",
			"new/old/before": "held out by host but not by sample", "new/old/after": "held out by host but not by sample",
			"old/new/before": "held out by sample but not by host", "old/new/after": "held out by sample but not by host",
		}},
		{Hold{Hosts: []string{"new"}, Samples: []string{"new"}, Last: 0.5}, map[string]string{
			"new/new/after": "test", "old/old/before": "train",
			"new/new/before": "held out by host and sample but not by time",
			"new/old/after":  "held out by host and time but not by sample",
			"new/old/before": "held out by host but not by sample and time",
			"old/new/after":  "held out by sample and time but not by host",
			"old/new/before": "held out by sample but not by host and time",
			"old/old/after":  "held out by time but not by host and sample",
		}},
	} {
		a, _, err := Split(index, nil, Params{Hold: c.hold})
		if err != nil {
			t.Fatal(err)
		}
		for episode, got := range partOf(a) {
			if got != c.want[episode] {
				t.Errorf("%+v: %s: %s, want %s", c.hold, episode, got, c.want[episode])
			}
		}
	}
}

// TestBoth is what one line of a recipe asks for: two hosts and a sample.
func TestBoth(t *testing.T) {
	a, _, err := Split(crossed(), nil, Params{Hold: Hold{Hosts: []string{"a", "b"}, Samples: []string{"q/x"}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := a.Info.Episodes; n[table.Test] != 2 || n[table.Train] != 4*5 || n[table.Excluded] != 2*5+4 {
		t.Errorf("parts are of %v episodes", n)
	}
	if got := fmt.Sprint(a.Info.By, a.Info.Test, a.Info.Held); got != "host+sample[a b q/x] [{host [a b]} {sample [q/x]}]" {
		t.Error(got)
	}
}

// many is an index of hosts, profiles of several samples, and boots.
func many(hosts int) []table.Episode {
	var index []table.Episode
	for h := range hosts {
		host := fmt.Sprintf("h%02d", h)
		for i := range 60 {
			e := ep(host, fmt.Sprintf("e%02d", i), fmt.Sprintf("p%d/s%d", i%3, i%5), float64(100*i+h+1), float64(i%6))
			e.Duration = 50
			index = append(index, e)
		}
	}
	return index
}

// TestChoiceIsStable: what comes new changes little of what was chosen, and
// other seeds choose otherwise.
func TestChoiceIsStable(t *testing.T) {
	for _, by := range []string{ByHost, BySample, ByBoot, "host+sample"} {
		p := Params{Hold: Hold{By: by, Part: 0.3}, Boots: 0.3, Seed: 5}
		chosen := func(index []table.Episode) []string {
			t.Helper()
			a, _, err := Split(index, nil, p)
			if err != nil {
				t.Fatal(err)
			}
			return a.Info.Test
		}
		index := many(10)
		first := chosen(index)
		again := append(slices.Clone(index), ep("h03", "new", "p0/s0", 5959, 9))
		if by != ByBoot { // there an episode more may tip the balance of a profile
			if got := chosen(again); !slices.Equal(got, first) {
				t.Errorf("by %s: a new episode makes %v of %v", by, got, first)
			}
		}
		more := chosen(many(11))
		lost := 0
		for _, name := range first {
			if !slices.Contains(more, name) {
				lost++
			}
		}
		if lost > 1+len(first)/4 {
			t.Errorf("by %s: a new host makes %v of %v", by, more, first)
		}
		seeds := map[string]bool{}
		for p.Seed = range 10 {
			seeds[fmt.Sprint(chosen(index))] = true
		}
		if len(seeds) < 5 {
			t.Errorf("by %s: ten seeds choose %d times differently only", by, len(seeds))
		}
	}
}

// TestParts: the part that was asked for is what is held out.
func TestParts(t *testing.T) {
	index := many(10)
	for by, want := range map[string]int{ByHost: 3, BySample: 3 * 2, ByBoot: 30} {
		a, _, err := Split(index, nil, Params{Hold: Hold{By: by, Part: 0.3}, Boots: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(a.Info.Test); n != want {
			t.Errorf("by %s: %d held out, want %d", by, n, want)
		}
	}
	// A profile that one host alone has keeps that host in training.
	index = append(index, ep("h04", "only", "rare/s", 1, 1))
	for seed := range uint64(20) {
		a, _, err := Split(index, nil, Params{Hold: Hold{By: ByHost, Part: 0.5}, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(a.Info.Test, "h04") || len(a.Info.Test) != 5 {
			t.Errorf("seed %d holds out %v", seed, a.Info.Test)
		}
	}
}

// TestNestedValidation holds validation out as the test part is.
func TestNestedValidation(t *testing.T) {
	for by, want := range map[string]string{
		ByHost: "[{host [h04 h09]}]", BySample: "sample", ByTime: "time", "host+sample": "host",
	} {
		p := Params{Hold: Hold{By: by, Part: 0.3, Last: 0}, Boots: 0.3, Validation: 0.25, ValidationBy: ValidationHold, Seed: 1}
		if by == ByTime {
			p.Hold.Part = 0
		}
		a, _, err := Split(many(10), nil, p)
		if err != nil {
			t.Fatal(err)
		}
		if a.Info.Episodes[table.Validation] == 0 || len(a.Info.Validation) != len(a.Info.Held) {
			t.Errorf("by %s: %v, held out %v", by, a.Info.Episodes, a.Info.Validation)
		}
		for _, profile := range []string{"p0", "p1", "p2"} {
			if a.Info.Profiles[table.Validation][profile] == 0 {
				t.Errorf("by %s: no episode of %s is in validation", by, profile)
			}
		}
		if by == ByHost {
			want = fmt.Sprint(a.Info.Validation)
			for _, r := range a.Rows {
				if in := slices.Contains(a.Info.Validation[0].Names, r.Host); in != (r.Part == table.Validation) {
					t.Fatalf("%v is %s, but validation is %s", r.Key, r.Part, want)
				}
			}
		} else if a.Info.Validation[0].By != want {
			t.Errorf("by %s: validation is held out by %s", by, a.Info.Validation[0].By)
		}
	}
	_, _, err := Split(many(2), nil, Params{Hold: Hold{Hosts: []string{"h00"}}, Validation: 0.2, ValidationBy: ValidationHold})
	if err == nil || err.Error() != "validation by hold, among what the test part leaves: hold: by host needs at least two hosts: one to hold out, the others to train on; or write validation_by: boot" {
		t.Errorf("one host is left: %v", err)
	}
}
