package score

import (
	"cmp"
	"slices"

	"assay/steps/kit/alarm"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// A Verdict is what happened in an episode at the threshold of a budget.
type Verdict struct {
	Budget float64
	alarm.Verdict
}

// operate chooses a threshold for each budget of false alarms on the validation part, and
// judges it on the test part, which is in key order.
func operate(budgets []float64, p *prediction.Set, test []table.Prediction) ([]Operation, []Verdict) {
	var validation []table.Prediction
	for _, r := range p.Rows {
		if r.Part == table.Validation {
			validation = append(validation, r)
		}
	}
	slices.SortFunc(validation, func(a, b table.Prediction) int {
		return cmp.Or(a.Compare(b.Key), cmp.Compare(a.Center, b.Center))
	})
	tuned, judged := alarm.Group(validation), alarm.Group(test)
	stride := cmp.Or(alarm.Stride(judged), alarm.Stride(tuned))
	list := []Operation{}
	var verdicts []Verdict
	for _, budget := range budgets {
		op := Operation{Budget: budget}
		if t, ok := alarm.Choose(tuned, stride, budget); ok {
			outcome, each := alarm.Judge(judged, t, stride)
			op.Trigger, op.Test = &t, &outcome
			for _, v := range each {
				verdicts = append(verdicts, Verdict{budget, v})
			}
		}
		list = append(list, op)
	}
	return list, verdicts
}
