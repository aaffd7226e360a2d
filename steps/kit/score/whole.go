package score

import (
	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
)

// whole fills in what is said of the whole test part.
func (e estimator) whole(m *Metrics, s *measure.Sample) error {
	totals := measure.Whole(measure.NewTally(s), s.Classes)
	var seen []int
	for k := range s.Classes {
		if totals.Seen(k) {
			seen = append(seen, k)
		}
	}
	var list []quantity
	for _, q := range measure.All() {
		list = append(list, quantityOf(q))
	}
	ofClass := measure.PerClass()
	for _, k := range seen {
		for _, q := range ofClass {
			list = append(list, quantityOfClass(q, k))
		}
	}
	estimates, err := e.estimate(s, list)
	if err != nil {
		return err
	}
	n := len(estimates) - len(seen)*len(ofClass)
	m.Measures, estimates = estimates[:n:n], estimates[n:]
	episodes := episodesByClass(s)
	for _, k := range seen {
		m.Labels = append(m.Labels, channel.PhaseName(k))
		m.Classes = append(m.Classes, ClassScore{
			Class: channel.PhaseName(k), Support: int(totals.Support(k)), Episodes: episodes[k],
			Predicted: int(totals.Predicted(k)), Measures: estimates[:len(ofClass):len(ofClass)],
		})
		estimates = estimates[len(ofClass):]
		row := make([]int, len(seen))
		for j, other := range seen {
			row[j] = int(totals.Count(k, other))
		}
		m.Confusion = append(m.Confusion, row)
	}
	m.Calibration = calibration(measure.Calibration(s))
	return nil
}

// episodesByClass counts the units that have windows of each class.
func episodesByClass(s *measure.Sample) []int {
	counts, last := make([]int, s.Classes), make([]int32, s.Classes)
	for i, k := range s.Truth {
		if unit := s.Unit[i] + 1; last[k] != unit {
			last[k] = unit
			counts[k]++
		}
	}
	return counts
}

// calibration returns the bins that have windows.
func calibration(bins []measure.Bin) []Bin {
	list := []Bin{}
	for b, bin := range bins {
		if n := float64(bin.Windows); n > 0 {
			list = append(list, Bin{
				Low: float64(b) / measure.Bins, High: float64(b+1) / measure.Bins, Windows: bin.Windows,
				Confidence: bin.Confidence / n, Accuracy: float64(bin.Right) / n,
			})
		}
	}
	return list
}
