package measure

import (
	"math/rand/v2"
	"testing"

	"assay/steps/kit/bootstrap"
)

// BenchmarkResamples is 10,000 resamples of 600,000 windows in 75,000 episodes.
func BenchmarkResamples(b *testing.B) {
	s := clustered(rand.New(rand.NewPCG(1, 1)), 75_000)
	tally := NewTally(s)
	plan := bootstrap.Plan{Resamples: 10_000, Units: tally.Units()}
	for b.Loop() {
		if err := tally.Resample(b.Context(), plan, func() func(int, []float64) {
			return func(int, []float64) {}
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRanks is one resample of the two areas of 600,000 windows.
func BenchmarkRanks(b *testing.B) {
	s := clustered(rand.New(rand.NewPCG(1, 1)), 75_000)
	for i := range s.P {
		s.P[i] = rand.Float64()
	}
	r := NewRanks(s)
	counts := make([]int32, s.Units())
	bootstrap.Plan{Units: s.Units()}.Draw(0, counts)
	for b.Loop() {
		r.Weigh(counts)
	}
}
