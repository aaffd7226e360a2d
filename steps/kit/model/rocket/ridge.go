package rocket

import (
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/kernel/f32"
)

// A ridge finds weights W and intercepts that make
//
//	Σ v·(y - W·x - b)² + ridge·t·|W|²
//
// least for each class, where y is 1 for the windows of the class and -1 for the others, v is the
// weight of the window, x are its features with mean 0 and standard deviation 1 over the weighted
// windows, and t is the mean of v·|x|². With fewer windows than features it solves the dual
// problem, which has an unknown for each window.
type ridge struct {
	x       f32.Matrix // N × F: x times the root of v
	mean    []float64  // F: of the features
	inverse []float64  // F: 1 / their standard deviation; 0 of a constant
	targets []float64  // N × K: y less its mean, times the root of v
	centre  []float64  // K: that mean
	classes int
	dual    bool
	system  *system
	team    *f32.Team
}

const (
	columnPiece = 512  // columns of a feature matrix that one worker takes
	rowPiece    = 1024 // rows of it that are turned over together
)

// newRidge prepares a ridge. x are the features of N windows, which it changes; y are their
// classes and v their weights.
func newRidge(x f32.Matrix, y []int32, v []float64, classes int, team *f32.Team) *ridge {
	r := &ridge{x: x, mean: make([]float64, x.Cols), inverse: make([]float64, x.Cols), classes: classes,
		dual: x.Rows <= x.Cols, team: team}
	r.columns(func(from, to int) { r.standardize(from, to, v) })
	r.aim(y, v)
	r.system = newSystem(min(x.Rows, x.Cols))
	if r.dual {
		r.system.gram(x, team)
		return r
	}
	turned := f32.NewMatrix(x.Cols, rowPiece)
	for from := 0; from < x.Rows; from += rowPiece {
		part := x.RowRange(from, min(from+rowPiece, x.Rows))
		turned.Cols = part.Rows
		r.columns(func(from, to int) { turn(turned, part, from, to) })
		r.system.gram(turned, team)
	}
	return r
}

// columns calls do for pieces of the features, side by side.
func (r *ridge) columns(do func(from, to int)) {
	r.team.Do((r.x.Cols+columnPiece-1)/columnPiece, func(i int) {
		do(i*columnPiece, min((i+1)*columnPiece, r.x.Cols))
	})
}

// turn sets some rows of to as the columns of x.
func turn(to, x f32.Matrix, from, end int) {
	for i := range x.Rows {
		for j, v := range x.Row(i)[from:end] {
			to.Data[(from+j)*to.Stride+i] = v
		}
	}
}

// errSingular is returned for a ridge that is too weak for the arithmetic.
var errSingular = errors.New("the equations of the ridge have no solution in float64; take a stronger ridge")

// solve returns the weights, K × F, and intercepts of features as they are. The weights are 0 if no
// feature differs between the windows.
func (r *ridge) solve(strength float64) (weights []float32, intercepts []float64, err error) {
	weights, intercepts = make([]float32, r.classes*r.x.Cols), slices.Clone(r.centre)
	mean := r.system.diagonal()
	if mean == 0 {
		return weights, intercepts, nil
	}
	factor := &system{r.system.size, slices.Clone(r.system.a)}
	if !factor.factor(float64(strength*mean*float64(r.system.size))/float64(r.x.Rows), r.team) {
		return nil, nil, fmt.Errorf("ridge %v: %w", strength, errSingular)
	}
	w := r.right()
	r.team.Do(r.classes, func(k int) { factor.solve(w[k]) })
	if r.dual {
		w = r.times(w)
	}
	for k := range w {
		for j, v := range w[k] {
			v := float32(v * r.inverse[j])
			weights[k*r.x.Cols+j] = v
			intercepts[k] -= float64(float64(v) * r.mean[j])
		}
	}
	return weights, intercepts, nil
}

// right returns the right sides of the equations: the targets, or their products with the features.
func (r *ridge) right() [][]float64 {
	list := make([][]float64, r.classes)
	for k := range list {
		list[k] = make([]float64, r.x.Rows)
		for i := range list[k] {
			list[k][i] = r.targets[i*r.classes+k]
		}
	}
	if r.dual {
		return list
	}
	return r.times(list)
}

// times returns Xᵀ·a for each of some vectors a of N numbers.
func (r *ridge) times(vectors [][]float64) [][]float64 {
	list := make([][]float64, len(vectors))
	for k := range list {
		list[k] = make([]float64, r.x.Cols)
	}
	r.columns(func(from, to int) {
		for i := range r.x.Rows {
			row := r.x.Row(i)[from:to]
			for k, a := range vectors {
				sums, c := list[k][from:to], a[i]
				for j, x := range row {
					sums[j] += float64(float64(x) * c)
				}
			}
		}
	})
	return list
}
