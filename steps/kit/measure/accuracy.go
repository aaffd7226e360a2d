package measure

// accuracy is accuracy_score: the share of windows whose class was predicted.
func accuracy() Measure {
	return Measure{
		Name: "accuracy", Title: "accuracy",
		About: "share of windows whose class was predicted",
		Total: func(t *Totals) float64 {
			right := 0.0
			for k := range t.classes {
				right += t.Count(k, k)
			}
			return right / t.Windows()
		},
	}
}
