package split

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/table"
)

// randomIndex makes an index like a recorder's: hosts whose VMs boot, record a
// few episodes of any samples and boot again, with what goes wrong mixed in.
func randomIndex(seed uint64) []table.Episode {
	rng := rand.New(rand.NewPCG(seed, 99))
	profiles, samples := 2+rng.IntN(6), 1+rng.IntN(4)
	var list []table.Episode
	for h := range 1 + rng.IntN(5) {
		now, up := int64(1e18)+rng.Int64N(1e12), 0.0
		for i := range 3 + rng.IntN(60) {
			if rng.IntN(6) == 0 {
				up = 0
			}
			length := 20 + 60*rng.Float64()
			up += length
			now += int64(length * 1e9)
			p := rng.IntN(profiles)
			n := rng.IntN(samples)
			e := table.Episode{
				Key:     table.Key{Host: fmt.Sprintf("h%d", h), Episode: fmt.Sprintf("e%03d", i)},
				Status:  []table.Status{"accepted", "accepted", "degraded", "rejected", "errored"}[rng.IntN(5)],
				Profile: fmt.Sprintf("p%d", p), SampleName: fmt.Sprintf("s%d", n),
				SampleSHA: sha(fmt.Sprintf("%d/%d", p, n)), StartNs: now, Uptime: up,
			}
			switch rng.IntN(12) {
			case 0:
				e.Uptime = math.NaN()
			case 1:
				e.StartNs = 0
			case 2:
				e.SampleSHA = "" // a control
			case 3:
				e.SampleSHA = sha("0/0") // the same file under another name
			}
			list = append(list, e)
		}
	}
	return list
}

// randomParams holds out something that the index may or may not allow.
func randomParams(seed uint64) Params {
	rng := rand.New(rand.NewPCG(seed, 7))
	some := func() step.Portion { return step.Portion(0.05 + 0.9*rng.Float64()) }
	p := Params{
		Hold:       Hold{PerProfile: 1 + rng.IntN(2)},
		Validation: step.Fraction(0.4 * rng.Float64()), ValidationBy: []string{"", ValidationBoot, ValidationHold}[rng.IntN(3)],
		Boots: step.Fraction(some()), Seed: seed,
	}
	h := &p.Hold
	var by []string
	for _, aspect := range aspects() {
		if rng.IntN(3) == 0 {
			by = append(by, aspect)
		}
	}
	if len(by) == 0 {
		by = []string{aspects()[rng.IntN(4)]}
	}
	h.By = strings.Join(by, "+")
	if slices.Contains(by, ByTime) && rng.IntN(2) == 0 {
		h.Last = some()
	}
	if slices.Contains(by, ByHost) && rng.IntN(2) == 0 {
		h.Hosts = []string{"h0"}
	}
	if slices.Contains(by, BySample) && rng.IntN(2) == 0 {
		h.Samples = []string{"s0"}
	}
	if h.form().choosesPart() && (rng.IntN(2) == 0 || h.form().has(ByBoot) || h.form().has(ByHost) && h.Hosts == nil) {
		h.Part = some()
	}
	return p
}

// TestRandomIndexes asserts what a split promises, in other words than check.
func TestRandomIndexes(t *testing.T) {
	made := map[string]int{}
	for seed := range uint64(2000) {
		index, p := randomIndex(seed), randomParams(seed)
		if err := p.Check(); err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, p.Hold, err)
		}
		a, _, err := Split(index, nil, p)
		if err != nil {
			continue
		}
		made[p.Hold.By]++
		if p.ValidationBy == ValidationHold && p.Validation > 0 {
			made["nested"]++
		}
		if a.Info.By != p.Hold.By {
			t.Fatalf("seed %d: %s became %s", seed, p.Hold.By, a.Info.By)
		}
		if err := promised(index, a, p); err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, p.Hold, err)
		}
	}
	for by, want := range map[string]int{
		ByHost: 25, BySample: 25, ByTime: 25, ByBoot: 25, "nested": 50,
		"host+sample": 10, "host+time": 10, "sample+time": 10, "sample+boot": 10, "time+boot": 10, "host+sample+time": 1,
	} {
		if made[by] < want {
			t.Errorf("only %d of the splits by %s could be made", made[by], by)
		}
	}
}

