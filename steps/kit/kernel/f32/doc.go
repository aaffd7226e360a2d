// Package f32 holds the float32 kernels of neural networks: products of
// matrices, the functions of each element with their backward passes, sign-log,
// normalization, the gates of recurrent cells, reductions and AdamW.
//
// Every kernel exists as plain Go, which is its definition, and as assembly for
// AVX2 with FMA (amd64) and NEON (arm64). All give the same bits:
//
//   - A kernel is a fixed sequence of operations for each element, each rounded
//     to float32 once. Where it says fma, product and sum are rounded once, in
//     plain Go too (see fma.go).
//   - A product of matrices adds up over k from the first to the last, starting
//     from what the sum starts from (0, a bias, or C). So blocks, packing and the
//     size of tiles show nowhere.
//   - Every other sum has eight lanes: lane l adds the elements l, l+8, l+16, …,
//     and where the last eight are not complete the rest counts as +0. The lanes
//     are added as ((0+4)+(2+6)) + ((1+5)+(3+7)). Sums of columns go from the
//     first row to the last.
//   - SignLog computes in float64, without fma, as kernel.QuickLog does.
//   - Threads are the caller's, see [Team]: each call here runs on one.
//
// NaN stays NaN, but which NaN is up to the processor, so that sign and payload
// of NaN are the one thing that may differ.
//
// Matrices are row-major. Slices that a kernel writes to may be one that it reads
// element by element (dst = src) where the kernel says nothing else; other
// overlaps are mistakes. A wrong length is a mistake of the program and panics.
// Nothing is allocated once buffers have grown.
//
// ASSAY_KERNEL chooses the kernels of a process (plain, avx2, neon), for tests;
// without it the best that the processor has are taken. The assembly is made by
// the module in gen/, see there. AVX-512 is not among them: on Zen 4 a core makes
// 115 GFLOPS of fused multiply-adds with either, and no processor that has two units
// of 512 bits was at hand.
//
// Read matrix.go and gemm.go first, then exp.go for how the rest is written.
package f32
