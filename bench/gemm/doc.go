// Package gemm measures the float32 matrix product against OpenBLAS, as numpy's
// wheel has it: one thread each, in turns, in processor time.
//
// Run it with: go test -bench . -benchtime 1x ./bench/gemm
package gemm