// promised compares every pair of episodes in different parts.
func promised(index []table.Episode, a *table.Assignment, p Params) error {
	eps := map[table.Key]table.Episode{}
	usable := 0
	for _, e := range index {
		eps[e.Key] = e
		if e.Status.Usable() {
			usable++
		}
	}
	if len(a.Rows) != usable {
		return fmt.Errorf("%d rows for %d usable episodes", len(a.Rows), usable)
	}
	trained, tested := map[string]bool{}, map[string]bool{}
	for i, r := range a.Rows {
		switch r.Part {
		case table.Train:
			trained[r.Profile] = true
		case table.Test:
			tested[r.Profile] = true
		}
		if (r.Part == table.Excluded) != (r.Why != "") {
			return fmt.Errorf("%v is %s because %q", r.Key, r.Part, r.Why)
		}
		for _, s := range a.Rows[:i] {
			if r.Part == s.Part || r.Part == table.Excluded || s.Part == table.Excluded {
				continue
			}
			if err := apart(eps[r.Key], eps[s.Key], r, s, p); err != nil {
				return fmt.Errorf("%v (%s) and %v (%s): %w", r.Key, r.Part, s.Key, s.Part, err)
			}
		}
	}
	for profile := range tested {
		if !trained[profile] {
			return fmt.Errorf("%s is tested and not trained on", profile)
		}
	}
	return nil
}

// apart asserts that two episodes of different parts share nothing.
func apart(x, y table.Episode, r, s table.AssignmentRow, p Params) error {
	if r.Boot == s.Boot {
		return fmt.Errorf("one boot, %s", r.Boot)
	}
	if order(r.Part) < order(s.Part) {
		x, y, r, s = y, x, s, r
	}
	if r.Part != table.Test && p.ValidationBy != ValidationHold {
		return nil // training and validation
	}
	for _, by := range strings.Split(p.Hold.By, "+") {
		switch by {
		case ByHost:
			if x.Host == y.Host {
				return fmt.Errorf("one host")
			}
		case ByTime:
			if x.StartNs <= y.StartNs {
				return fmt.Errorf("tested at %d, trained at %d", x.StartNs, y.StartNs)
			}
		case BySample:
			if x.Profile == y.Profile && x.SampleName == y.SampleName || x.SampleSHA == y.SampleSHA && x.SampleSHA != "" {
				return fmt.Errorf("one sample")
			}
		}
	}
	return nil
}

// order ranks the parts: what is later must not be known from what is before.
func order(p table.Part) int {
	return slices.Index([]table.Part{table.Train, table.Validation, table.Test}, p)
}

// TestAnyHold: whatever a recipe writes is either refused or split.
func TestAnyHold(t *testing.T) {
	index := randomIndex(1)
	accepted := 0
	for seed := range uint64(5000) {
		rng := rand.New(rand.NewPCG(seed, 11))
		names := func(list ...string) []string {
			if rng.IntN(2) == 0 {
				return nil
			}
			return list[:rng.IntN(len(list)+1)]
		}
		fraction := func() step.Fraction { return step.Fraction(rng.IntN(6)) / 5 }
		words := []string{"host", "sample", "time", "boot", "", "hosts"}
		p := Params{
			Hold: Hold{
				By:   words[rng.IntN(6)],
				Test: names("h0", "s0", "p0/s0"), Hosts: names("h0", "h0"), Samples: names("s0", "p1/s0"),
				Part: step.Portion(fraction()), Last: step.Portion(fraction()), PerProfile: rng.IntN(4) - 1,
			},
			Validation: fraction(), ValidationBy: []string{"", "boot", "hold", "host"}[rng.IntN(4)], Boots: fraction(), Seed: seed,
		}
		if rng.IntN(2) == 0 {
			p.Hold.By += "+" + words[rng.IntN(6)]
		}
		if p.Check() != nil {
			continue
		}
		accepted++
		a, _, err := Split(index, nil, p)
		if err != nil {
			continue
		}
		if p.Hold.By == "" {
			p.Hold.By = p.Hold.form().String()
		}
		if err := promised(index, a, p); err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, p.Hold, err)
		}
	}
	if accepted < 50 {
		t.Errorf("only %d were accepted", accepted)
	}
}

// sha is the digest of a made-up content.
func sha(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
