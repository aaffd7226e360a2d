package split

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/table"
)

// ep makes an accepted episode; sample is "profile/name".
func ep(host, name, sample string, startS, up float64) table.Episode {
	profile, s, _ := strings.Cut(sample, "/")
	return table.Episode{
		Key: table.Key{Host: host, Episode: name}, Status: table.Accepted,
		Profile: profile, SampleName: s, StartNs: int64(startS * 1e9), Uptime: up,
	}
}

// partOf returns the part of each episode by name, as "train".
func partOf(a *table.Assignment) map[string]string {
	parts := map[string]string{}
	for _, r := range a.Rows {
		parts[r.Episode] = string(r.Part)
		if r.Why != "" {
			parts[r.Episode] = r.Why
		}
	}
	return parts
}

func TestBoots(t *testing.T) {
	rejected := ep("a", "3", "p/s", 30, 1)
	rejected.Status = table.Rejected
	d := newData([]table.Episode{
		ep("b", "1", "p/s", 5, 1),
		ep("a", "4", "p/s", 40, 60), // out of order
		ep("a", "1", "p/s", 10, 20),
		ep("a", "2", "p/s", 20, 30),
		rejected, // has no say
		ep("a", "5", "p/s", 50, math.NaN()),
		ep("a", "6", "p/s", 60, 80),
		ep("a", "7", "p/s", 70, 10),
		ep("a", "8", "p/s", 0, 90),
	}, []table.Status{table.Accepted})
	got := map[string]string{}
	for i, e := range d.eps {
		got[e.Host+e.Episode] = d.bootNames[d.boot[i]]
	}
	for e, want := range map[string]string{
		"a8": "a/1", "a1": "a/2", "a2": "a/2", "a4": "a/2", "a5": "a/2", "a6": "a/2", "a7": "a/3", "b1": "b/1",
	} {
		if got[e] != want {
			t.Errorf("%s is of boot %s, want %s", e, got[e], want)
		}
	}
}

func TestHoldLast(t *testing.T) {
	index := []table.Episode{
		ep("a", "a1", "p/s", 10, 10), ep("a", "a2", "p/s", 20, 5), ep("a", "a3", "p/s", 40, 25),
		ep("b", "b1", "p/s", 15, 10), ep("b", "b2", "p/s", 30, 20), ep("b", "b3", "p/s", 50, 40),
		ep("c", "c1", "p/s", 5, 1), ep("c", "c2", "p/s", 0, 2),
	}
	a, _, err := Split(index, nil, Params{Hold: Hold{By: ByTime, Last: 0.3}})
	if err != nil {
		t.Fatal(err)
	}
	past := "its boot goes on past the cut"
	want := map[string]string{
		"a1": "train", "a2": past, "a3": "test", "b1": past, "b2": past, "b3": "test", "c1": "train", "c2": "its start is not known",
	}
	for e, part := range partOf(a) {
		if part != want[e] {
			t.Errorf("%s: %s, want %s", e, part, want[e])
		}
	}
	if cut := a.Info.Test; !slices.Equal(cut, []string{"1970-01-01T00:00:40Z"}) {
		t.Errorf("the cut is %v", cut)
	}
}

// crossed is two profiles of three samples, each sample in every third boot,
// and one profile of a single sample.
func crossed() []table.Episode {
	var index []table.Episode
	for b := range 6 {
		host := string(rune('a' + b))
		for i, s := range []string{"p/x", "p/y", "q/x", "q/y", "q/z", "r/only"} {
			index = append(index, ep(host, host+s, s, float64(100*b+i+1), float64(i)))
		}
	}
	return index
}

