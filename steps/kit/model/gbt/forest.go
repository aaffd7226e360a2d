package gbt

import "math"

// A forest is all trees in one list of nodes, for many rows at once. Two things make it fast.
// Four rows walk through a tree side by side, so the processor waits for four nodes at a
// time. And a step has no branch that could be foretold wrongly: values and cuts are keys,
// unsigned integers in the order of the floats, so whether a value goes left is the borrow of
// a difference. The leaves a row falls into are those of [Tree.margin].
type forest struct {
	features uint32
	nodes    []flatNode
	roots    []int32 // by tree
	depth    []int32 // by tree: most splits from root to leaf
}

// A flatNode is 16 bytes. Its left child lies before its right one.
type flatNode struct {
	cut   uint32  // key of the cut, one more if missing values go left; 0 in a leaf
	test  uint32  // where the keys of the column begin; in the second half if missing values go left
	right int32   // index of the right child; a leaf's own
	value float32 // of a leaf
}

// missingKey is that of a missing value. It is above all others, and 0 after adding one.
const missingKey = math.MaxUint32

// key maps floats to integers in the same order. Both zeros have one key. Like the walk, it
// has no branch.
func key(v float32) uint32 {
	b := math.Float32bits(v)
	if b == 1<<31 {
		b = 0
	}
	k := orderOf(b)
	if b&^(1<<31) >= largest { // as missing says
		k = missingKey
	}
	return k
}

// largest are the bits of the largest float32. Those of infinities and NaN are above.
const largest = 0x7f7fffff

// orderOf flips the bits of a negative number, and the sign of another.
func orderOf(b uint32) uint32 { return b ^ (uint32(int32(b)>>31) | 1<<31) }

// cutKey returns the key of a cut. Nothing is less than a cut that is not a number.
func cutKey(v float32) uint32 {
	switch {
	case v != v:
		return 0
	case v == 0:
		v = 0 // not -0
	}
	return orderOf(math.Float32bits(v))
}

func newForest(trees []Tree, features int) *forest {
	f := &forest{features: uint32(features)}
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
		to := flatNode{cut: cutKey(n.Value), test: uint32(n.Feature) * blockRows, right: left + 1}
		if n.MissingLeft {
			to.cut, to.test = to.cut+1, to.test+f.features*blockRows
		}
		f.nodes[o.to] = to
		f.nodes = append(f.nodes, flatNode{}, flatNode{})
		queue = append(queue, open{n.Left, left, o.level + 1}, open{n.Right, left + 1, o.level + 1})
	}
	return depth
}

// stepsAtOnce is how deep four rows go before the walk looks whether all are in leaves.
const stepsAtOnce = 8

// leaves returns the leaves that four rows fall into. The keys are column by column, blockRows
// of each; then again, each one more. A row that is in a leaf stays there.
func (f *forest) leaves(tree int, keys []uint32, row uint32) (i0, i1, i2, i3 int32) {
	root, nodes := f.roots[tree], f.nodes
	i0, i1, i2, i3 = root, root, root, root
	for left := f.depth[tree]; left > 0; left -= stepsAtOnce {
		for range min(left, stepsAtOnce) {
			n0, n1, n2, n3 := &nodes[i0], &nodes[i1], &nodes[i2], &nodes[i3]
			i0 = n0.right - n0.less(keys[n0.test+row])
			i1 = n1.right - n1.less(keys[n1.test+row+1])
			i2 = n2.right - n2.less(keys[n2.test+row+2])
			i3 = n3.right - n3.less(keys[n3.test+row+3])
		}
		if nodes[i0].right == i0 && nodes[i1].right == i1 && nodes[i2].right == i2 && nodes[i3].right == i3 {
			break
		}
	}
	return i0, i1, i2, i3
}

// less returns 1 if a key goes left, else 0.
func (n *flatNode) less(key uint32) int32 {
	return int32((uint64(key) - uint64(n.cut)) >> 63)
}
