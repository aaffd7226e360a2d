// Package knn predicts by the exact k nearest neighbours among the training windows.
//
// Call [Fit] to make a [Model], [Model.Predict] to use it, [Model.SaveTo] and [Open] to
// keep it. A window is standardised as the training part was (scaler.go); its neighbours
// are the k rows of that part at the least Euclidean distance. At equal distance the
// lower row is the nearer one. Distances are sums of float64 in a fixed order, so the
// neighbours and their votes are the same on every machine.
//
// The search looks at every row, but only at a sketch of it: its place in the 63
// directions in which the rows differ most, its distance from the space that these span,
// both in one byte per dimension, and a bound on what that leaves out. A row whose bound
// says that it cannot be among the nearest is skipped; the distances of the others are
// computed. So no neighbour is ever missed, and of most rows 76 bytes are read instead of
// all columns.
//
// How much that saves depends on the data. Telemetry has many columns that say the same: of
// 139,000 made-up windows of 230 columns a search measures about a hundred. Where every
// column is noise of its own no sketch helps: all rows are read, which takes 20 times as long.
//
// A model of rows of F columns takes 4·F + 84 bytes of memory per row: 150 MB for 150,000
// rows of 230. Its file has 4·F + 4 of these; opening it makes the sketches again, and needs
// about three times the file for a moment.
//
// Read model.go first, then search.go, sketch.go (what is kept of a row, and why the
// bound holds) and directions.go.
package knn

import (
	"errors"
	"fmt"
)

// Params say how neighbours vote.
type Params struct {
	K       int     `json:"k"` // neighbours that vote; all rows where there are fewer
	Weights Weights `json:"weights"`
}

// Weights are how much a neighbour's vote counts.
type Weights string

// The weights.
const (
	Uniform  Weights = "uniform"  // all the same
	Distance Weights = "distance" // 1 / distance; where some are at distance 0, only those count
)

// MaxK is the most neighbours.
const MaxK = 1000

// Check returns every mistake in p.
func (p Params) Check() error {
	var errs []error
	if p.K < 1 || p.K > MaxK {
		errs = append(errs, fmt.Errorf("k is %d, want 1 to %d", p.K, MaxK))
	}
	if p.Weights != Uniform && p.Weights != Distance {
		errs = append(errs, fmt.Errorf("weights is %.20q, want %s or %s", string(p.Weights), Uniform, Distance))
	}
	return errors.Join(errs...)
}