func TestHoldSamples(t *testing.T) {
	p := Params{Hold: Hold{By: BySample, Test: []string{"q/x"}}, Boots: 0.34, Seed: 3}
	a, warnings, err := Split(crossed(), nil, p)
	if err != nil {
		t.Fatal(err)
	}
	if n := a.Info.Episodes; n[table.Test] != 2 || n[table.Train] != 4*5 || n[table.Excluded] != 4+2*5 {
		t.Errorf("parts are of %v episodes", n)
	}
	if !slices.Equal(a.Info.Test, []string{"q/x"}) || !slices.Equal(a.Info.UntestedProfiles, []string{"p", "r"}) {
		t.Errorf("held out %v, untested %v", a.Info.Test, a.Info.UntestedProfiles)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "p, r") {
		t.Errorf("warnings are %q", warnings)
	}
	p.Hold = Hold{By: BySample, PerProfile: 2}
	if a, _, err = Split(crossed(), nil, p); err != nil {
		t.Fatal(err)
	}
	if n := len(a.Info.Test); n != 3 { // p has but one to spare
		t.Errorf("held out %v", a.Info.Test)
	}
	if !slices.Equal(a.Info.UntestedProfiles, []string{"r"}) {
		t.Errorf("untested are %v", a.Info.UntestedProfiles)
	}
}

func TestOneContentIsOneSample(t *testing.T) {
	index := crossed()
	for i := range index {
		if s := index[i].Profile + "/" + index[i].SampleName; s == "p/x" || s == "q/z" {
			index[i].SampleSHA = sha("same")
		}
	}
	a, _, err := Split(index, nil, Params{Hold: Hold{By: BySample, Test: []string{"z"}}, Boots: 0.3})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Info.Test, []string{"p/x", "q/z"}) {
		t.Errorf("held out %v", a.Info.Test)
	}
}

