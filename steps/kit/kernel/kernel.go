// Package kernel holds the arithmetic whose bits must not depend on a machine.
//
// An artifact has the same bytes on amd64 with or without AVX, on arm64 and at
// every GOAMD64 level. Package math does not promise that: its Exp and Log are
// assembly on some architectures, and a compiler may fuse a product into the
// sum that follows it. So models call [Exp], [Exps], [Log],
// [QuickLog], [CosPi] and [Softmax] here; what else they use of package math is exact by definition (Sqrt, Floor,
// Abs, the bit functions).
//
// Every product that meets a sum is written float64(a*b) + c: the conversion
// rounds, and the language forbids fusing across it. Sums run in index order.
//
// Read exp.go first; exps.go, log.go, quicklog.go and cospi.go follow it.
package kernel
