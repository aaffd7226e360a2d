// Package rocket holds models of random convolutions: MiniRocket (Dempster, Schmidt and Webb,
// MiniRocket: a very fast (almost) deterministic transform for time series classification, 2021)
// on several channels, and a ridge classifier on what it makes. Call [Train] to fit a model and
// [Open] to read one that was saved.
//
// A kernel has nine taps, three of which weigh 2 and six -1, so it is blind to the level of a
// channel. The 84 kernels are combined with dilations that cover the window, and each pair of a
// kernel and a dilation reads the sum of a few channels, drawn at random. A feature is the number
// of points at which what a pair makes is above a bias, which is a quantile of what the pair makes
// of a window of the training part.
//
// The inputs are scaled by [assay/steps/kit/model/nn.Scaler] and rounded to multiples of 1/512.
// So all sums are sums of integers, which are exact in any order, and three windows lie in the
// lanes of one 64-bit integer (lanes.go) and are computed together. The ridge is solved in
// float64, in a fixed order (ridge.go). So the bits are the same on every machine.
//
// Read plan.go first, then lanes.go, convolve.go and count.go; then train.go and ridge.go.
package rocket
