package rocket

import (
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel/f32"
)

// BenchmarkFeatures computes 9,996 features of windows of 43 channels.
func BenchmarkFeatures(b *testing.B) {
	for name, points := range map[string]int{"100points": 100, "50points": 50} {
		b.Run(name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			p := newPlan(points, 43, 10_000, rng)
			s := someWindows(points, 43, 3, rng)
			team := f32.NewTeam(1)
			defer team.Close()
			e := newExtractor(p, thresholdsOf(fitBiases(p, s, []int{0, 1, 2}, rng, team)))
			rows := featureRows(p.features())
			for b.Loop() {
				clear(e.block)
				for lane := range lanes {
					e.add(s.Window(lane), lane)
				}
				e.features(rows)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(lanes*b.N), "µs/window")
		})
	}
}

// BenchmarkSolve solves for one strength of the ridge, with 1,300 windows.
func BenchmarkSolve(b *testing.B) {
	x, y, v := counts(1300, 3000, 1)
	team := f32.NewTeam(1)
	defer team.Close()
	r := newRidge(matrixOf(x), y, v, 6, team)
	for b.Loop() {
		if _, _, err := r.solve(0.3); err != nil {
			b.Fatal(err)
		}
	}
}
