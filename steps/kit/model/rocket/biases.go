package rocket

import (
	"math"
	"math/rand/v2"
	"slices"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// golden is the golden ratio; its multiples fill [0, 1) evenly.
const golden = 1.6180339887498949

// fitBiases returns the bias of each feature: a quantile of what its pair makes of a window of the
// training part, one window for each pair.
func fitBiases(p *plan, inputs *model.Series, rows []int, rng *rand.Rand, team *f32.Team) []int32 {
	drawn := make([]int, len(p.Channels))
	first := make([]int, len(p.Channels))
	n := 0
	for i := range drawn {
		drawn[i], first[i] = rows[rng.IntN(len(rows))], n
		n += p.Biases[i/kernels]
	}
	biases := make([]int32, n)
	team.Do(len(p.Dilations), func(d int) {
		e := newExtractor(p, nil)
		for i := d * kernels; i < (d+1)*kernels; i++ {
			e.take(inputs.Window(drawn[i]))
			quantiles(biases[first[i]:first[i]+p.Biases[d]], first[i], e.pair(e.block, i))
		}
	})
	return biases
}

// quantiles sets biases, of which the first is that of a feature, and sorts what a pair made. The
// quantile of feature k is the fraction of (k+1)·golden, interpolated and rounded down, which
// changes nothing since results are integers.
func quantiles(biases []int32, feature int, made []int64) {
	slices.Sort(made)
	for k := range biases {
		turns := float64(float64(feature+k+1) * golden)
		at := float64((turns - math.Floor(turns)) * float64(len(made)-1))
		i := min(int(at), len(made)-1)
		low, high := made[i], made[min(i+1, len(made)-1)]
		biases[k] = int32(low + int64(math.Floor(float64((at-float64(i))*float64(high-low)))))
	}
}

// thresholdsOf returns biases as [count] takes them.
func thresholdsOf(biases []int32) []threshold {
	list := make([]threshold, len(biases))
	for i, b := range biases {
		list[i] = thresholdOf(b)
	}
	return list
}
