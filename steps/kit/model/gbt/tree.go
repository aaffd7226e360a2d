package gbt

import (
	"math"

	"assay/steps/kit/model"
)

// A Node is an inner node or a leaf of a tree.
type Node struct {
	Left, Right int32   // indices of the children; Left is 0 in a leaf
	Feature     int32   // column that the node compares
	Value       float32 // inner: x < Value goes left. Leaf: what it adds to the margin
	MissingLeft bool    // where a missing value goes
	Gain        float32 // what the split lowered the loss by; 0 in a leaf
	Hessian     float32 // sum of Hessians of the training rows
	Weight      float32 // what a leaf here adds to the margin
}

// A Tree is its nodes, the root first.
type Tree []Node

// missing reports whether a feature has no usable value. The largest float32
// counts as missing too: it is the cut between any value and none.
func missing(x float32) bool {
	return !(x < math.MaxFloat32 && x > -math.MaxFloat32)
}

// GoesLeft reports whether a row with a value of the node's feature goes to its left child.
func (n *Node) GoesLeft(v float32) bool {
	if missing(v) {
		return n.MissingLeft
	}
	return v < n.Value
}

// margin returns the value of the leaf that row x falls into.
func (t Tree) margin(x []float32) float32 {
	n := &t[0]
	for n.Left != 0 {
		if n.GoesLeft(x[n.Feature]) {
			n = &t[n.Left]
		} else {
			n = &t[n.Right]
		}
	}
	return n.Value
}

// A Model is a sum of trees for each class.
type Model struct {
	model.Schema
	Start []float32 // K: the margin each class starts from, XGBoost's base_score
	Trees []Tree    // tree r*K+k is round r's for class k; not to be changed after a prediction

	compiled
}

// Rounds returns the number of rounds the model is made of.
func (m *Model) Rounds() int { return len(m.Trees) / len(m.Classes) }

// Margins sets out[k] to the margin of class k for one row of F features: its
// start and the trees' leaves, added in the order of rounds in float32, as
// XGBoost does. out has length K.
func (m *Model) Margins(x, out []float32) {
	copy(out, m.Start)
	for i, t := range m.Trees {
		out[i%len(out)] += t.margin(x)
	}
}

// About implements [model.Model].
func (m *Model) About() model.About {
	return model.About{Family: "gbt", Rounds: m.Rounds(), Form: model.Summaries, Schema: m.Schema}
}
