package gbt

import (
	"encoding/json"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"assay/steps/kit/files"
	"assay/steps/kit/model/gbt/xgb"
)

// The attributes of a learner that say more than XGBoost needs.
const (
	attrSchema  = "assay_schema"         // hash of the schema
	attrClasses = "assay_classes"        // names of the classes, with commas between them
	attrMeaning = "assay_windows_schema" // of the windows it was trained on
	attrBest    = "best_iteration"       // XGBoost's own: number of the best round, from 0
	attrWrapper = "scikit_learn"         // XGBoost's own, of its classes for scikit-learn
)

// File is the name of the model's file in an artifact.
const File = "model.json"

// SaveTo implements [model.Saver].
func (m *Model) SaveTo(root *os.Root) error { return files.Write(root, File, m.Save) }

// Save writes the model in XGBoost's JSON format. If all classes start from the same margin,
// it is that of version 1.7.4, which that and all later releases load. Else it is that of
// 3.1.0, the first release with a start for each class. Releases before that load the file,
// too, but silently put 0.5 in place of the starts. The schema's hash and the class names are
// among the learner's attributes, for [Load]; XGBoost preserves them.
func (m *Model) Save(w io.Writer) error {
	k, f := strconv.Itoa(len(m.Classes)), strconv.Itoa(len(m.Features))
	x := xgb.Model{Version: versionFor(m.Start), Learner: xgb.Learner{
		FeatureNames: m.Features,
		FeatureTypes: make([]string, len(m.Features)),
		Attributes: map[string]string{
			attrSchema:  m.Hash(),
			attrClasses: strings.Join(m.Classes, ","),
			attrMeaning: m.Meaning,
			attrBest:    strconv.Itoa(m.Rounds() - 1),
		},
		Param: xgb.LearnerParam{BaseScore: baseScore(m.Start), BoostFromAverage: "1", NumClass: k, NumFeature: f,
			NumTarget: "1"},
		Objective: xgb.Objective{Name: "multi:softprob"},
		Booster:   xgb.Booster{Name: "gbtree"},
	}}
	x.Learner.Objective.Softmax.NumClass = k
	for i := range x.Learner.FeatureTypes {
		x.Learner.FeatureTypes[i] = "float"
	}
	trees := &x.Learner.Booster.Model
	trees.Param.NumParallelTree, trees.Param.SizeLeafVector = "1", "0"
	trees.Param.NumTrees = strconv.Itoa(len(m.Trees))
	for i, t := range m.Trees {
		trees.TreeInfo = append(trees.TreeInfo, int32(i%len(m.Classes)))
		trees.Trees = append(trees.Trees, t.columns(i, f))
	}
	return json.NewEncoder(w).Encode(x)
}

// even reports whether all classes start from the same margin.
func even(start []float32) bool {
	return !slices.ContainsFunc(start, func(v float32) bool { return v != start[0] })
}

// versionFor returns the first release of XGBoost that understands the file.
func versionFor(start []float32) [3]int {
	if even(start) {
		return [3]int{1, 7, 4}
	}
	return [3]int{3, 1, 0}
}

// baseScore writes the starts as XGBoost does: one number if it is that of all classes, else
// a list in a text.
func baseScore(start []float32) xgb.Score {
	text := string(xgb.AppendFloats(nil, start))
	if even(start) {
		text = string(xgb.AppendFloats(nil, start[:1]))
		text = text[1 : len(text)-1]
	}
	return xgb.Score(strings.NewReplacer("E-0", "E-", "E+0", "E").Replace(text)) // Go pads exponents
}

// columns writes a tree as XGBoost does: one list per property, an element per node.
func (t Tree) columns(id int, features string) xgb.Tree {
	x := xgb.Tree{ID: id, Param: xgb.TreeParam{NumDeleted: "0", NumFeature: features, NumNodes: strconv.Itoa(len(t)),
		SizeLeafVector: "0"}}
	x.Parents = make([]int32, len(t))
	x.Parents[0] = xgb.NoParent
	x.SplitType = make([]int32, len(t))
	for i, n := range t {
		left, right := n.Left, n.Right
		if left == 0 {
			left, right = xgb.NoChild, xgb.NoChild
		} else {
			x.Parents[left], x.Parents[right] = int32(i), int32(i)
		}
		x.LeftChildren = append(x.LeftChildren, left)
		x.RightChildren = append(x.RightChildren, right)
		x.SplitIndices = append(x.SplitIndices, n.Feature)
		x.SplitConditions = append(x.SplitConditions, n.Value)
		x.DefaultLeft = append(x.DefaultLeft, xgb.Flag(n.MissingLeft))
		x.LossChanges = append(x.LossChanges, n.Gain)
		x.SumHessian = append(x.SumHessian, n.Hessian)
		x.BaseWeights = append(x.BaseWeights, n.Weight)
	}
	return x
}
