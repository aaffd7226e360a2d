package gbt

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt/xgb"
)

// A shape says how the trees of a file make classes.
type shape struct {
	classes  int  // K
	groups   int  // classes that have trees: K, or 1 of two
	parallel int  // trees that each of them gets a round
	binary   bool // the objective is binary:logistic
}

// shapeOf refuses models of a kind that [Model] cannot say.
func shapeOf(l *xgb.Learner) (shape, error) {
	b := &l.Booster
	if b.Name != "gbtree" {
		return shape{}, fmt.Errorf("its booster is %.40q; want \"gbtree\", as a sum of plain trees is what is read", b.Name)
	}
	if slices.ContainsFunc(b.WeightDrop, func(w float32) bool { return w != 1 }) {
		return shape{}, errors.New("its trees have weights (weight_drop), as those of dart; want plain trees")
	}
	if n := l.Param.NumTarget; n != "" && n != "1" && n != "0" {
		return shape{}, fmt.Errorf("its num_target is %.40q; want one label for each row", n)
	}
	for i := range b.Model.Trees {
		if n := b.Model.Trees[i].Param.SizeLeafVector; n != "" && n != "0" && n != "1" {
			return shape{}, fmt.Errorf("the leaves of its tree %d have %.40s values each (multi_strategy "+
				"multi_output_tree), want one", i, n)
		}
	}
	s := shape{parallel: 1}
	var err error
	if text := b.Model.Param.NumParallelTree; text != "" {
		s.parallel, err = strconv.Atoi(text)
	}
	if err != nil || s.parallel < 1 || s.parallel > len(b.Model.Trees) {
		return shape{}, fmt.Errorf("its num_parallel_tree is %.40q, and it has %d trees",
			b.Model.Param.NumParallelTree, len(b.Model.Trees))
	}
	return s.of(l)
}

// of sets the classes, which the objective says how to read.
func (s shape) of(l *xgb.Learner) (shape, error) {
	switch l.Objective.Name {
	case "binary:logistic":
		s.classes, s.groups, s.binary = 2, 1, true
		if n := l.Param.NumClass; n != "0" && n != "1" {
			return s, fmt.Errorf("its num_class is %.40q and its objective binary:logistic", n)
		}
		return s, nil
	case "multi:softprob", "multi:softmax":
		k, err := strconv.Atoi(l.Param.NumClass)
		if err != nil || k < 2 || k > len(l.Booster.Model.Trees) {
			return s, fmt.Errorf("its num_class is %.40q, want 2 or more, and a tree for each; it has %d trees",
				l.Param.NumClass, len(l.Booster.Model.Trees))
		}
		s.classes, s.groups = k, k
		return s, nil
	}
	return s, fmt.Errorf("its objective is %.40q, which gives no probabilities of classes; want multi:softprob, "+
		"multi:softmax or binary:logistic", l.Objective.Name)
}

// starts reads base_score: one number for all classes, or since XGBoost 3.1 a list of one for
// each, in a text. For softmax they are margins, for binary:logistic a probability.
func (s shape) starts(score string) ([]float32, error) {
	list, ok := strings.CutPrefix(score, "[")
	list, closed := strings.CutSuffix(list, "]")
	var start []float32
	for one := range strings.SplitSeq(list, ",") {
		v, err := strconv.ParseFloat(one, 32)
		if err != nil || missing(float32(v)) || ok != closed || len(start) == s.groups {
			return nil, fmt.Errorf("its base_score is %.40q, want a finite number or a list of %d", score, s.groups)
		}
		start = append(start, float32(v))
	}
	switch {
	case s.binary:
		return logistic(start[0])
	case len(start) == 1:
		return slices.Repeat(start, s.classes), nil
	case len(start) != s.classes:
		return nil, fmt.Errorf("its base_score has %d numbers, want one or %d", len(start), s.classes)
	}
	return start, nil
}

// logistic returns the starts of two classes of which the second has a probability. The
// margin is XGBoost's, -logf(1/p - 1) with the bounds it has since 3.1. Releases before that
// refuse what lies outside of 0 and 1.
func logistic(p float32) ([]float32, error) {
	if !(p > 0 && p < 1) {
		return nil, fmt.Errorf("its base_score is %v, and that of binary:logistic is a probability between 0 and 1", p)
	}
	const least float32 = 1e-6
	p = min(max(p, least), 1-least)
	odds := float32(1/p) - 1
	return []float32{0, -float32(kernel.Log(float64(odds)))}, nil
}

// schemaOf returns the names of a model's features and classes.
func schemaOf(l *xgb.Learner, s shape) (model.Schema, error) {
	a := l.Attributes
	m := model.Schema{Features: l.FeatureNames, Meaning: a[attrMeaning]}
	if len(m.Features) == 0 {
		return m, errors.New("it has no feature_names, so it is not known what it reads; train it with a table whose " +
			"columns have names, or set feature_names of the booster and save it again")
	}
	if want := strconv.Itoa(len(m.Features)); l.Param.NumFeature != want {
		return m, fmt.Errorf("its num_feature is %.40q, and it names %s", l.Param.NumFeature, want)
	}
	if m.Classes = strings.Split(a[attrClasses], ","); a[attrClasses] == "" {
		m.Classes = numbers(s.classes)
	}
	if len(m.Classes) != s.classes {
		return m, fmt.Errorf("its attribute %s has %d names, and it has %d classes", attrClasses, len(m.Classes), s.classes)
	}
	if err := checkSchema(m); err != nil {
		return m, err
	}
	if h := a[attrSchema]; h != "" && m.Hash() != h {
		return m, fmt.Errorf("its names hash to %.12s but its schema is %.12q: the file was changed", m.Hash(), h)
	}
	return m, nil
}

// Numbered reports whether the classes have their numbers as names, for want of others.
func (m *Model) Numbered() bool { return slices.Equal(m.Classes, numbers(len(m.Classes))) }

// numbers names classes by their numbers.
func numbers(k int) []string {
	list := make([]string, k)
	for i := range list {
		list[i] = strconv.Itoa(i)
	}
	return list
}
