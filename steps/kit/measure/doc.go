// Package measure is the measures that predictions of classes are judged by. Each is a
// file, and a line of [All] or [PerClass].
//
// A measure is computed either from [Totals], which are sums over windows, or from
// [Ranks], the order of the windows by probability. Both can be weighted by how often a
// resample has each unit, so that package bootstrap can tell how far a measure depends on
// the episodes that were recorded. Every measure is what scikit-learn computes under the
// name in its comment, where that has it.
//
// Fill a [Sample], then call [NewTally] and [NewRanks]. Read measure.go first.
package measure
