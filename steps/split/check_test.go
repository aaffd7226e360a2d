package split

import (
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/table"
)

// TestLeaksAreFound breaks good splits in every way that check knows.
func TestLeaksAreFound(t *testing.T) {
	type rows = []table.AssignmentRow
	find := func(r rows, part table.Part) int {
		return slices.IndexFunc(r, func(x table.AssignmentRow) bool { return x.Part == part })
	}
	for name, c := range map[string]struct {
		by    string
		spoil func(r rows, eps []table.Episode)
		want  string
	}{
		"nothing": {BySample, func(rows, []table.Episode) {}, ""},
		"twice":   {BySample, func(r rows, _ []table.Episode) { r[1] = r[0] }, "twice"},
		"boot": {BySample, func(r rows, _ []table.Episode) {
			r[find(r, table.Test)].Boot = r[find(r, table.Train)].Boot
		}, "the boot"},
		"validation boot": {BySample, func(r rows, _ []table.Episode) {
			r[find(r, table.Train)].Part = table.Validation
		}, "the boot"},
		"sample": {BySample, func(r rows, _ []table.Episode) {
			x, y := find(r, table.Test), find(r, table.Train)
			r[x].Profile, r[x].Sample = r[y].Profile, r[y].Sample
		}, "the sample"},
		"content": {BySample, func(r rows, eps []table.Episode) {
			eps[find(r, table.Test)].SampleSHA, eps[find(r, table.Train)].SampleSHA = "same", "same"
		}, "the sample content"},
		"host": {"host+sample", func(r rows, eps []table.Episode) {
			i, host := find(r, table.Test), r[find(r, table.Train)].Host
			j := slices.IndexFunc(r, func(x table.AssignmentRow) bool { return x.Host == host })
			r[i].Host, eps[i].Host, r[i].Episode, eps[i].Episode = host, host, "0", "0"
			r[i], r[j], eps[i], eps[j] = r[j], r[i], eps[j], eps[i]
		}, "the host"},
		"time": {ByTime, func(r rows, eps []table.Episode) {
			eps[find(r, table.Test)].StartNs = 1
		}, "not before the first test episode"},
		"stratum": {ByTime, func(r rows, _ []table.Episode) {
			for i := range r {
				if r[i].Part == table.Train && r[i].Profile == "p" {
					r[i].Part, r[i].Why = table.Excluded, "spoiled"
				}
			}
		}, "episodes of p, but the training part has none"},
		"no test": {ByTime, func(r rows, _ []table.Episode) {
			for i := range r {
				r[i].Part = table.Train
			}
		}, "the test part is empty; change last"},
	} {
		p := Params{Hold: Hold{By: c.by, PerProfile: 1}, Boots: 0.3}
		if c.by == "host+sample" {
			p.Hold.Hosts = []string{"f"}
		}
		if c.by == ByTime {
			p.Hold.Last = 0.4
		}
		a, _, err := Split(crossed(), nil, p)
		if err != nil {
			t.Fatal(err)
		}
		d := newData(crossed(), p.statuses())
		c.spoil(a.Rows, d.eps)
		a.Info = table.CountParts(a.Rows)
		err = check(a, d, p)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
