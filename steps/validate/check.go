package validate

import (
	"errors"
	"fmt"
	"io/fs"
	"math"

	"assay/steps/kit/dataset"
	"assay/steps/kit/telemetry"
)

// A checker judges episodes, one after the other.
type checker struct {
	p         Params
	store     fs.FS
	reader    *telemetry.Reader
	signals   telemetry.Signals
	tolerance float64 // seconds
	offsets   []float64

	// Of the episode at hand.
	e *telemetry.Episode
	v verdict
}

// check reads an episode and applies every rule, even after one has refused it, as far
// as the file can be read. It returns an error only for a fault of the store, not of the
// episode.
func (c *checker) check(name string) (dataset.Episode, error) {
	e, err := c.reader.Read(c.store, name)
	c.e, c.v = e, verdict{}
	c.signals.LoadTimes(e)
	var broken *telemetry.BrokenError
	var limit *telemetry.LimitError
	readable := err == nil
	switch {
	case readable:
	case errors.As(err, &broken):
		c.v.fail("unreadable", "%v", broken)
	case errors.As(err, &limit):
		c.v.reject("too_large", "%v", limit)
	default:
		return dataset.Episode{}, fmt.Errorf("read the episode store: %w", err)
	}
	if err := c.sidecar(name); err != nil {
		return dataset.Episode{}, err
	}
	if readable {
		c.rules()
	}
	return c.row(), nil
}

// rules applies every rule to an episode that could be unpacked.
func (c *checker) rules() {
	c.entries()
	c.meta()
	c.labels()
	c.duration()
	for s := range telemetry.Source(telemetry.NumSources) {
		c.source(s)
	}
	if len(c.e.Labels.Rows) > 0 {
		c.apart()
	}
	c.idle()
	c.coverage()
}

// row returns the row of the episode in the index. It has no digest of the file, so
// repacking an episode does not change its row.
func (c *checker) row() dataset.Episode {
	e := c.e
	row := dataset.Episode{
		Key:        dataset.Key{Host: e.Host, Episode: e.ID},
		Status:     c.v.status(),
		Reasons:    c.v.reasons,
		Profile:    e.Meta.Profile,
		SampleName: e.Meta.SampleName,
		SampleKind: e.Meta.SampleKind,
		SampleSHA:  dataset.SampleDigest(e.Meta.SampleSHA),
		Duration:   c.seconds(),
		Uptime:     e.Meta.Uptime,
		Rows:       counts(e, (*telemetry.Table).Len),
		BadRows:    counts(e, func(t *telemetry.Table) int { return t.Lost.Total() }),
		First:      instants(e, func(t *telemetry.Table) int64 { return t.Earliest }),
		Last:       instants(e, func(t *telemetry.Table) int64 { return t.Latest }),
		Labels:     int32(len(e.Labels.Rows)),
		Phases:     phases(e.Labels.Rows),
	}
	if row.Labels > 0 {
		row.StartNs = e.Labels.Rows[0].UnixNs
	}
	return row
}

// seconds returns the length of the episode, 0 if it makes no sense.
func (c *checker) seconds() float64 {
	if len(c.e.Labels.Rows) == 0 {
		return c.e.Meta.Duration
	}
	d := telemetry.Duration(c.e, &c.signals)
	if math.IsInf(d, 0) {
		return 0
	}
	return d
}

func counts(e *telemetry.Episode, of func(*telemetry.Table) int) dataset.Counts {
	n := func(s telemetry.Source) int32 { return int32(min(of(&e.Tables[s]), math.MaxInt32)) }
	return dataset.Counts{
		Proc: n(telemetry.Proc), Guest: n(telemetry.Guest),
		QMP: n(telemetry.QMP), Netflow: n(telemetry.Netflow),
	}
}

func instants(e *telemetry.Episode, of func(*telemetry.Table) int64) dataset.Instants {
	at := func(s telemetry.Source) int64 { return of(&e.Tables[s]) }
	return dataset.Instants{
		Proc: at(telemetry.Proc), Guest: at(telemetry.Guest),
		QMP: at(telemetry.QMP), Netflow: at(telemetry.Netflow),
	}
}

// phases lists the known phases in the order in which they first appear.
func phases(labels []telemetry.Label) []string {
	var list []string
	var seen [dataset.NumPhases]bool
	for _, l := range labels {
		if i := dataset.PhaseIndex(l.Phase); i >= 0 && !seen[i] {
			seen[i] = true
			list = append(list, l.Phase)
		}
	}
	return list
}
