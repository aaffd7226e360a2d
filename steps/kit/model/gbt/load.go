package gbt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"assay/steps/kit/model"
)

// maxModel is the size in bytes above which a model is not read.
const maxModel = 1 << 30

// Load reads a model that [Model.Save] wrote, or XGBoost after it. Whatever the bytes,
// it returns an error or a model that [Model.Predict] can evaluate. A model whose names
// do not match the hash of its schema is refused. Compare its schema with that of the
// data by [Schema.Match].
func Load(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxModel+1))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if len(b) > maxModel {
		return nil, fmt.Errorf("model: the file has more than %d bytes", maxModel)
	}
	var x xgbModel
	if err := json.Unmarshal(b, &x); err != nil {
		return nil, fmt.Errorf("model: this is not XGBoost JSON: %w", err)
	}
	m, err := x.Learner.model()
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// model checks the contents of XGBoost's file and builds the trees. The trees are listed
// round by round, one per class.
func (l *xgbLearner) model() (*Model, error) {
	m := &Model{Schema: model.Schema{
		Features: l.FeatureNames,
		Classes:  strings.Split(l.Attributes[attrClasses], ","),
		Meaning:  l.Attributes[attrMeaning],
	}}
	if err := l.check(m.Schema); err != nil {
		return nil, err
	}
	trees := l.Booster.Model
	k := len(m.Classes)
	var err error
	if m.Start, err = starts(l.Param.BaseScore, k); err != nil {
		return nil, err
	}
	if len(trees.Trees) == 0 || len(trees.Trees)%k != 0 || len(trees.TreeInfo) != len(trees.Trees) {
		return nil, fmt.Errorf("it has %d trees, of which %d have a class, for %d classes", len(trees.Trees),
			len(trees.TreeInfo), k)
	}
	for i := range trees.Trees {
		if c := trees.TreeInfo[i]; int(c) != i%k {
			return nil, fmt.Errorf("tree %d is of class %d, want %d", i, c, i%k)
		}
		t, err := trees.Trees[i].nodes(len(m.Features))
		if err != nil {
			return nil, fmt.Errorf("tree %d: %w", i, err)
		}
		m.Trees = append(m.Trees, t)
	}
	return m, nil
}

// check refuses models of another kind than those that Save writes.
func (l *xgbLearner) check(s model.Schema) error {
	if l.Attributes[attrSchema] == "" || l.Attributes[attrClasses] == "" {
		return fmt.Errorf("it lacks the attributes %s and %s, so its features and classes are not known", attrSchema,
			attrClasses)
	}
	if err := checkSchema(s); err != nil {
		return err
	}
	if h := s.Hash(); h != l.Attributes[attrSchema] {
		return fmt.Errorf("its names hash to %.12s but its schema is %.12q: the file was changed", h,
			l.Attributes[attrSchema])
	}
	for _, c := range []struct{ name, got, want string }{
		{"objective", l.Objective.Name, "multi:softprob"},
		{"booster", l.Booster.Name, "gbtree"},
		{"num_class", l.Param.NumClass, strconv.Itoa(len(s.Classes))},
		{"num_feature", l.Param.NumFeature, strconv.Itoa(len(s.Features))},
		{"num_parallel_tree", l.Booster.Model.Param.NumParallelTree, "1"},
	} {
		if c.got != c.want {
			return fmt.Errorf("its %s is %.40q, want %q", c.name, c.got, c.want)
		}
	}
	return nil
}

// starts reads base_score: one number for all of k classes, or since XGBoost 3.1 a list of
// one for each, in a text. For softprob they are margins.
func starts(score string, k int) ([]float32, error) {
	list, ok := strings.CutPrefix(score, "[")
	list, closed := strings.CutSuffix(list, "]")
	var start []float32
	for one := range strings.SplitSeq(list, ",") {
		v, err := strconv.ParseFloat(one, 32)
		if err != nil || missing(float32(v)) || ok != closed || len(start) == k {
			return nil, fmt.Errorf("its base_score is %.40q, want a finite number or a list of %d", score, k)
		}
		start = append(start, float32(v))
	}
	if len(start) == 1 {
		return slices.Repeat(start, k), nil
	}
	if len(start) != k {
		return nil, fmt.Errorf("its base_score has %d numbers, want one or %d", len(start), k)
	}
	return start, nil
}

var (
	errColumns = errors.New("its columns differ in length")
	errShape   = errors.New("its nodes do not form a tree")
)

// nodes returns the tree after checking that it is one.
func (x *xgbTree) nodes(features int) (Tree, error) {
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
		return nil, errors.New("it splits on categories, which Predict does not")
	}
	t := make(Tree, n)
	for i := range t {
		t[i] = Node{
			Value: x.SplitConditions[i], MissingLeft: bool(x.DefaultLeft[i]),
			Gain: x.LossChanges[i], Hessian: x.SumHessian[i], Weight: x.BaseWeights[i],
		}
		if x.LeftChildren[i] == noChild {
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
	return t, t.check()
}

// check returns nil if every node but the root is the child of exactly one node and can
// be reached from the root.
func (t Tree) check() error {
	seen := make([]bool, len(t))
	open, reached := []int32{0}, 1
	for len(open) > 0 {
		n := t[open[len(open)-1]]
		open = open[:len(open)-1]
		if n.Left == 0 {
			continue
		}
		for _, c := range [2]int32{n.Left, n.Right} {
			if c <= 0 || int(c) >= len(t) || seen[c] {
				return errShape
			}
			seen[c] = true
			open = append(open, c)
			reached++
		}
	}
	if reached != len(t) {
		return errShape
	}
	return nil
}
