package measure

import "math"

// auprc is average_precision_score(average="macro"), over the classes that have windows
// inside and outside.
func auprc() Measure {
	return Measure{
		Name: "auprc", Title: "AUPRC",
		About:  "mean over the classes of the average precision, the class against all others",
		Ranked: func(r *Ranks) float64 { return r.mean(func(k int) float64 { return prOf(r, k) }) },
	}
}

// classAUPRC is average_precision_score of one class against all others.
func classAUPRC() ClassMeasure {
	return ClassMeasure{
		Name: "auprc", Title: "AUPRC",
		About:  "average precision, the class against all others",
		Ranked: prOf,
	}
}

func prOf(r *Ranks, k int) float64 {
	if r.order[k] == nil {
		return math.NaN()
	}
	return r.areas[k].pr
}
