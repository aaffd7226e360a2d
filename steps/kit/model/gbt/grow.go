package gbt

import "assay/steps/kit/kernel/tally"

// A grower grows trees over the same binned rows, one after another.
//
// A tree grows depth first. The call for a parent owns the histograms of its children:
// that of the child with fewer rows is built, and the other is what remains of the
// parent's. So there is never more than one histogram per depth.
type grower struct {
	bins     *bins
	maxDepth int
	rows     []int32     // the tree's rows; those of a node are consecutive
	left     []int32     // the others
	gh       []packed    // derivatives of rows, in the same order
	spare    grown       // scratch of partition
	sides    [512]byte   // scratch of partition: 1 for the left one
	block    tally.Block // scratch of histograms
	hist     [][]packed  // by depth
	wanted   []bool      // by feature: the tree may split on it
	levels   [][]int32   // by depth: the features it may split on there, ascending

	rule   rule
	search search
	tree   Tree
	routes []route // by node of the tree
	leaves []leaf
}

type grown struct {
	rows []int32
	gh   []packed
}

// A leaf is the rows from lo to hi of a grown tree, and what it adds to their margins.
type leaf struct {
	lo, hi int
	value  float32
}

// A route is what an inner node asks of a row's bins.
type route struct {
	feature     int32 // index into bins.features
	bin         byte  // rows of no higher one go left
	missingLeft bool
}

func newGrower(b *bins, maxDepth int) *grower {
	g := &grower{
		bins: b, maxDepth: maxDepth,
		rows:   make([]int32, b.rows),
		gh:     make([]packed, b.rows),
		spare:  grown{make([]int32, b.rows), make([]packed, b.rows)},
		hist:   make([][]packed, maxDepth),
		wanted: make([]bool, len(b.features)),
		levels: make([][]int32, maxDepth),
	}
	for d := range g.hist {
		g.hist[d] = make([]packed, b.slots())
	}
	return g
}

// grow returns the tree fitted to g.gh, on the first rows of g.rows and the features
// that sample chose. root is the histogram of these rows, or nil if it is not built; it may
// be overwritten. Afterwards g.leaves are its leaves.
func (g *grower) grow(rows int, r rule, root []packed) Tree {
	g.rule, g.tree, g.routes, g.leaves = r, nil, g.routes[:0], g.leaves[:0]
	var sum packed
	for _, v := range g.gh[:rows] {
		sum += v
	}
	if root == nil {
		root = g.hist[0]
		if g.splittable(sum, 0, rows, 0) {
			g.bins.build(root, g.rows[:rows], g.gh[:rows], g.wanted, &g.block)
		}
	}
	g.node(0, rows, sum, 0, root)
	return g.tree
}

func (g *grower) splittable(sum packed, lo, hi, depth int) bool {
	return depth < g.maxDepth && hi-lo > 1 && g.rule.canSplit(sum)
}

// node adds the node of rows lo to hi, and all below it, and returns its index.
// h is its histogram if the node is splittable; it may be overwritten.
func (g *grower) node(lo, hi int, sum packed, depth int, h []packed) int32 {
	at := int32(len(g.tree))
	alone := Node{Hessian: float32(float64(sum.H()) / g.rule.unit), Weight: g.rule.weight(sum)}
	alone.Value = alone.Weight
	g.tree, g.routes = append(g.tree, alone), append(g.routes, route{})
	before := len(g.leaves)
	if s := g.seek(lo, hi, sum, depth, h); s.feature >= 0 {
		gain := g.describe(at, s, sum, h)
		mid := g.partition(lo, hi, s)
		left, right := g.children(lo, mid, hi, s.left, sum, depth+1, h)
		g.tree[at].Left, g.tree[at].Right = left, right
		if gain >= g.rule.gamma || !g.leavesBelow(at) {
			return at
		}
		// XGBoost's pruning: a split that gains too little goes, from the bottom up, if what it
		// led to did not gain enough either.
		g.tree, g.routes, g.leaves = g.tree[:at+1], g.routes[:at+1], g.leaves[:before]
		g.tree[at] = alone
	}
	g.leaves = append(g.leaves, leaf{lo, hi, alone.Value})
	return at
}

