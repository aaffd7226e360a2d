// Package tally holds the kernels of trees that are grown on histograms of gradients:
// [Add] builds those of up to eight trees at once, [AddRows] that of some rows of one.
//
// Integers are added, so plain Go, which is the definition, and the assembly for AVX2 give
// the same bits. Other processors run plain Go. ASSAY_KERNEL=plain takes it everywhere, for
// tests. The assembly is written by hand: each kernel is one loop of additions.
//
// Read packed.go first, then add.go and rows.go.
package tally
