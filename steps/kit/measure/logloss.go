package measure

// logLoss is log_loss: the mean -log p of the true class.
func logLoss() Measure {
	return Measure{
		Name: "log_loss", Title: "log loss", Lower: true,
		About: "mean -log p of the true class; p is clipped to 2^-52 and 1-2^-52",
		Total: func(t *Totals) float64 { return t.logLoss() / t.Windows() },
	}
}
