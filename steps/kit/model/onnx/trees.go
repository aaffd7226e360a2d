package onnx

import (
	"math"

	"assay/steps/kit/model/gbt"
)

// The comparisons of nodes.
const (
	branch = "BRANCH_LT" // x < value goes to the true node
	leaf   = "LEAF"
)

// encodeTrees makes a graph of boosted trees, which reads x [N, F]. The sums of leaves
// are those of a regressor with a target for each class; the softmax is a node of its own.
func encodeTrees(g *graph, m *gbt.Model) {
	x := g.usable(g.reads(len(m.Features)))
	var t treeTable
	for i, tree := range m.Trees {
		t.add(int64(i), int64(i%len(m.Classes)), tree)
	}
	margins := "margins"
	g.addOf(domainML, "TreeEnsembleRegressor", []string{x}, []string{margins}, append(t.attributes(),
		intAttr("n_targets", int64(len(m.Classes))),
		floatsAttr("base_values", m.Start))...)
	g.answers(margins, len(m.Classes))
}

// usable replaces by NaN what the trees take as missing and the operator does not: infinities
// and the largest float32.
func (g *graph) usable(x string) string {
	most := g.floats("most", nil, []float32{math.MaxFloat32})
	nan := g.floats("missing", nil, []float32{float32(math.NaN())})
	there := g.node("Less", []string{g.node("Abs", []string{x}), most})
	return g.node("Where", []string{there, x, nan})
}

// A treeTable holds the nodes of all trees by columns, as the operator wants them.
type treeTable struct {
	tree, node, feature, yes, no, tracks []int64
	value                                []float32
	mode                                 []string

	leafTree, leafNode, class []int64
	weight                    []float32
}

// add appends a tree. A node's id is its index in the tree.
func (t *treeTable) add(id, class int64, tree gbt.Tree) {
	for i, n := range tree {
		t.tree, t.node = append(t.tree, id), append(t.node, int64(i))
		if n.Left == 0 {
			t.split(leaf, gbt.Node{})
			t.leafTree, t.leafNode = append(t.leafTree, id), append(t.leafNode, int64(i))
			t.class, t.weight = append(t.class, class), append(t.weight, n.Value)
			continue
		}
		t.split(branch, n)
	}
}

// split appends what a node compares; nothing, for a leaf.
func (t *treeTable) split(mode string, n gbt.Node) {
	t.mode, t.value = append(t.mode, mode), append(t.value, n.Value)
	t.feature = append(t.feature, int64(n.Feature))
	t.yes, t.no = append(t.yes, int64(n.Left)), append(t.no, int64(n.Right))
	tracks := int64(0)
	if n.MissingLeft {
		tracks = 1
	}
	t.tracks = append(t.tracks, tracks)
}

func (t *treeTable) attributes() []attribute {
	return []attribute{
		intsAttr("nodes_treeids", t.tree...),
		intsAttr("nodes_nodeids", t.node...),
		textsAttr("nodes_modes", t.mode),
		intsAttr("nodes_featureids", t.feature...),
		floatsAttr("nodes_values", t.value),
		intsAttr("nodes_truenodeids", t.yes...),
		intsAttr("nodes_falsenodeids", t.no...),
		intsAttr("nodes_missing_value_tracks_true", t.tracks...),
		intsAttr("target_treeids", t.leafTree...),
		intsAttr("target_nodeids", t.leafNode...),
		intsAttr("target_ids", t.class...),
		floatsAttr("target_weights", t.weight),
	}
}
