package gbt

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"assay/steps/kit/model/gbt/xgb"
)

var (
	errColumns = errors.New("its columns differ in length")
	errShape   = errors.New("its nodes do not form a tree")
)

// nodes returns the tree after checking that it is one, without its deleted nodes.
func nodes(x *xgb.Tree, features int) (Tree, error) {
	n := len(x.LeftChildren)
	for _, l := range []int{len(x.RightChildren), len(x.SplitIndices), len(x.SplitConditions),
		len(x.DefaultLeft), len(x.LossChanges), len(x.SumHessian), len(x.BaseWeights)} {
		if l != n {
			return nil, errColumns
		}
	}
	if n == 0 || n > math.MaxInt32 {
		return nil, errShape
	}
	if slices.ContainsFunc(x.SplitType, func(kind int32) bool { return kind != 0 }) {
		return nil, errors.New("it splits on categories, which Predict does not; train with numbers only")
	}
	t := make(Tree, n)
	for i := range t {
		t[i] = Node{
			Value: x.SplitConditions[i], MissingLeft: bool(x.DefaultLeft[i]),
			Gain: x.LossChanges[i], Hessian: x.SumHessian[i], Weight: x.BaseWeights[i],
		}
		if x.LeftChildren[i] == xgb.NoChild || deleted(x, i) {
			continue
		}
		if x.LeftChildren[i] == 0 {
			return nil, errShape // the root is nobody's child
		}
		t[i].Left, t[i].Right, t[i].Feature = x.LeftChildren[i], x.RightChildren[i], x.SplitIndices[i]
		if f := t[i].Feature; f < 0 || int(f) >= features {
			return nil, fmt.Errorf("node %d splits on feature %d of %d", i, f, features)
		}
	}
	seen, err := t.reached()
	if err != nil {
		return nil, err
	}
	return t.without(x, seen)
}

// deleted reports whether pruning removed a node.
func deleted(x *xgb.Tree, i int) bool {
	return x.SplitIndices[i] == xgb.Deleted && bool(x.DefaultLeft[i])
}

// reached returns which nodes a row can come to. It fails if a node is the child of two, or
// out of range.
func (t Tree) reached() ([]bool, error) {
	seen := make([]bool, len(t))
	seen[0] = true
	open := []int32{0}
	for len(open) > 0 {
		n := t[open[len(open)-1]]
		open = open[:len(open)-1]
		if n.Left == 0 {
			continue
		}
		for _, c := range [2]int32{n.Left, n.Right} {
			if c <= 0 || int(c) >= len(t) || seen[c] {
				return nil, errShape
			}
			seen[c] = true
			open = append(open, c)
		}
	}
	return seen, nil
}

// without returns the tree of the nodes that were seen. The others must be deleted ones, and
// as many as the file says.
func (t Tree) without(x *xgb.Tree, seen []bool) (Tree, error) {
	place := make([]int32, len(t))
	var kept Tree
	for i := range t {
		if seen[i] == deleted(x, i) {
			return nil, errShape
		}
		if seen[i] {
			place[i] = int32(len(kept))
			kept = append(kept, t[i])
		}
	}
	gone := len(t) - len(kept)
	if said := x.Param.NumDeleted; said != strconv.Itoa(gone) && !(said == "" && gone == 0) {
		return nil, fmt.Errorf("it has %d deleted nodes, and says %.20q", gone, said)
	}
	for i := range kept {
		kept[i].Left, kept[i].Right = place[kept[i].Left], place[kept[i].Right]
	}
	return kept, nil
}
