// Package gbt trains gradient boosted decision trees for several classes.
//
// Call [Bin] and [Train] to fit a [Model], [Model.Predict] to use it, [Model.Save] and [Load] to
// store it. A saved model is an XGBoost JSON file: XGBoost loads it unchanged and
// predicts the same.
//
// The method is that of XGBoost's "hist" (Chen and Guestrin, KDD 2016). Each round adds
// one tree per class, fitted to the gradient and the diagonal of the Hessian of the
// softmax cross-entropy; splits are sought over histograms of quantile bins; missing
// values learn which side they go to. One thing differs: gradients are rounded to
// integers before they are summed (gradient.go), so every sum is exact and no order of
// rows, features or threads can change a bit of the model.
//
// Read boost.go first, the loop over rounds; then layout.go, the bins; grow.go, one tree; and root.go,
// histogram.go and search.go, where the time goes.
package gbt

import (
	"errors"
	"fmt"

	"assay/steps/kit/model"
)

// Params say how to train. The names are XGBoost's.
type Params struct {
	Rounds         int     // most rounds; each adds one tree per class
	Patience       int     // rounds without a better validation loss before stopping
	MaxDepth       int     // most splits from root to leaf
	MaxBin         int     // most bins per feature, including that of missing values
	LearningRate   float64 // factor on every leaf
	Lambda         float64 // L2 penalty on leaf weights
	Gamma          float64 // min_split_loss: least gain of a split whose sides are leaves; see grower.prune
	MinChildWeight float64 // least sum of Hessians on either side of a split
	Subsample      float64 // share of rows each tree sees
	ColsampleTree  float64 // colsample_bytree: share of features each tree sees
	ColsampleLevel float64 // colsample_bylevel: share of a tree's features each of its levels sees
	ClassWeight    string  // Balanced or Unweighted
	Seed           uint64  // of the samplings; without effect if all shares are 1
	Workers        int     // goroutines, at least 1; they do not show in the model
}

// The words of Params.ClassWeight.
const (
	Balanced   = "balanced" // classes weigh alike: a row of a class of n_c rows weighs n/(K n_c)
	Unweighted = "none"     // rows weigh alike
)

const (
	maxDepth = 16
	maxBins  = 256 // bin numbers are bytes
	maxRows  = 1 << 30
)

// Check returns every mistake in p.
func (p Params) Check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(p.Rounds >= 1 && p.Rounds <= 100_000, "rounds is %d, want 1 to 100000", p.Rounds)
	need(p.Patience >= 1, "patience is %d, want 1 or more (as many as rounds to never stop early)", p.Patience)
	need(p.MaxDepth >= 1 && p.MaxDepth <= maxDepth, "max_depth is %d, want 1 to %d", p.MaxDepth, maxDepth)
	need(p.MaxBin >= 3 && p.MaxBin <= maxBins, "max_bin is %d, want 3 to %d", p.MaxBin, maxBins)
	need(p.LearningRate > 0 && p.LearningRate <= 1, "learning_rate is %v, want more than 0 and at most 1",
		p.LearningRate)
	need(p.Lambda >= 0 && p.Lambda <= 1e6, "lambda is %v, want 0 to 1e6", p.Lambda)
	need(p.Gamma >= 0 && p.Gamma <= 1e6, "gamma is %v, want 0 to 1e6", p.Gamma)
	need(p.MinChildWeight >= 0 && p.MinChildWeight <= 1e6, "min_child_weight is %v, want 0 to 1e6",
		p.MinChildWeight)
	need(p.Lambda > 0 || p.MinChildWeight > 0, "lambda and min_child_weight are both 0, want one of them above 0: "+
		"a leaf without weight would be infinite")
	need(p.Subsample > 0 && p.Subsample <= 1, "subsample is %v, want more than 0 and at most 1", p.Subsample)
	need(p.ColsampleTree > 0 && p.ColsampleTree <= 1, "colsample_bytree is %v, want more than 0 and at most 1",
		p.ColsampleTree)
	need(p.ColsampleLevel > 0 && p.ColsampleLevel <= 1, "colsample_bylevel is %v, want more than 0 and at most 1",
		p.ColsampleLevel)
	need(p.ClassWeight == Balanced || p.ClassWeight == Unweighted, "class_weight is %q, want %s or %s",
		p.ClassWeight, Balanced, Unweighted)
	need(p.Workers >= 1, "workers is %d, want 1 or more", p.Workers)
	return errors.Join(errs...)
}

// A Fit is the result of training.
type Fit struct {
	Model  *Model        // the trees up to and with round Best
	Rounds []model.Round // every round that was run
	Best   int           // index into Rounds of the lowest validation loss
}
