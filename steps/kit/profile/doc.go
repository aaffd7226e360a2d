// Package profile makes the signatures of attack profiles: how one channel goes through an
// episode of a profile, aligned by phase, over many episodes.
//
// Call [Order] to choose episodes, [Aligner.Curve] for the curve of each, [Aggregate] for
// the median and the quartiles of the curves, [Write] and [Read] for the table of them.
// [Defaults] are the profiles and their channels. Read envelope.go and layout.go first, then
// walk.go, which finds the phases.
//
// Without cures every number is the original's, to the bit.
package profile