func TestValidation(t *testing.T) {
	var index []table.Episode
	for b := range 40 {
		host := "h" + string(rune('a'+b%20)) + string(rune('a'+b/20))
		for i, s := range []string{"p/x", "q/x", "q/x", "p/x"} {
			index = append(index, ep(host, host+string(rune('0'+i)), s, float64(b*10+i+1), float64(i)))
		}
	}
	index = append(index, ep("haa", "rare", "r/x", 9, 9))
	p := Params{Hold: Hold{By: ByHost, Test: []string{"htb"}}, Validation: 0.2}
	chosen := map[string]bool{}
	for seed := range uint64(20) {
		p.Seed = seed
		a, _, err := Split(index, nil, p)
		if err != nil {
			t.Fatal(err)
		}
		v := a.Info.Profiles[table.Validation]
		if v["p"] != 16 || v["q"] != 16 || v["r"] != 0 {
			t.Errorf("seed %d: validation is %v", seed, v)
		}
		for _, r := range a.Rows {
			if r.Part == table.Validation {
				chosen[r.Boot] = true
			}
		}
	}
	if len(chosen) < 30 {
		t.Errorf("20 seeds choose among %d boots only", len(chosen))
	}
	p.Validation = 0
	a, warnings, err := Split(index, nil, p)
	if err != nil || a.Info.Episodes[table.Validation] != 0 || len(warnings) != 1 {
		t.Errorf("no validation: %v, %q, %v", a.Info.Episodes, warnings, err)
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		hold Hold
		want string
	}{
		"no such host":   {Hold{By: ByHost, Test: []string{"z9"}}, "there is no host z9 among the usable episodes. There are: a, b, c"},
		"no such sample": {Hold{By: BySample, Test: []string{"xx"}}, "did you mean x? There are: only, x, y, z"},
		"full name":      {Hold{By: BySample, Test: []string{"q/zz"}}, "did you mean q/z? There are: p/x, p/y"},
		"all hosts":      {Hold{By: ByHost, Test: []string{"a", "b", "c", "d", "e", "f"}}, "train part is empty; name fewer hosts"},
		"not at once":    {Hold{Hosts: []string{"a"}, By: "host+time", Last: 0.3}, "held out by host and time at once"},
		"not trained":    {Hold{By: BySample, Test: []string{"x", "p/y"}}, "episodes of p, but the training part has none: hold out fewer samples"},
	} {
		_, _, err := Split(crossed(), nil, Params{Hold: c.hold, Boots: 0.3})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	_, _, err := Split(nil, nil, Params{Hold: Hold{By: ByTime, Last: 0.2}})
	if err == nil || !strings.Contains(err.Error(), "nothing to split") {
		t.Errorf("an empty index: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for want, p := range map[string]Params{
		"hold: what to hold out is missing":      {},
		`by "hosts" is unknown`:                  {Hold: Hold{By: "hosts"}},
		`by "" is unknown`:                       {Hold: Hold{By: "host+"}},
		`"host+host" has host twice`:             {Hold: Hold{By: "host+host"}},
		"write by: host+sample, or leave by":     {Hold: Hold{By: "host", Hosts: []string{"a"}, Samples: []string{"x"}}},
		"write by: sample+time":                  {Hold: Hold{By: "sample", Last: 0.2}},
		"such as {by: boot, part: 20%}":          {Hold: Hold{By: ByBoot}},
		"leaves nothing to train on":             {Hold: Hold{By: ByBoot, Part: 1}},
		"part and names are both given for host": {Hold: Hold{Hosts: []string{"a"}, Part: 0.2}},
		"write {hosts: […], samples: […]}":       {Hold: Hold{By: "host+sample", Test: []string{"a"}}},
		"in test and in hosts":                   {Hold: Hold{By: ByHost, Test: []string{"a"}, Hosts: []string{"b"}}},
		"samples has a name twice":               {Hold: Hold{Samples: []string{"a", "a"}}},
		`validation_by: "hosts" is unknown`:      {ValidationBy: "hosts"},
		"by host needs the hosts":                {Hold: Hold{By: ByHost}},
		"test has a name twice":                  {Hold: Hold{By: ByHost, Test: []string{"a", "a"}}},
		"per_profile is 0":                       {Hold: Hold{By: BySample}, Boots: 0.3},
		"boots: 0% leaves no boot":               {Hold: Hold{By: BySample, PerProfile: 1}},
		"last is 100%":                           {Hold: Hold{By: ByTime, Last: 1}},
		"takes no names":                         {Hold: Hold{By: ByTime, Last: 0.2, Test: []string{"a"}}},
		"validation: 100%":                       {Validation: 1},
		`"rejected" is not usable`:               {Statuses: []table.Status{table.Rejected}},
	} {
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestRecipeForm decodes what a recipe writes over the kind's defaults.
func TestRecipeForm(t *testing.T) {
	for _, c := range []struct {
		with string
		want Hold
	}{
		{`{"hold": {"by": "host", "test": ["lab-d4"]}}`, Hold{By: ByHost, Test: []string{"lab-d4"}}},
		{`{"hold": {"by": "sample"}, "seed": 7}`, Hold{By: BySample}},
		{`{"hold": {"by": "time", "last": "25%"}}`, Hold{By: ByTime, Last: 0.25}},
	} {
		p := Kind().Params().(*Params)
		if err := json.Unmarshal([]byte(c.with), p); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		if p.Hold.By != c.want.By || p.Hold.Last != c.want.Last || !slices.Equal(p.Hold.Test, c.want.Test) || p.Validation != 0.15 {
			t.Errorf("%s is %+v", c.with, p)
		}
	}
}

// runKind runs the kind on an index and returns the artifact.
func runKind(t *testing.T, index []table.Episode, p *Params) fs.FS {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteIndex(&b, index); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	in := fstest.MapFS{"0/index.parquet": {Data: b.Bytes()}}
	err = Kind().Run(t.Context(), p, step.Inputs{"index": {{FS: in}}}, step.Outputs{"assignment": root})
	if err != nil {
		t.Fatal(err)
	}
	return os.DirFS(dir)
}

func TestKind(t *testing.T) {
	p := Kind().Params().(*Params)
	p.Hold.By = BySample
	index := crossed()
	first := runKind(t, index, p)
	a, err := table.ReadAssignment(first)
	if err != nil {
		t.Fatal(err)
	}
	if a.Info.By != BySample || len(a.Rows) != len(index) {
		t.Errorf("%+v", a.Info)
	}
	slices.Reverse(index)
	again := runKind(t, index, p)
	for _, name := range []string{table.AssignmentFile, table.SplitInfoFile, "counts.csv"} {
		x, err := fs.ReadFile(first, name)
		if err != nil {
			t.Fatal(err)
		}
		if y, _ := fs.ReadFile(again, name); !bytes.Equal(x, y) {
			t.Errorf("%s depends on the order of the index", filepath.Base(name))
		}
	}
}
