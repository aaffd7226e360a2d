// Package logistic trains multinomial logistic regression on summaries of windows: one
// linear function per class, and the softmax of them.
//
// Call [Train] to fit a [Model] and [Open] to read one that was saved. The loss is
// strictly convex, so there is one best model, and training finds it from anywhere: it
// needs no seed, no rate and no luck. This makes the family a reference for the others.
//
// Read train.go first, the search for the penalty; then loss.go, what is minimised, and
// minimise.go, how (L-BFGS).
package logistic
