package measure

// balancedAccuracy is balanced_accuracy_score: the mean recall of the classes that occur
// as truth.
func balancedAccuracy() Measure {
	return Measure{
		Name: "balanced_accuracy", Title: "balanced accuracy",
		About: "mean recall of the classes that windows have",
		Total: func(t *Totals) float64 {
			sum, n := 0.0, 0.0
			for k := range t.classes {
				if support := t.Support(k); support > 0 {
					sum += t.Count(k, k) / support
					n++
				}
			}
			return sum / n
		},
	}
}
