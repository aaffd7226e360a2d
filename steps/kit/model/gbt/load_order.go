package gbt

import (
	"fmt"
	"strconv"

	"assay/steps/kit/model/gbt/xgb"
)

// order returns which tree of the file is tree r*K+k of the model; -1 is one that adds
// nothing. A file lists trees round by round, in it class by class, and for each class those
// that were grown side by side. Each of these becomes a round of its own, so a class adds the
// same leaves in the same order.
func (s shape) order(l *xgb.Learner) ([]int, error) {
	trees := &l.Booster.Model
	each := s.groups * s.parallel
	if len(trees.Trees) == 0 || len(trees.Trees)%each != 0 || len(trees.TreeInfo) != len(trees.Trees) {
		return nil, fmt.Errorf("it has %d trees, of which %d have a class, for %d classes with %d a round", len(trees.Trees),
			len(trees.TreeInfo), s.groups, s.parallel)
	}
	for i, c := range trees.TreeInfo {
		if want := i / s.parallel % s.groups; int(c) != want {
			return nil, fmt.Errorf("tree %d is of class %d, want %d", i, c, want)
		}
	}
	rounds, err := best(l.Attributes, len(trees.Trees)/each)
	if err != nil {
		return nil, err
	}
	var list []int
	for r := range rounds {
		for j := range s.parallel {
			if s.binary {
				list = append(list, -1)
			}
			for k := range s.groups {
				list = append(list, r*each+k*s.parallel+j)
			}
		}
	}
	return list, nil
}

// best returns the rounds that the object which saved the file predicts with. A scikit-learn
// classifier of XGBoost leaves a mark in the file, and predicts up to best_iteration if it
// stopped early; a Booster always predicts with all rounds.
func best(attributes map[string]string, rounds int) (int, error) {
	text, stopped := attributes[attrBest]
	if _, wrapped := attributes[attrWrapper]; !wrapped || !stopped {
		return rounds, nil
	}
	b, err := strconv.Atoi(text)
	if err != nil || b < 0 || b >= rounds {
		return 0, fmt.Errorf("its attribute %s is %.40q, and it has %d rounds, from 0", attrBest, text, rounds)
	}
	return b + 1, nil
}
