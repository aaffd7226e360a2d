package gbt

import (
	"fmt"
	"strconv"
)

// The types below are the parts of XGBoost's JSON model that a softprob model
// of plain trees has; see "Introduction to Model IO" in XGBoost's manual and
// the schema it links to. Numbers that XGBoost writes as strings are strings.

type xgbModel struct {
	Version [3]int     `json:"version"`
	Learner xgbLearner `json:"learner"`
}

type xgbLearner struct {
	FeatureNames []string          `json:"feature_names"`
	FeatureTypes []string          `json:"feature_types"`
	Attributes   map[string]string `json:"attributes"`
	Param        xgbLearnerParam   `json:"learner_model_param"`
	Objective    xgbObjective      `json:"objective"`
	Booster      xgbBooster        `json:"gradient_booster"`
}

type xgbLearnerParam struct {
	BaseScore        string `json:"base_score"`
	BoostFromAverage string `json:"boost_from_average"`
	NumClass         string `json:"num_class"`
	NumFeature       string `json:"num_feature"`
	NumTarget        string `json:"num_target"`
}

type xgbObjective struct {
	Name    string `json:"name"`
	Softmax struct {
		NumClass string `json:"num_class"`
	} `json:"softmax_multiclass_param"`
}

type xgbBooster struct {
	Name  string   `json:"name"`
	Model xgbTrees `json:"model"`
}

type xgbTrees struct {
	Param struct {
		NumParallelTree string `json:"num_parallel_tree"`
		NumTrees        string `json:"num_trees"`
		SizeLeafVector  string `json:"size_leaf_vector"`
	} `json:"gbtree_model_param"`
	TreeInfo []int32   `json:"tree_info"` // each tree's class
	Trees    []xgbTree `json:"trees"`
}

// xgbTree is a tree by columns. In a leaf left_children is -1 and
// split_conditions holds the value.
type xgbTree struct {
	ID                 int       `json:"id"`
	Param              xgbParam  `json:"tree_param"`
	LeftChildren       []int32   `json:"left_children"`
	RightChildren      []int32   `json:"right_children"`
	Parents            []int32   `json:"parents"`
	SplitIndices       []int32   `json:"split_indices"`
	SplitConditions    floats    `json:"split_conditions"`
	SplitType          []int32   `json:"split_type"`
	DefaultLeft        []flag    `json:"default_left"`
	LossChanges        floats    `json:"loss_changes"`
	SumHessian         floats    `json:"sum_hessian"`
	BaseWeights        floats    `json:"base_weights"`
	Categories         [0]int32  `json:"categories"`
	CategoriesNodes    [0]int32  `json:"categories_nodes"`
	CategoriesSegments [0]uint64 `json:"categories_segments"`
	CategoriesSizes    [0]uint64 `json:"categories_sizes"`
}

type xgbParam struct {
	NumDeleted     string `json:"num_deleted"`
	NumFeature     string `json:"num_feature"`
	NumNodes       string `json:"num_nodes"`
	SizeLeafVector string `json:"size_leaf_vector"`
}

const (
	noChild  = -1
	noParent = 1<<31 - 1 // XGBoost's mark of a root

	attrSchema  = "assay_schema"
	attrClasses = "assay_classes"
	attrMeaning = "assay_windows_schema"
	attrBest    = "best_iteration"
)

// floats is written with the shortest digits that read back as the same float32, always
// with an exponent: XGBoost reads numbers without one as integers.
type floats []float32

func (f floats) MarshalJSON() ([]byte, error) {
	return appendFloats(make([]byte, 0, 14*len(f)+2), f), nil
}

func appendFloats(b []byte, f []float32) []byte {
	b = append(b, '[')
	for i, v := range f {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendFloat(b, float64(v), 'E', -1, 32)
	}
	return append(b, ']')
}

// A flag is a truth value that is written as 0 or 1. Older releases of XGBoost wrote
// false or true.
type flag bool

func (f flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}
	return []byte("0"), nil
}

func (f *flag) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "1", "true":
		*f = true
	case "0", "false":
		*f = false
	default:
		return fmt.Errorf("%.20q is not a truth value", b)
	}
	return nil
}
