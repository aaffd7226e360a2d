package split

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"assay/engine/step"
	"assay/steps/internal/dataset"
)

// randomIndex makes an index like a recorder's: hosts whose VMs boot, record a
// few episodes of any samples and boot again, with what goes wrong mixed in.
func randomIndex(seed uint64) []dataset.Episode {
	rng := rand.New(rand.NewPCG(seed, 99))
	profiles, samples := 2+rng.IntN(6), 1+rng.IntN(4)
	var list []dataset.Episode
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
			e := dataset.Episode{
				Key:     dataset.Key{Host: fmt.Sprintf("h%d", h), Episode: fmt.Sprintf("e%03d", i)},
				Status:  []dataset.Status{"accepted", "accepted", "degraded", "rejected", "errored"}[rng.IntN(5)],
				Profile: fmt.Sprintf("p%d", p), SampleName: fmt.Sprintf("s%d", n),
				SampleSHA: fmt.Sprintf("%d/%d", p, n), StartNs: now, Uptime: up,
			}
			switch rng.IntN(12) {
			case 0:
				e.Uptime = math.NaN()
			case 1:
				e.StartNs = 0
			case 2:
				e.SampleSHA = "" // a control
			case 3:
				e.SampleSHA = "0/0" // the same file under another name
			}
			list = append(list, e)
		}
	}
	return list
}

// randomParams holds out something that the index may or may not allow.
func randomParams(seed uint64) Params {
	rng := rand.New(rand.NewPCG(seed, 7))
	p := Params{
		Hold:       Hold{Last: step.Fraction(0.05 + 0.9*rng.Float64()), PerProfile: 1 + rng.IntN(2)},
		Validation: step.Fraction(0.4 * rng.Float64()), Boots: step.Fraction(0.05 + 0.9*rng.Float64()), Seed: seed,
	}
	switch rng.IntN(4) {
	case 0:
		p.Hold.By, p.Hold.Test = ByHost, []string{"h0"}
	case 1:
		p.Hold.By = BySample
	case 2:
		p.Hold.By, p.Hold.Test = BySample, []string{"s0"}
	case 3:
		p.Hold.By = ByTime
	}
	return p
}

// TestRandomIndexes asserts what a split promises, in other words than check.
func TestRandomIndexes(t *testing.T) {
	made := map[string]int{}
	for seed := range uint64(500) {
		index, p := randomIndex(seed), randomParams(seed)
		a, _, err := Split(index, p)
		if err != nil {
			continue
		}
		made[p.Hold.By]++
		if err := promised(index, a, p); err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, p.Hold, err)
		}
	}
	for _, by := range []string{ByHost, BySample, ByTime} {
		if made[by] < 25 {
			t.Errorf("only %d of the splits by %s could be made", made[by], by)
		}
	}
}

// promised compares every pair of episodes in different parts.
func promised(index []dataset.Episode, a *dataset.Assignment, p Params) error {
	eps := map[dataset.Key]dataset.Episode{}
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
		case dataset.Train:
			trained[r.Profile] = true
		case dataset.Test:
			tested[r.Profile] = true
		}
		if (r.Part == dataset.Excluded) != (r.Why != "") {
			return fmt.Errorf("%v is %s because %q", r.Key, r.Part, r.Why)
		}
		for _, s := range a.Rows[:i] {
			if r.Part == s.Part || r.Part == dataset.Excluded || s.Part == dataset.Excluded {
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
func apart(x, y dataset.Episode, r, s dataset.AssignmentRow, p Params) error {
	if r.Boot == s.Boot {
		return fmt.Errorf("one boot, %s", r.Boot)
	}
	if r.Part != dataset.Test {
		x, y, r, s = y, x, s, r
	}
	if r.Part != dataset.Test {
		return nil // training and validation
	}
	switch p.Hold.By {
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
	return nil
}
