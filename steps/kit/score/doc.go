// Package score compares predictions with the truth. Call [Score] for the metrics of a
// set of predictions, [WriteMetrics] and [ReadMetrics] for their file.
//
// Every number here is computed from integer counts, or summed in row order by the
// arithmetic of package kernel, so metrics have the same bytes everywhere.
//
// Read score.go first, then confusion.go.
package score
