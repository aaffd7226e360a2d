package shap

import "assay/steps/kit/model/gbt"

// An Importance is what the splits on one feature did, as XGBoost's get_score has it: splits is
// its weight; gain and cover are the means of the totals.
type Importance struct {
	Splits     int
	TotalGain  float64 // what the splits lowered the loss by
	TotalCover float64 // sum of the Hessians of the training rows that came to the splits
}

// Gain is the mean of a split; 0 without one.
func (i Importance) Gain() float64 { return i.mean(i.TotalGain) }

// Cover is the mean of a split; 0 without one.
func (i Importance) Cover() float64 { return i.mean(i.TotalCover) }

func (i Importance) mean(sum float64) float64 {
	if i.Splits == 0 {
		return 0
	}
	return sum / float64(i.Splits)
}

// Importances returns those of F features, over the trees of all classes.
func Importances(m *gbt.Model) []Importance {
	list := make([]Importance, len(m.Features))
	for _, t := range m.Trees {
		for i := range t {
			if n := &t[i]; n.Left != 0 {
				at := &list[n.Feature]
				at.Splits++
				at.TotalGain += float64(n.Gain)
				at.TotalCover += float64(n.Hessian)
			}
		}
	}
	return list
}
