// Package score measures what models say against what is true. Call [Score] for
// the metrics of a set of predictions, [WriteMetrics] and [ReadMetrics] for the
// file they are kept in.
//
// Every number here is computed from integer counts, or summed in row order by
// package kernel's arithmetic, so that metrics have the same bytes everywhere.
//
// Read score.go first, then confusion.go.
package score
