// Package telemetry reads recorded VM episodes and turns them into features.
//
// An episode is the file <host>/<episode>.tar.zst of a store. The way through
// this package is: [NewReader] once per goroutine, [Reader.Read] for each
// episode, [Signals.Load] for its 46 channels as time series, then either
// [Summarizer.Summarize] for the 230 features of its windows and [Summarizer.Vector]
// for those of the whole, or [Tensorizer.Tensorize] for its windows on a grid; a
// training run takes these from a [TensorSource]. Read [Channels] first: the order of
// the channels is the contract that every table, model and checkpoint relies on. [Cures]
// are the quirks of the original that can be put right; a [Schema] is what it all means.
//
// Everything read is taken for hostile. What can be decoded is kept, what
// cannot is counted and said ([Lost], [Finding]); the verdict over an episode is
// left to whoever validates. Results are the same bits on every machine: each
// product that meets a sum is rounded by itself, sums have a fixed order, and
// only correctly rounded operations are used.
package telemetry
