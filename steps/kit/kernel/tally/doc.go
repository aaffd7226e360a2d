// Package tally holds the kernels of trees that are grown on histograms of gradients:
// [Add] builds those of up to eight trees at once, [AddRows] that of some rows of one. [Trial.Pass]
// tells the splits of a node that may be good.
//
// Integers are added, and the few float64 operations are each rounded once in a fixed order,
// so plain Go, which is the definition, and the assembly for AVX2 give the same bits. Other
// processors run plain Go. ASSAY_KERNEL=plain takes it everywhere, for tests. The assembly is
// written by hand: each kernel is one short loop.
//
// Read packed.go first, then add.go, rows.go and trial.go.
package tally
