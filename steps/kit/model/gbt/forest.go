package gbt

import "math"

// A forest is all trees in one list of nodes, for many rows at once. Two things make it fast.
// Four rows walk through a tree side by side, so the processor waits for four nodes at a
// time. And a step has no branch that could be foretold wrongly: values and cuts are keys,
// unsigned integers in the order of the floats, so whether a value goes left is the borrow of
// a difference. The leaves a row falls into are those of [Tree.margin].
type forest struct {
	nodes []flatNode
	roots []int32 // by tree
	depth []int32 // by tree: most splits from root to leaf
}

// A flatNode is 16 bytes. Its left child lies before its right one.
type flatNode struct {
	cut   uint32  // key of the cut, one more if missing values go left; 0 in a leaf
	test  uint32  // 2 × column, one more if missing values go left
	right int32   // index of the right child; a leaf's own
	value float32 // of a leaf
}

// missingKey is that of a missing value. It is above all others, and 0 after adding one.
const missingKey = math.MaxUint32

// key maps floats to integers in the same order. Both zeros have one key.
func key(v float32) uint32 {
	if missing(v) {
		return missingKey
	}
	return orderOf(v)
}

// orderOf is [key] of a number that is not missing.
func orderOf(v float32) uint32 {
	b := math.Float32bits(v)
	switch {
	case v == 0:
		return 1 << 31
	case v < 0:
		return ^b
	}
	return b | 1<<31
}

// cutKey returns the key of a cut. Nothing is less than a cut that is not a number.
func cutKey(v float32) uint32 {
	if v != v {
		return 0
	}
	return orderOf(v)
}

func newForest(trees []Tree) *forest {
	f := new(forest)
	for _, t := range trees {
		f.roots = append(f.roots, int32(len(f.nodes)))
		f.depth = append(f.depth, f.add(t))
	}
	return f
}

// add appends the nodes of a tree, level by level, and returns its depth.
func (f *forest) add(t Tree) (depth int32) {
	type open struct{ from, to, level int32 }
	root := int32(len(f.nodes))
	f.nodes = append(f.nodes, flatNode{})
	queue := []open{{0, root, 0}}
	for len(queue) > 0 {
		o := queue[0]
		queue = queue[1:]
		n := &t[o.from]
		depth = max(depth, o.level)
		if n.Left == 0 {
			f.nodes[o.to] = flatNode{right: o.to, value: n.Value}
			continue
		}
		left := int32(len(f.nodes))
		to := flatNode{cut: cutKey(n.Value), test: uint32(n.Feature) << 1, right: left + 1}
		if n.MissingLeft {
			to.cut, to.test = to.cut+1, to.test+1
		}
		f.nodes[o.to] = to
		f.nodes = append(f.nodes, flatNode{}, flatNode{})
		queue = append(queue, open{n.Left, left, o.level + 1}, open{n.Right, left + 1, o.level + 1})
	}
	return depth
}

// stepsAtOnce is how deep four rows go before the walk looks whether all are in leaves.
const stepsAtOnce = 8

// leaves returns the leaves that four rows of keys fall into. A row that is in a leaf stays
// there.
func (f *forest) leaves(tree int, x0, x1, x2, x3 []uint32) (i0, i1, i2, i3 int32) {
	root, nodes := f.roots[tree], f.nodes
	i0, i1, i2, i3 = root, root, root, root
	for left := f.depth[tree]; left > 0; left -= stepsAtOnce {
		for range min(left, stepsAtOnce) {
			n0, n1, n2, n3 := &nodes[i0], &nodes[i1], &nodes[i2], &nodes[i3]
			i0 = n0.right - n0.less(x0[n0.test>>1])
			i1 = n1.right - n1.less(x1[n1.test>>1])
			i2 = n2.right - n2.less(x2[n2.test>>1])
			i3 = n3.right - n3.less(x3[n3.test>>1])
		}
		if nodes[i0].right == i0 && nodes[i1].right == i1 && nodes[i2].right == i2 && nodes[i3].right == i3 {
			break
		}
	}
	return i0, i1, i2, i3
}

// less returns 1 if a key goes left, else 0.
func (n *flatNode) less(key uint32) int32 {
	return int32((uint64(key+n.test&1) - uint64(n.cut)) >> 63)
}
