// Package produce makes events for the dashboard of artifacts: [Metrics] of an evaluation,
// [Measure] of a model that it times, [Replay] of predictions, and [Profiles] of the envelopes of
// attacks. It knows neither recipes nor stores; the verb publish gives it the files.
package produce

import "assay/cmd/assay/internal/live"

// A Name says which model an event is about.
type Name struct {
	Model string // as the page shows it
	View  string
	Split string
}

// encode makes events of structs of package live.
func encode[T any](list ...T) ([]live.Event, error) {
	var out []live.Event
	for _, v := range list {
		ev, err := live.Encode(v)
		if err != nil {
			return nil, err
		}
		out = append(out, ev)
	}
	return out, nil
}
