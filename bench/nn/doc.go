// Package nn measures the networks of assay against PyTorch and onnxruntime: a
// training step, one window, and two threads against one. Every figure is taken in a
// process of its own, in turns.
//
// Run it with: go test -bench . -benchtime 1x -timeout 1h ./bench/nn
// ASSAY_BENCH_PYTHON names a Python that has torch, onnx and onnxruntime. Read
// nn_test.go first, then work_test.go for what is measured of assay, and peer.py for
// the same of the others. twin.py and train_twin.py compare what is computed; they
// need no benchmark. Figures that were seen are in bench/README.md.
package nn
