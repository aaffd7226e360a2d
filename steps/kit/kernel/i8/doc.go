// Package i8 holds the integer kernel of a search for neighbours: products of many rows
// of int8 with one row of int16, each turned into a score and compared with a limit.
// Call [Scan]; [Put] lays out the rows.
//
// Sums of products are exact, and the few float32 operations behind them are each
// rounded once in a fixed order, so plain Go, which is the definition, and the assembly
// for AVX2 give the same bits. Other processors run plain Go. ASSAY_KERNEL=plain takes it
// everywhere, for tests. The assembly is written by hand: it is one loop of integers.
//
// Read scan.go first.
package i8
