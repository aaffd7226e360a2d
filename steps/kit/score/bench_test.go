package score

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// BenchmarkScore scores 600,000 windows in 75,000 episodes with 10,000 resamples: every
// measure, class, group and alarm.
func BenchmarkScore(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := &prediction.Set{About: prediction.About{Classes: channel.Phases()}}
	a := &table.Assignment{}
	for e := range 75_000 {
		key := table.Key{Host: fmt.Sprintf("h%d", e%20), Episode: fmt.Sprintf("%05d", e)}
		a.Rows = append(a.Rows, table.AssignmentRow{Key: key, Part: table.Test, Profile: "p", Sample: fmt.Sprint(e % 50)})
		for w := range 8 {
			r := table.Prediction{Key: key, Part: table.Test, Center: float64(5 * w), Phase: int32(w * 5 / 8)}
			sum := float32(0)
			for k := range r.P {
				r.P[k] = rng.Float32()
				if int32(k) == r.Phase {
					r.P[k] += 0.6
				}
				sum += r.P[k]
			}
			for k := range r.P {
				r.P[k] /= sum
			}
			r.Predicted = r.Best()
			p.Rows = append(p.Rows, r)
		}
	}
	o := Options{Bootstrap{Unit: ByEpisode, Resamples: 10_000, Level: 0.95, Seed: 1}, []float64{1}}
	for b.Loop() {
		if _, err := Score(b.Context(), o, p, a, nil); err != nil {
			b.Fatal(err)
		}
	}
}
