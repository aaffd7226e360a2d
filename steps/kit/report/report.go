// Package report holds what models say and how it is scored: the predictions a
// model leaves behind ([WritePredictions], [ReadPredictions]), the metrics of a
// set of them ([Score]) and the file those are kept in ([WriteMetrics],
// [ReadMetrics]).
//
// Every number here is computed from integer counts, or summed in row order by
// package kernel's arithmetic, so that metrics have the same bytes everywhere.
//
// Read predictions.go first, then score.go.
package report
