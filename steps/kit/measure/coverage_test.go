package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/bootstrap"
)

// clustered returns windows whose episodes differ in how hard they are: in every episode
// all windows are likelier, or less likely, to be predicted right.
func clustered(rng *rand.Rand, episodes int) *Sample {
	const k, length = 3, 8
	s := &Sample{Classes: k}
	for e := range episodes {
		truth := int32(rng.IntN(k))
		skill := 1 / (1 + math.Exp(-1-1.5*rng.NormFloat64()))
		for range length {
			predicted := truth
			if rng.Float64() > skill {
				predicted = (truth + 1 + int32(rng.IntN(k-1))) % k
			}
			p := []float64{0.1, 0.1, 0.1}
			p[predicted] = 0.8
			s.Truth, s.Predicted = append(s.Truth, truth), append(s.Predicted, predicted)
			s.P, s.Unit = append(s.P, p...), append(s.Unit, int32(e))
		}
	}
	return s
}

// TestCoverage simulates experiments with clustered windows and counts how many 95 %
// intervals hold the true score: with episodes as units nearly all that should, with
// windows as units far too few.
func TestCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of experiments")
	}
	const experiments, resamples, episodes = 600, 500, 100
	big := clustered(rand.New(rand.NewPCG(1, 1)), 200_000)
	var truth []float64
	measures := All()[:5]
	for _, m := range measures {
		truth = append(truth, m.Total(Whole(NewTally(big), big.Classes)))
	}
	held := map[string]int{}
	for x := range experiments {
		s := clustered(rand.New(rand.NewPCG(2, uint64(x))), episodes)
		for i, m := range measures {
			by, bca := intervals(t, s, m, resamples, uint64(x))
			held[m.Name+" percentile"] += within(by, truth[i])
			held[m.Name+" BCa"] += within(bca, truth[i])
		}
		alone := *s
		alone.Unit = nil
		for i := range s.Len() {
			alone.Unit = append(alone.Unit, int32(i))
		}
		by, _ := intervals(t, &alone, measures[0], resamples, uint64(x))
		held["windows"] += within(by, truth[0])
	}
	for name, n := range held {
		share := float64(n) / experiments
		t.Logf("%s: %.3f", name, share)
		if name == "windows" {
			if share > 0.8 {
				t.Errorf("intervals by window hold the truth in %.3f of experiments: the simulation is not clustered", share)
			}
		} else if share < 0.93 || share > 0.97 {
			t.Errorf("%s: %.3f of intervals hold the truth, want 0.93 to 0.97", name, share)
		}
	}
}

func within(i bootstrap.Interval, v float64) int {
	if i.Low <= v && v <= i.High {
		return 1
	}
	return 0
}

func intervals(t *testing.T, s *Sample, m Measure, resamples int, seed uint64) (by, bca bootstrap.Interval) {
	t.Helper()
	tally := NewTally(s)
	whole := Whole(tally, s.Classes)
	values := make([]float64, resamples)
	plan := bootstrap.Plan{Seed: seed, Resamples: resamples, Units: tally.Units()}
	err := tally.Resample(t.Context(), plan, func() func(int, []float64) {
		return func(r int, row []float64) { values[r] = m.Total(NewTotals(s.Classes, row)) }
	})
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float64, Columns(s.Classes))
	totals := NewTotals(s.Classes, row)
	without := make([]float64, tally.Units())
	for u := range without {
		tally.Without(u, whole.row, row)
		without[u] = m.Total(totals)
	}
	return bootstrap.Percentile(values, 0.95), bootstrap.BCa(m.Total(whole), values, without, 0.95)
}
