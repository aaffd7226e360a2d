package measure

// precision is precision_score of one class.
func precision() ClassMeasure {
	return ClassMeasure{
		Name: "precision", Title: "precision",
		About: "share of the windows predicted as the class that are of it; 0 if none was",
		Total: func(t *Totals, k int) float64 { return ratio(t.Count(k, k), t.Predicted(k)) },
	}
}

// recall is recall_score of one class.
func recall() ClassMeasure {
	return ClassMeasure{
		Name: "recall", Title: "recall",
		About: "share of the windows of the class that were found; 0 if there is none",
		Total: func(t *Totals, k int) float64 { return ratio(t.Count(k, k), t.Support(k)) },
	}
}

// f1 is f1_score of one class.
func f1() ClassMeasure {
	return ClassMeasure{
		Name: "f1", Title: "F1",
		About: "harmonic mean of precision and recall; 0 if the class never occurs",
		Total: classF1,
	}
}

func classF1(t *Totals, k int) float64 {
	return ratio(2*t.Count(k, k), t.Support(k)+t.Predicted(k))
}
