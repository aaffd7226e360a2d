package shap

import (
	"fmt"

	"assay/steps/kit/model/gbt"
)

// MaxDepth is the most splits from root to leaf of a tree that is explained. The weights of
// coalitions are not exact for longer paths.
const MaxDepth = 100

// maxSteps is how long all paths of a model are together, at most: 16 bytes each.
const maxSteps = 1 << 25

// A path is the way from a root to a leaf, by the features that are compared on it.
type path struct {
	class    int32
	from, to int32 // its parts
	value    float64
}

// A part is all that a path asks of one feature.
type part struct {
	feature  int32
	from, to int32   // its steps
	zero     float64 // share of the training rows that go on at its splits
}

// A step is a split and the side of it that leads to the leaf.
type step struct {
	node *gbt.Node
	left bool
}

// passed is a split on the way, with the share of its rows that went this side.
type passed struct {
	step
	share float64
}

// add makes the paths of a tree.
func (e *Explainer) add(t gbt.Tree, class int) error {
	return e.walk(t, 0, class, nil)
}

func (e *Explainer) walk(t gbt.Tree, at int32, class int, way []passed) error {
	n := &t[at]
	if n.Left == 0 {
		e.leaf(way, class, float64(n.Value))
		return nil
	}
	if len(way) == MaxDepth {
		return fmt.Errorf("a tree has more than %d splits from root to leaf, which is too deep to explain", MaxDepth)
	}
	if len(e.steps)+len(way) >= maxSteps {
		return fmt.Errorf("the model is too large to explain: its leaves have more than %d splits above them", maxSteps)
	}
	left := share(t[n.Left].Hessian, t[n.Right].Hessian)
	way = way[:len(way):len(way)] // the two sides must not share what follows
	if err := e.walk(t, n.Left, class, append(way, passed{step{n, true}, left})); err != nil {
		return err
	}
	return e.walk(t, n.Right, class, append(way, passed{step{n, false}, 1 - left}))
}

// share returns the share of a in a and b, by the sums of Hessians as XGBoost has it. A model
// may have nonsense there.
func share(a, b float32) float64 {
	sum := float64(a) + float64(b)
	if !(a >= 0 && b >= 0 && sum > 0) {
		return 0.5
	}
	return float64(a) / sum
}

// leaf adds the path to a leaf.
func (e *Explainer) leaf(way []passed, class int, value float64) {
	p := path{class: int32(class), from: int32(len(e.parts)), value: value}
	reached := 1.0
	for i, s := range way {
		reached *= s.share
		if firstOf(way, s.node.Feature) == i {
			e.parts = append(e.parts, e.gather(way[i:]))
		}
	}
	p.to = int32(len(e.parts))
	e.paths = append(e.paths, p)
	e.bias[class] += float64(reached * value)
}

// firstOf returns the index of the first split on a feature.
func firstOf(way []passed, feature int32) int {
	for i, s := range way {
		if s.node.Feature == feature {
			return i
		}
	}
	return -1
}

// gather makes the part of the feature of the first split.
func (e *Explainer) gather(way []passed) part {
	q := part{feature: way[0].node.Feature, from: int32(len(e.steps)), zero: 1}
	for _, s := range way {
		if s.node.Feature == q.feature {
			e.steps = append(e.steps, s.step)
			q.zero *= s.share
		}
	}
	q.to = int32(len(e.steps))
	return q
}
