// Package rocket measures the random convolutions of assay against aeon's MiniRocket, which
// numba compiles: windows of 46 channels through 9,996 features, on one thread. Ours also takes
// logarithms, scales, and predicts, as a step that trains does.
//
// Run it with: go test -run XXX -bench . -benchtime 1x ./bench/rocket
// ASSAY_BENCH_PYTHON names a Python that has aeon. Read rocket_test.go first, then peer.py.
// Figures that were seen are in bench/README.md.
package rocket
