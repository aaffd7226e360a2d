package measure

// macroF1 is f1_score(average="macro"): the mean F1 of the classes that occur, as truth
// or as prediction.
func macroF1() Measure {
	return Measure{
		Name: Primary, Title: "macro F1",
		About: "mean F1 of the classes that occur, as truth or as prediction",
		Total: (*Totals).MacroF1,
	}
}

// MacroF1 returns the mean F1 of the classes that occur; NaN if none does.
func (t *Totals) MacroF1() float64 {
	sum, n := 0.0, 0.0
	for k := range t.classes {
		if t.Seen(k) {
			sum += classF1(t, k)
			n++
		}
	}
	return sum / n
}
