package live

import (
	"fmt"
	"math"

	"assay/steps/kit/channel"
)

// Line takes a line that says which source it is of. It returns the error of the function
// that windows are passed to. A broken line is counted; see [Detector.Broken].
func (d *Detector) Line(line []byte) error {
	if len(line) == 0 {
		return nil
	}
	name, err := sourceOf(line)
	if err != nil {
		d.Lose(err)
		return nil
	}
	return d.Take(name, line)
}

// Take takes a line of a source. One of [Sources] is its name.
func (d *Detector) Take(name string, line []byte) error {
	switch name {
	case Labels:
		d.label(line)
		return nil
	case Meta:
		d.duration = d.decoder.Meta(line).Duration
		return nil
	case Events:
		return nil
	}
	s, ok := sourceIndex(name)
	if !ok {
		d.Lose(unknownSource(name))
		return nil
	}
	t, v, err := d.decoder.Row(s, line, d.zero)
	if err != nil {
		d.Lose(err)
		return nil
	}
	if !d.started { // t is in seconds since 1970 then; the row is read again for its nanoseconds
		if d.zero, d.started = d.decoder.Wall(s), true; d.zero == 0 {
			d.started = false
			d.Lose(fmt.Errorf("a row of %s has a t_wall_ns that is no date", s))
			return nil
		}
		return d.Take(name, line)
	}
	return d.row(s, t, v)
}

// Lose counts a line that is left out, and keeps why the first one was.
func (d *Detector) Lose(err error) {
	if d.stats.Broken++; d.first == nil {
		d.first = err
	}
}

// Broken returns why the first line that was left out was, nil if none.
func (d *Detector) Broken() error { return d.first }

// label takes a label in.
func (d *Detector) label(line []byte) {
	l, err := d.decoder.Label(line)
	if err != nil {
		d.Lose(err)
		return
	}
	if !d.started {
		d.zero, d.started = l.UnixNs, true
	}
	d.truth.add(float64(l.UnixNs-d.zero)/1e9, l.Phase)
}

// row takes a row in, unless it is late or far ahead.
func (d *Detector) row(s channel.Source, t float64, v []float64) error {
	if !d.clock.far(t) {
		d.stats.Ahead += d.clock.release()
		return d.accept(s, t, v)
	}
	believed, dropped := d.clock.hold(heldRow{int(s), row{t, v}})
	d.stats.Ahead += dropped
	if len(believed) == 0 {
		return nil
	}
	first := math.Inf(1)
	for _, r := range believed {
		first = min(first, r.t)
	}
	d.gap = gap{d.clock.newest, first}
	for _, r := range believed {
		if err := d.accept(channel.Source(r.source), r.t, r.v); err != nil {
			return err
		}
	}
	return nil
}

// accept takes a row in, and makes the windows that are final now.
func (d *Detector) accept(s channel.Source, t float64, v []float64) error {
	switch {
	case t < d.clock.mark:
		d.stats.Late++
		return nil
	case math.IsInf(d.clock.newest, -1) && t > farAhead:
		d.gap = gap{math.Inf(-1), t} // zero is long before the first row
	}
	if !d.queues[s].add(t, v) {
		d.stats.Excess++
		return nil
	}
	d.stats.Rows++
	was := d.clock.mark
	if d.clock.see(t); d.clock.mark == was {
		return nil
	}
	return d.advance()
}
