package model

import (
	"assay/steps/kit/causal"
	"assay/steps/kit/signal"
)

// remember takes the mean of the logarithms of each channel over window k into the past of its
// episode.
func (g *gatherer) remember(t *signal.Tensors, k int) {
	for i := range g.past {
		at := t.At(k, g.channels[i])
		sum, n := 0.0, 0
		for j, there := range t.Mask[at : at+t.Steps] {
			if there {
				sum += causal.SignLog(float64(t.X[at+j]))
				n++
			}
		}
		g.past[i].Add(sum / float64(n)) // a channel that is missing has no mean
	}
}

// appendContext fills in the context of rows whose channels are there: the distance of the logarithm
// of each value to the mean of the means so far, then that to their maximum. It is a difference of
// logarithms, and not the logarithm of a difference as of summaries: single points are so noisy
// that the sign of their difference would be most of it. Each is rounded once.
func (g *gatherer) appendContext(rows []float32) {
	n := len(g.past)
	for columns := g.series.Columns; n > 0 && len(rows) > 0; rows = rows[columns:] {
		x, mean, most := rows[:n], rows[n:2*n], rows[2*n:3*n]
		for i, v := range x {
			log := causal.SignLog(float64(v))
			mean[i], most[i] = float32(log-g.past[i].Mean()), float32(log-g.past[i].Max())
		}
	}
}
