// Package features measures what reading a store costs: the kinds validate and
// features against the original in Python and against the bare decompression of
// the same files, in one run on one machine.
//
// Run it with: go test -bench . -benchtime 1x -timeout 1h ./bench/features
// Figures that were seen are in bench/README.md.
package features
