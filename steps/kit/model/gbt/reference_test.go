package gbt

import (
	"math"
	"slices"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt/quantile"
)

// The reference trainer is the oracle of the fast one. It has no histogram, no
// bins and no packed words: for every node, feature and cut it looks at the
// values of every row again. What it shares with the fast trainer is what the
// method is defined by: the cuts, the derivatives' rounding and the samples.

type reference struct {
	p       Params
	columns int
	set     model.Set
	cuts    [][]float32 // by column; nil if it cannot split
	g, h    []int64     // by row, for the tree being grown
	unit    float64
	levels  [][]bool // by depth and column: whether it may split there
	tree    Tree
}

// referenceTrain returns the trees of p.Rounds rounds without early stopping.
func referenceTrain(p Params, s model.Schema, set model.Set) []Tree {
	k, n := len(s.Classes), len(set.Y)
	r := &reference{p: p, columns: len(s.Features), set: set}
	usable := r.prepare()
	weight := classWeights(set.Y, k, p.ClassWeight)
	grad := newGradients(set.Y, weight)
	var margins [][]float32
	for _, m := range startOf(set.Y, weight) {
		margins = append(margins, slices.Repeat([]float32{m}, n))
	}
	team := f32.NewTeam(1)
	defer team.Close()
	var trees []Tree
	for range p.Rounds {
		grad.update(margins, team)
		for c := range k {
			rows := r.sample(len(trees), usable)
			gh := make([]packed, len(rows))
			r.unit = grad.quantize(rows, c, len(trees))
			grad.take(gh, rows, c)
			r.g, r.h = make([]int64, n), make([]int64, n)
			for i, v := range gh {
				r.g[rows[i]], r.h[rows[i]] = v.G(), v.H()
			}
			r.tree = nil
			r.grow(rows, 0)
			trees = append(trees, r.tree)
			for i := range n {
				margins[c][i] += r.tree.margin(set.X[i*r.columns : (i+1)*r.columns])
			}
		}
	}
	return trees
}

// sample draws the rows of a tree and the columns of its levels.
func (r *reference) sample(tree int, usable []int) (rows []int32) {
	var columns []int
	choose(stream(r.p.Seed, "features", tree), len(usable), share(len(usable), r.p.ColsampleTree), func(i int) {
		columns = append(columns, usable[i])
	})
	r.levels = nil
	rng := stream(r.p.Seed, "levels", tree)
	for range r.p.MaxDepth {
		level := make([]bool, r.columns)
		choose(rng, len(columns), share(len(columns), r.p.ColsampleLevel), func(i int) { level[columns[i]] = true })
		r.levels = append(r.levels, level)
	}
	n := len(r.set.Y)
	choose(stream(r.p.Seed, "rows", tree), n, share(n, r.p.Subsample), func(i int) { rows = append(rows, int32(i)) })
	return rows
}

// prepare finds the cuts and returns the columns that can split.
func (r *reference) prepare() (usable []int) {
	r.cuts = make([][]float32, r.columns)
	for c := range r.columns {
		var values []float32
		for i := range r.set.Y {
			if v := r.at(int32(i), c); !missing(v) {
				values = append(values, v)
			}
		}
		absent := len(r.set.Y) - len(values)
		cuts := quantile.Cuts(values, r.p.MaxBin-1, new(quantile.Sorter))
		if len(cuts) > 1 || len(cuts) == 1 && absent > 0 {
			r.cuts[c] = cuts
			usable = append(usable, c)
		}
	}
	return usable
}

func (r *reference) at(row int32, column int) float32 { return r.set.X[int(row)*r.columns+column] }

func (r *reference) sums(rows []int32) (g, h int64) {
	for _, i := range rows {
		g += r.g[i]
		h += r.h[i]
	}
	return g, h
}

// divide returns the rows of either side of a split.
func (r *reference) divide(rows []int32, column int, cut float32, missingLeft bool) (left, right []int32) {
	for _, i := range rows {
		v := r.at(i, column)
		if !missing(v) && v < cut || missing(v) && missingLeft {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	return left, right
}

// value is g²/(h+lambda), both rounded as the fast trainer's.
func (r *reference) value(g, h int64) float64 {
	return float64(g) * float64(g) / (float64(h) + float64(r.p.Lambda*r.unit))
}

func (r *reference) grow(rows []int32, depth int) int32 {
	at := int32(len(r.tree))
	g, h := r.sums(rows)
	n := Node{Hessian: float32(float64(h) / r.unit)}
	if d := float64(h) + float64(r.p.Lambda*r.unit); d > 0 {
		n.Weight = float32(-float64(g) / d * r.p.LearningRate)
	}
	n.Value = n.Weight
	r.tree = append(r.tree, n)
	if depth == r.p.MaxDepth {
		return at
	}
	left, right, ok := r.best(rows, depth, g, h, &r.tree[at])
	if !ok {
		return at
	}
	l := r.grow(left, depth+1)
	rt := r.grow(right, depth+1)
	r.tree[at].Left, r.tree[at].Right = l, rt
	if float64(r.tree[at].Gain) < r.p.Gamma && r.tree[l].Left == 0 && r.tree[rt].Left == 0 {
		r.tree = append(r.tree[:at], n)
	}
	return at
}

func (r *reference) best(rows []int32, depth int, g, h int64, n *Node) (left, right []int32, ok bool) {
	least := int64(math.Ceil(r.p.MinChildWeight * r.unit))
	top := r.value(g, h) + float64(1e-6*r.unit)
	for c, cuts := range r.cuts {
		if cuts == nil || !r.levels[depth][c] {
			continue
		}
		for _, missingLeft := range []bool{false, true} {
			for _, cut := range cuts {
				a, b := r.divide(rows, c, cut, missingLeft)
				ga, ha := r.sums(a)
				gb, hb := r.sums(b)
				if ha < least || hb < least {
					continue
				}
				if v := r.value(ga, ha) + r.value(gb, hb); v > top {
					top, left, right, ok = v, a, b, true
					n.Feature, n.Value, n.MissingLeft = int32(c), cut, missingLeft
					n.Gain = float32((v - r.value(g, h)) / r.unit)
				}
			}
		}
	}
	if ok && !r.lacks(rows, int(n.Feature)) {
		_, hl := r.sums(left)
		n.MissingLeft = 2*hl >= h
	}
	return left, right, ok
}

// lacks reports whether a row that counts has no value in a column.
func (r *reference) lacks(rows []int32, column int) bool {
	var g, h int64
	for _, i := range rows {
		if missing(r.at(i, column)) {
			g += r.g[i]
			h += r.h[i]
		}
	}
	return g != 0 || h != 0
}
