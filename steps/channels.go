package steps

import (
	"assay/steps/features"
	"assay/steps/kit/telemetry"
)

// A Channel describes one measured quantity of an episode, and with it the
// features and the tensor row that are made of it.
type Channel struct {
	Name     string `json:"name"`   // "<source>.<quantity>"
	Source   string `json:"source"` // proc, guest, qmp or netflow
	Path     string `json:"path"`   // where a row of the source holds it
	Unit     string `json:"unit"`   // of the series: a rate's is per second
	Kind     string `json:"kind"`   // gauge: as recorded; rate: the change of a counter per second
	Deployed bool   `json:"deployed"`
	About    string `json:"about"`
}

// A Registry is the channels in the order of the columns made of them.
type Registry struct {
	Channels   []Channel `json:"channels"`
	Statistics []string  `json:"statistics"`
	Schema     string    `json:"schema"` // the hash that the windows of the kind features have by default
}

// Channels returns the registry.
func Channels() Registry {
	p := features.Defaults()
	schema := telemetry.Schema{Window: p.Window.Seconds(), Cures: p.Cures.Telemetry()}
	stats := telemetry.Stats()
	r := Registry{Statistics: stats[:], Schema: schema.Hash()}
	for _, c := range telemetry.Channels() {
		kind, unit := "gauge", c.Unit
		if c.Kind == telemetry.Counter {
			kind, unit = "rate", c.Unit+"/s"
		}
		r.Channels = append(r.Channels, Channel{c.Name, c.Source.String(), c.Path, unit, kind, c.Source.Deployed(), c.About})
	}
	return r
}
