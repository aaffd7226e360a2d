// Package score compares the predictions of one model with the truth. Call [Score] for
// everything that the kind eval says of them, [WriteMetrics] and [ReadMetrics] for the
// file, [WriteEpisodes] and [ReadEpisodes] for what each episode contributes, which is
// what comparisons of models are made from.
//
// The measures are those of package measure, the confidence intervals those of package
// bootstrap. Every number has the same bytes everywhere. Read score.go first.
package score
