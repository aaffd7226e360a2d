// Package trees measures train/gbt's boosting against XGBoost and LightGBM: processor time
// of a round, peak memory, and the loss on rows held out. Both sides get the same rows and
// the same parameters, one thread each unless said, in turns, every figure in a process of
// its own.
//
// Run it with: go test -run XXX -bench . -benchtime 1x -timeout 2h ./bench/trees
// ASSAY_BENCH_PYTHON names a Python that has numpy, xgboost and lightgbm. Read
// trees_test.go first, then work_test.go for what is measured of assay, peer.py for the
// same of the others, and tasks_test.go for the small tasks on which losses are compared.
// Figures that were seen are in bench/README.md.
package trees
