// Package bootstrap estimates how far a score depends on the episodes that happened to be
// recorded (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993).
//
// A resample draws as many units as there are, with replacement. A unit is an episode
// where its windows are not independent of each other. Call [Run] for a number of each
// resample, then [Percentile] or [BCa] for a confidence interval, [PValue] and [Holm] for
// differences. [Sums] adds up what units contribute, fast.
//
// Resample r of n units is the same draw for every score that is computed from it, on any
// number of cores, so two models that were scored on the same units can be compared
// resample by resample. Read draw.go first.
package bootstrap
