package measure

// brier is brier_score_loss for several classes: the mean squared distance between the
// probabilities and the truth (Brier 1950), between 0 and 2.
func brier() Measure {
	return Measure{
		Name: "brier", Title: "Brier score", Lower: true,
		About: "mean squared distance of the probabilities from the truth, 0 to 2",
		Total: func(t *Totals) float64 { return t.brier() / t.Windows() },
	}
}
