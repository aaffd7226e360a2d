package episode

import (
	"fmt"
	"math"

	"assay/steps/kit/channel"
)

// A Decoder decodes the rows of a stream one by one, with the code and so the bits of a [Reader].
type Decoder struct {
	limits   Limits
	scanners [channel.NumSources]*rowScanner
	tables   [channel.NumSources]Table
}

// NewDecoder returns a decoder of lines that are no longer than the limits say.
func NewDecoder(l Limits) *Decoder {
	d := &Decoder{limits: l}
	for s := range channel.Source(channel.NumSources) {
		d.scanners[s] = newRowScanner(s)
	}
	return d
}

// Row decodes a line of a source: its time in seconds since zero, Unix ns, and the values of the
// source's channels, which are good until the next call. It fails if a [Reader] would leave the
// row out, or if its time is no finite number.
func (d *Decoder) Row(s channel.Source, line []byte, zero int64) (t float64, values []float64, err error) {
	if len(line) > d.limits.Line {
		return 0, nil, fmt.Errorf("a row of %d bytes is longer than %d", len(line), d.limits.Line)
	}
	table := &d.tables[s]
	table.reset(len(d.scanners[s].empty))
	table.row(line, 1, d.scanners[s], zero)
	d.scanners[s].settle()
	switch lost := table.Lost; {
	case lost.Syntax > 0:
		return 0, nil, fmt.Errorf("a row of %s is no JSON object", s)
	case lost.NoClock > 0:
		return 0, nil, fmt.Errorf("a row of %s has no t_wall_ns", s)
	case lost.Refused > 0:
		return 0, nil, fmt.Errorf("a row of %s has a t_wall_ns or a value that is no number", s)
	}
	if t = table.T[0]; math.IsNaN(t) || math.IsInf(t, 0) {
		return 0, nil, fmt.Errorf("a row of %s has a t_wall_ns that is not finite", s)
	}
	return t, table.V, nil
}

// Wall returns the wall clock of the last row of a source, Unix ns; 0 if it is no date.
func (d *Decoder) Wall(s channel.Source) int64 { return d.tables[s].Earliest }

// Label decodes a line of labels.jsonl. Its T is not set.
func (d *Decoder) Label(line []byte) (Label, error) {
	if len(line) > d.limits.Line {
		return Label{}, fmt.Errorf("a label of %d bytes is longer than %d", len(line), d.limits.Line)
	}
	var l Labels
	if l.row(line, 1); len(l.Rows) == 0 {
		return Label{}, fmt.Errorf("a label is no JSON object with t_wall_ns and phase")
	}
	return l.Rows[0], nil
}

// Meta decodes meta.json, of which the duration is known if it is above 0.
func (d *Decoder) Meta(line []byte) Meta {
	m := newMeta()
	m.fill(line, d.limits)
	return m
}
