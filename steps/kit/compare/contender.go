package compare

import (
	"maps"
	"math"
	"slices"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/score"
)

// A contender is a model: the mean of its seeds, and of the splits.
type contender struct {
	Model
	seeds  []float64 // by seed: the score
	value  float64
	values []float64
	right  map[[2]int]float64 // by split and unit: share of right windows
}

// contender returns a model on a split. For the mean of all splits it is nil unless the
// model was scored on each.
func (f *field) contender(m Model, split string, splits []string) *contender {
	if split != AllSplits {
		splits = []string{split}
	}
	c := &contender{Model: m, right: map[[2]int]float64{}}
	bySeed := map[string][]float64{}
	for i, name := range splits {
		some := f.of(m, name)
		if len(some) == 0 {
			return nil
		}
		for _, r := range some {
			share := 1 / float64(len(some)*len(splits))
			c.join(r, share)
			bySeed[r.Seed] = append(bySeed[r.Seed], r.value)
			for u, v := range r.right {
				c.right[[2]int{i, u}] += v / float64(len(some))
			}
		}
	}
	for _, seed := range slices.Sorted(maps.Keys(bySeed)) {
		if v := bySeed[seed]; len(v) == len(splits) {
			c.seeds = append(c.seeds, Mean(v))
		}
	}
	return c
}

// of returns the runners of a model on a split, one for each seed.
func (f *field) of(m Model, split string) []*runner {
	var list []*runner
	for _, r := range f.runners {
		if r.Entry.Model == m.Model && r.View == m.View && r.Split == split {
			list = append(list, r)
		}
	}
	return list
}

// join adds a runner's scores to the mean.
func (c *contender) join(r *runner, share float64) {
	if c.values == nil {
		c.values = make([]float64, len(r.values))
	}
	c.value += float64(share * r.value)
	for i, v := range r.values {
		c.values[i] += float64(share * v)
	}
}

func (c *contender) score(split string, level float64) Score {
	i := bootstrap.Percentile(c.values, level)
	return Score{
		Model: c.Model, Split: split, Seeds: len(c.seeds), Mean: score.Number(c.value),
		SD: score.Number(Deviation(c.seeds)), Low: score.Number(i.Low), High: score.Number(i.High),
	}
}

// Mean returns the mean; NaN of none.
func Mean(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// Deviation returns the standard deviation of a sample; NaN of fewer than two.
func Deviation(list []float64) float64 {
	if len(list) < 2 {
		return math.NaN()
	}
	m, sum := Mean(list), 0.0
	for _, v := range list {
		sum += float64((v - m) * (v - m))
	}
	return math.Sqrt(sum / float64(len(list)-1))
}
