// Package signal turns episodes into numbers.
//
// Call [Set.Load] for an episode's 46 channels as time series, then
// [Summarizer.Summarize] for the 230 features of its windows and [Summarizer.Vector]
// for those of the whole, or [Tensorizer.Tensorize] for its windows on a grid; a
// training run takes these from a [TensorSource]. Read signals.go first, then
// windows.go, which says where windows lie, summary.go and stats.go.
//
// Results are the same bits on every machine: each product that meets a sum is rounded
// by itself, sums have a fixed order, and only correctly rounded operations are used.
package signal
