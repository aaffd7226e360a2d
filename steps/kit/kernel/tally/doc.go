// Package tally holds the kernels of trees that are grown on histograms of gradients:
// [Gather] copies the bins of some rows; of these [Add] builds the histograms of up to eight trees at once, and
// [AddRows] that of one. [Trial.Pass] tells the splits of a node that may be good, [Sides] where its rows go then.
//
// Integers are added, and the few float64 operations are each rounded once in a fixed order,
// so plain Go, which is the definition, and the assembly for AVX2 give the same bits. Other
// processors run plain Go. ASSAY_KERNEL=plain takes it everywhere, for tests. The assembly is
// written by hand: each kernel is one short loop.
//
// Read packed.go first, then gather.go, add.go, rows.go, trial.go and sides.go.
package tally
