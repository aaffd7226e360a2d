// Package neighbours measures the nearest neighbours of assay against scikit-learn and
// faiss: 150,000 made-up windows of 230 columns, one query and 64 together, one thread
// each, in turns, in processor time. Every figure is taken in a process of its own.
//
// Run it with: go test -run XXX -bench . -benchtime 1x -timeout 1h ./bench/neighbours
// ASSAY_BENCH_PYTHON names a Python that has numpy, scikit-learn and faiss. Read
// neighbours_test.go first, then work_test.go for what is measured of assay, and peer.py
// for the same of the others. Figures that were seen are in bench/README.md.
package neighbours