// leavesBelow reports whether both children of a node are leaves.
func (g *grower) leavesBelow(at int32) bool {
	n := &g.tree[at]
	return g.tree[n.Left].Left == 0 && g.tree[n.Right].Left == 0
}

// seek returns the best split of a node, that of no feature if there is none.
func (g *grower) seek(lo, hi int, sum packed, depth int, h []packed) split {
	if !g.splittable(sum, lo, hi, depth) {
		return split{feature: -1}
	}
	s := &g.search
	s.begin(&g.rule, sum)
	for _, f := range g.levels[depth] {
		feat := &g.bins.features[f]
		s.scan(h[feat.slot:feat.end()+1], int(f))
	}
	return s.best
}

// describe fills in an inner node and returns the split's gain. If no row of the node
// lacks the value, missing values go to the heavier side.
func (g *grower) describe(at int32, s split, sum packed, h []packed) (gain float64) {
	n, f := &g.tree[at], &g.bins.features[s.feature]
	n.Feature, n.Value = int32(f.column), f.cuts[s.bin]
	gain = s.score - g.rule.score(sum.G(), sum.H())
	n.Gain = float32(gain / g.rule.unit)
	n.MissingLeft = s.missingLeft
	if h[f.end()] == 0 {
		n.MissingLeft = 2*s.left.H() >= sum.H()
	}
	g.routes[at] = route{int32(s.feature), byte(s.bin), n.MissingLeft}
	return gain
}

// margin is [Tree.margin] of the tree that was grown last, of a row that it did not see.
func (g *grower) margin(t Tree, row int32) float32 {
	at := int32(0)
	for t[at].Left != 0 {
		r := &g.routes[at]
		group := &g.bins.groups[r.feature/groupWidth]
		bin := group.bin[int(row)*group.width+int(r.feature%groupWidth)]
		left := bin <= r.bin
		if int(bin) == len(g.bins.features[r.feature].cuts) {
			left = r.missingLeft
		}
		if left {
			at = t[at].Left
		} else {
			at = t[at].Right
		}
	}
	return t[at].Value
}

// children grows both sides of a split. h is the parent's histogram.
func (g *grower) children(lo, mid, hi int, left, sum packed, depth int, h []packed) (l, r int32) {
	right := sum - left
	growL, growR := g.splittable(left, lo, mid, depth), g.splittable(right, mid, hi, depth)
	hl, hr := h, h
	if growL || growR {
		small := g.hist[depth]
		if mid-lo <= hi-mid {
			hl = small
			g.bins.build(small, g.rows[lo:mid], g.gh[lo:mid], g.wanted, &g.block)
		} else {
			hr = small
			g.bins.build(small, g.rows[mid:hi], g.gh[mid:hi], g.wanted, &g.block)
		}
		g.bins.subtract(h, small, g.wanted)
	}
	l = g.node(lo, mid, left, depth, hl)
	r = g.node(mid, hi, right, depth, hr)
	return l, r
}

// partition moves the rows that go left before those that go right, each side
// in the order it was in, and returns where the right side begins.
func (g *grower) partition(lo, hi int, s split) int {
	f := &g.bins.features[s.feature]
	group := &g.bins.groups[s.feature/groupWidth]
	bin, width := group.bin[s.feature%groupWidth:], group.width
	var goes [maxBins]byte
	for b := range s.bin + 1 {
		goes[b] = 1
	}
	if s.missingLeft {
		goes[len(f.cuts)] = 1
	}
	rows, gh := g.rows[lo:hi], g.gh[lo:hi]
	l, r := 0, 0
	for at := 0; at < len(rows); at += len(g.sides) {
		some := rows[at:min(at+len(g.sides), len(rows))]
		sides := g.sides[:len(some)]
		tally.Sides(sides, bin, width, some, &goes)
		for i, left := range sides {
			row, v := some[i], gh[at+i]
			// Always both writes: a branch on the side would be mispredicted.
			rows[l], gh[l] = row, v
			g.spare.rows[r], g.spare.gh[r] = row, v
			l += int(left)
			r += 1 - int(left)
		}
	}
	copy(rows[l:], g.spare.rows[:r])
	copy(gh[l:], g.spare.gh[:r])
	return lo + l
}
