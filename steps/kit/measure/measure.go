package measure

// A Measure is one number that says how good predictions are. It is NaN where it is not
// defined. One of Total and Ranked is there.
type Measure struct {
	Name  string // in files: "macro_f1"
	Title string // for people: "macro F1"
	About string
	Lower bool // lower values are better

	Total  func(*Totals) float64
	Ranked func(*Ranks) float64
}

// Of returns the measure.
func (m Measure) Of(t *Totals, r *Ranks) float64 {
	if m.Total != nil {
		return m.Total(t)
	}
	return m.Ranked(r)
}

// A ClassMeasure is a number for each class.
type ClassMeasure struct {
	Name  string
	Title string
	About string

	Total  func(t *Totals, class int) float64
	Ranked func(r *Ranks, class int) float64
}

// Of returns the measure of a class.
func (m ClassMeasure) Of(t *Totals, r *Ranks, class int) float64 {
	if m.Total != nil {
		return m.Total(t, class)
	}
	return m.Ranked(r, class)
}

// All returns the measures, the one to look at first first.
func All() []Measure {
	return []Measure{
		macroF1(),
		accuracy(),
		balancedAccuracy(),
		logLoss(),
		brier(),
		calibrationError(),
		auroc(),
		auprc(),
	}
}

// PerClass returns the measures of each class.
func PerClass() []ClassMeasure {
	return []ClassMeasure{
		precision(),
		recall(),
		f1(),
		classAUROC(),
		classAUPRC(),
	}
}

// Primary is the name of the measure that models are ranked by.
const Primary = "macro_f1"

// ratio returns a/b, 0 if b is 0, as scikit-learn does for precision, recall and F1.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
