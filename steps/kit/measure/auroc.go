package measure

import "math"

// auroc is roc_auc_score(multi_class="ovr", average="macro"), over the classes that have
// windows inside and outside.
func auroc() Measure {
	return Measure{
		Name: "auroc", Title: "AUROC",
		About:  "mean over the classes of the area below the ROC curve, the class against all others",
		Ranked: func(r *Ranks) float64 { return r.mean(func(k int) float64 { return rocOf(r, k) }) },
	}
}

// classAUROC is roc_auc_score of one class against all others.
func classAUROC() ClassMeasure {
	return ClassMeasure{
		Name: "auroc", Title: "AUROC",
		About:  "area below the ROC curve, the class against all others",
		Ranked: rocOf,
	}
}

func rocOf(r *Ranks, k int) float64 {
	if r.order[k] == nil {
		return math.NaN()
	}
	return r.areas[k].roc
}
