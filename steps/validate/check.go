package validate

import (
	"errors"
	"fmt"
	"io/fs"
	"math"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// A checker judges episodes, one after the other.
type checker struct {
	p         Params
	store     fs.FS
	reader    *episode.Reader
	signals   signal.Set
	tolerance float64 // seconds
	offsets   []float64

	// Of the episode at hand.
	e *episode.Episode
	v verdict
}

// check reads an episode and applies every rule, even after one has refused it, as far
// as the file can be read. It returns an error only for a fault of the store, not of the
// episode.
func (c *checker) check(name string) (table.Episode, error) {
	e, err := c.reader.Read(c.store, name)
	c.e, c.v = e, verdict{}
	c.signals.LoadTimes(e)
	var broken *episode.BrokenError
	var limit *episode.LimitError
	readable := err == nil
	switch {
	case readable:
	case errors.As(err, &broken):
		c.v.fail("unreadable", "%v", broken)
	case errors.As(err, &limit):
		c.v.reject("too_large", "%v", limit)
	default:
		return table.Episode{}, fmt.Errorf("read the episode store: %w", err)
	}
	if err := c.sidecar(name); err != nil {
		return table.Episode{}, err
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
	for s := range channel.Source(channel.NumSources) {
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
func (c *checker) row() table.Episode {
	e := c.e
	row := table.Episode{
		Key:        table.Key{Host: e.Host, Episode: e.ID},
		Status:     c.v.status(),
		Reasons:    c.v.reasons,
		Profile:    e.Meta.Profile,
		SampleName: e.Meta.SampleName,
		SampleKind: e.Meta.SampleKind,
		SampleSHA:  table.SampleDigest(e.Meta.SampleSHA),
		Duration:   c.seconds(),
		Uptime:     e.Meta.Uptime,
		Labels:     int32(len(e.Labels.Rows)),
		Phases:     phases(e.Labels.Rows),
	}
	for s := range e.Tables {
		t := &e.Tables[s]
		row.Rows[s], row.BadRows[s] = clamp(t.Len()), clamp(t.Lost.Total())
		row.First[s], row.Last[s] = t.Earliest, t.Latest
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
	d := signal.Duration(c.e, &c.signals)
	if math.IsInf(d, 0) {
		return 0
	}
	return d
}

// clamp is a count as the index holds it.
func clamp(n int) int32 { return int32(min(n, math.MaxInt32)) }

// phases lists the known phases in the order in which they first appear.
func phases(labels []episode.Label) []string {
	var list []string
	var seen [channel.NumPhases]bool
	for _, l := range labels {
		if i := channel.PhaseIndex(l.Phase); i >= 0 && !seen[i] {
			seen[i] = true
			list = append(list, l.Phase)
		}
	}
	return list
}
