package validate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
)

// TestFalling compares what is said of counters without their series with the
// series, over rows in and out of order, at equal times and at none, of values
// that hardly fall.
func TestFalling(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	channels := channel.All()
	from, to := channel.Columns(channel.Proc)
	var counters []int
	for i := from; i < to; i++ {
		if channels[i].Kind == channel.Counter {
			counters = append(counters, i-from)
		}
	}
	times := []float64{0, 1, 2, 2, 3, 4, 5, math.NaN(), 1e300, math.Inf(1)}
	values := []float64{0, 1, 1, 2, 3, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, -1}
	fell, sorted := 0, 0
	for range 5000 {
		e := &episode.Episode{}
		table := &e.Tables[channel.Proc]
		table.Width = to - from
		for range random.IntN(6) {
			table.T = append(table.T, times[random.IntN(len(times))])
			for range table.Width {
				table.V = append(table.V, values[random.IntN(len(values))])
			}
		}
		if random.IntN(2) == 0 {
			slices.Sort(table.T)
			sorted++
		}
		var whole signal.Set
		whole.Load(e)
		var want []int
		for _, k := range counters {
			if slices.ContainsFunc(whole.Series(from+k).V, func(rate float64) bool { return rate < 0 }) {
				want = append(want, k)
			}
		}
		c := &checker{e: e}
		if got := c.falling(table, from, counters); !slices.Equal(got, want) {
			t.Fatalf("columns %v fall, want %v; times %v, values %v", got, want, table.T, table.V)
		}
		fell += len(want)
	}
	if fell == 0 || sorted == 0 {
		t.Error("nothing falls: the test says nothing")
	}
}
