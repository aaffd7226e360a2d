// Package tally holds the integer kernel of histograms for several trees at once: it adds
// rows of eight sums to the slots that the rows' bins name. Call [Add].
//
// Integers are added, so plain Go, which is the definition, and the assembly for AVX2 give
// the same bits. Other processors run plain Go. ASSAY_KERNEL=plain takes it everywhere, for
// tests. The assembly is written by hand: it is one loop of additions.
//
// Read tally.go first.
package tally
