package produce

import (
	"fmt"
	"io/fs"
	"math"

	"assay/cmd/assay/internal/live"
	"assay/steps/kit/score"
)

// Metrics returns the events of an evaluation: a model_metric for each measure that is
// defined, and a confusion_matrix.
func Metrics(name Name, report fs.FS) ([]live.Event, error) {
	m, err := score.ReadMetrics(report)
	if err != nil {
		return nil, err
	}
	var list []live.Metric
	for _, e := range m.Measures {
		value := finite(float64(e.Value))
		if value == nil {
			continue
		}
		ev := live.Metric{
			Type: live.TypeMetric, Model: name.Model, View: name.View, Split: name.Split, Metric: e.Name, Value: value,
			Windows: m.Windows, Episodes: m.Episodes,
		}
		if low, high := e.Interval(); low <= high {
			ev.Low, ev.High, ev.Level = finite(low), finite(high), m.Bootstrap.Level
		}
		list = append(list, ev)
	}
	events, err := encode(list...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", score.MetricsFile, err)
	}
	more, err := encode(live.Confusion{
		Type: live.TypeConfusion, Model: name.Model, View: name.View, Split: name.Split, Labels: m.Labels,
		Counts: m.Confusion,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", score.MetricsFile, err)
	}
	return append(events, more...), nil
}

// finite returns a number for JSON: nil where there is none.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
