package split

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"assay/steps/kit/table"
)

// TestUnknownUptime: an episode of unknown uptime is of the boot that the next
// episode proves, else of the one before; a host that knows nothing is said.
func TestUnknownUptime(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		up   []float64 // of episodes that begin at 100, 200, 300...
		want string    // the boot of each
	}{
		"all known":               {[]float64{50, 150, 20, 120}, "1 1 2 2"},
		"the next was up already": {[]float64{50, nan, 250}, "1 1 1"},
		"the next was started":    {[]float64{50, nan, 20}, "1 1 2"},
		"taken for one":           {[]float64{50, nan, 120}, "1 1 1"},
		"first":                   {[]float64{nan, 150, 250}, "1 1 1"},
		"before the first boot":   {[]float64{nan, nan, 20, 120}, "1 1 2 2"},
		"last":                    {[]float64{50, 150, nan, nan}, "1 1 1 1"},
		"nonsense":                {[]float64{50, -3, math.Inf(1), 350}, "1 1 1 1"},
		"nothing known":           {[]float64{nan, nan, nan}, "1 2 3"},
	} {
		var index []table.Episode
		for i, up := range c.up {
			index = append(index, ep("a", fmt.Sprint(i), "p/s", float64(100*(i+1)), up))
		}
		d := newData(index, []table.Status{table.Accepted})
		var got []string
		for i := range d.eps {
			got = append(got, strings.TrimPrefix(d.bootNames[d.boot[i]], "a/"))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: boots %s, want %s", name, s, c.want)
		}
		if all := name == "nothing known"; d.bootless != all || all != (len(d.noBoot) == 3) {
			t.Errorf("%s: %d episodes without a boot, %v", name, len(d.noBoot), d.bootless)
		}
	}
}

// TestUnknownBoots: a host without uptimes is warned of, and boots cannot be held
// out then.
func TestUnknownBoots(t *testing.T) {
	index := crossed()
	for i := range index {
		if index[i].Host == "a" {
			index[i].Uptime = math.NaN()
		}
	}
	_, warnings, err := Split(index, nil, Params{Hold: Hold{Hosts: []string{"c"}}})
	if err != nil || !strings.Contains(strings.Join(warnings, "\n"), "episodes of a are not known") {
		t.Errorf("warnings %q, %v", warnings, err)
	}
	for _, h := range []Hold{{By: ByBoot, Part: 0.3}, {By: "host+boot", Part: 0.3}} {
		if _, _, err := Split(index, nil, Params{Hold: h}); err == nil || !strings.Contains(err.Error(), "hold out hosts, samples or time") {
			t.Errorf("%s: %v", h.By, err)
		}
	}
}

// TestNoDigests: texts that are no digest make no two samples one, and case does not
// tell contents apart.
func TestNoDigests(t *testing.T) {
	index := crossed()
	for i := range index {
		index[i].SampleSHA = "unknown"
	}
	a, warnings, err := Split(index, nil, Params{Hold: Hold{Samples: []string{"q/x"}}, Boots: 0.3})
	if err != nil || len(a.Info.Test) != 1 || !strings.Contains(strings.Join(warnings, "\n"), fmt.Sprintf("sample_sha256 of %d episodes", len(index))) {
		t.Errorf("held %v, warnings %q, %v", a, warnings, err)
	}
	for i := range index {
		index[i].SampleSHA = sha(index[i].SampleName)
		if i%2 == 0 {
			index[i].SampleSHA = strings.ToUpper(index[i].SampleSHA)
		}
	}
	a, _, err = Split(index, nil, Params{Hold: Hold{Hosts: []string{"c"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Info.Leaks.SameContent.List {
		if c.SHA256 != strings.ToLower(c.SHA256) || c.Episodes[table.Train] == 0 {
			t.Errorf("%+v", c)
		}
	}
	if a.Info.Leaks.SameContent.Shared == 0 {
		t.Error("shared contents are not seen")
	}
}

// TestExplicitNothing: a part of 0% is refused; it would be taken for the default.
func TestExplicitNothing(t *testing.T) {
	for key, with := range map[string]string{
		"last": `{"hold": {"by": "time", "last": "0%"}}`,
		"part": `{"hold": {"by": "sample", "part": "0"}}`,
	} {
		p := Kind().Params()
		if err := json.Unmarshal([]byte(with), p); err == nil || !strings.Contains(err.Error(), "above 0%") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
