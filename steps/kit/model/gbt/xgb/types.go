// Package xgb is XGBoost's model file: its JSON, read and written, and its UBJSON, read.
//
// Call [Read] and fill or use a [Model]; encoding/json writes one. Whether the trees are
// trees is for the caller to check. Read types.go first.
package xgb

// A Model is the parts of XGBoost's file that a classifier of plain trees has; see
// "Introduction to Model IO" in XGBoost's manual and the schema it links to. Numbers that
// XGBoost writes as strings are strings.
type Model struct {
	Version [3]int  `json:"version"`
	Learner Learner `json:"learner"`

	// NotFinite says where the first number stands that is not finite. Trees that split on
	// categories have such numbers; those that Model can say should not.
	NotFinite error `json:"-"`
}

// A Learner is all but the version.
type Learner struct {
	FeatureNames []string          `json:"feature_names"`
	FeatureTypes []string          `json:"feature_types"`
	Attributes   map[string]string `json:"attributes"`
	Param        LearnerParam      `json:"learner_model_param"`
	Objective    Objective         `json:"objective"`
	Booster      Booster           `json:"gradient_booster"`
}

// LearnerParam are the sizes of a model and what its margins start from.
type LearnerParam struct {
	BaseScore        Score  `json:"base_score"`
	BoostFromAverage string `json:"boost_from_average"`
	NumClass         string `json:"num_class"`
	NumFeature       string `json:"num_feature"`
	NumTarget        string `json:"num_target"`
}

// An Objective says what the margins are.
type Objective struct {
	Name    string `json:"name"`
	Softmax struct {
		NumClass string `json:"num_class"`
	} `json:"softmax_multiclass_param"`
}

// A Booster is trees, if its name is gbtree.
type Booster struct {
	Name       string `json:"name"`
	Model      Trees  `json:"model"`
	WeightDrop Floats `json:"weight_drop,omitempty"` // of dart: factors of the trees
}

// Trees are all trees: those of the first round first, in a round by class.
type Trees struct {
	Param struct {
		NumParallelTree string `json:"num_parallel_tree"`
		NumTrees        string `json:"num_trees"`
		SizeLeafVector  string `json:"size_leaf_vector"`
	} `json:"gbtree_model_param"`
	TreeInfo []int32 `json:"tree_info"` // each tree's class
	Trees    []Tree  `json:"trees"`
}

// A Tree is a tree by columns. In a leaf left_children is -1 and split_conditions holds the
// value.
type Tree struct {
	ID                 int       `json:"id"`
	Param              TreeParam `json:"tree_param"`
	LeftChildren       []int32   `json:"left_children"`
	RightChildren      []int32   `json:"right_children"`
	Parents            []int32   `json:"parents"`
	SplitIndices       []int32   `json:"split_indices"`
	SplitConditions    Floats    `json:"split_conditions"`
	SplitType          []int32   `json:"split_type"`
	DefaultLeft        []Flag    `json:"default_left"`
	LossChanges        Floats    `json:"loss_changes"`
	SumHessian         Floats    `json:"sum_hessian"`
	BaseWeights        Floats    `json:"base_weights"`
	Categories         [0]int32  `json:"categories"`
	CategoriesNodes    [0]int32  `json:"categories_nodes"`
	CategoriesSegments [0]uint64 `json:"categories_segments"`
	CategoriesSizes    [0]uint64 `json:"categories_sizes"`
}

// TreeParam are the sizes of a tree.
type TreeParam struct {
	NumDeleted     string `json:"num_deleted"`
	NumFeature     string `json:"num_feature"`
	NumNodes       string `json:"num_nodes"`
	SizeLeafVector string `json:"size_leaf_vector"`
}

// The marks of XGBoost.
const (
	NoChild  = -1        // left_children of a leaf
	NoParent = 1<<31 - 1 // parents of the root
	Deleted  = 1<<31 - 1 // split_indices of a node that pruning removed; its default_left is true
)
