package live

import (
	"math"

	"assay/steps/kit/alarm"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// A Window is what is said of some seconds of telemetry.
type Window struct {
	Number      int64   // of the grid, from 0
	Start       float64 // seconds since zero
	Center      float64
	UnixNs      int64     // the centre, by the wall clock
	Label       string    // the phase at the centre, if the stream has labels
	Provisional bool      // a sample still to come might have changed it
	X           []float32 // its features, as in the windows table

	P     [channel.NumPhases]float32   // probability of each phase; the mean, if there are several models
	Each  [][channel.NumPhases]float32 // of each model
	Score float64                      // see [alarm.Score]
	Alarm bool                         // one is on
	Edge  bool                         // it was raised or cleared by this window
}

// Predicted returns the phase that is most likely; of several, the first.
func (w *Window) Predicted() string { return Best(w.P) }

// Best returns the phase of the highest probability; of several, the first.
func Best(all [channel.NumPhases]float32) string {
	best := 0
	for k, p := range all {
		if p > all[best] {
			best = k
		}
	}
	return channel.PhaseName(best)
}

// A gap is a pause between two rows, in seconds since zero.
type gap struct{ from, to float64 }

func noGap() gap { return gap{math.Inf(1), math.Inf(-1)} }

// advance makes the windows that are final now.
func (d *Detector) advance() error {
	for s := range d.queues {
		d.queues[s].release(d.clock.mark)
	}
	for {
		d.skip()
		end := d.start(d.next) + d.o.Grid.Window
		if !(d.clock.mark >= end) {
			return nil
		}
		open := d.open()
		if open && d.clock.mark < end+d.o.Wait {
			return nil
		}
		if err := d.make(open); err != nil {
			return err
		}
	}
}

// start returns when a window begins, as the kind features has it.
func (d *Detector) start(k int64) float64 { return float64(float64(k) * d.o.Grid.Stride) }

// skip passes over the windows that lie within a long pause. Of these, nothing is known.
func (d *Detector) skip() {
	g := d.gap
	if !(d.start(d.next) > g.from && d.start(d.next)+d.o.Grid.Window <= g.to) {
		return
	}
	first := int64((g.to-d.o.Grid.Window)/d.o.Grid.Stride) + 1
	if first > d.next {
		d.stats.Skipped += int(first - d.next)
		d.next = first
		d.forget()
	}
}

// open reports whether a sample that is still to come may change the tensors of the next window.
func (d *Detector) open() bool {
	for _, t := range d.tensors {
		last := signal.Points(t.maker.Window, t.maker.Hz) - 1
		point := d.start(d.next) + float64(last)/t.maker.Hz
		for c, read := range d.read {
			s := channel.At(c).Source
			if from, _ := channel.Columns(s); read && d.queues[s].flow.Open(c-from, point, d.clock.mark) {
				return true
			}
		}
	}
	return false
}

// make makes the next window, and tells of it.
func (d *Detector) make(provisional bool) error {
	start := d.start(d.next)
	for s := range d.queues {
		d.set.Take(d.queues[s].flow)
	}
	w := &d.window
	w.Number, w.Start, w.Center = d.next, start, start+float64(d.o.Grid.Window/2)
	w.UnixNs = d.zero + int64(math.RoundToEven(w.Center*1e9))
	w.Label, w.Provisional = d.truth.at(w.Center), provisional
	w.X = d.summary.SummarizeAt(&d.set, start)
	if err := d.predict(w, start); err != nil {
		return err
	}
	d.stats.Windows++
	if provisional {
		d.stats.Provisional++
	}
	d.next++
	d.forget()
	return d.said(w)
}

// predict fills in what the models say.
func (d *Detector) predict(w *Window, start float64) error {
	for _, t := range d.tensors {
		if err := t.maker.TensorizeAt(&d.set, start, &t.out); err != nil {
			return err
		}
	}
	w.Each = w.Each[:0]
	for _, s := range d.speak {
		if err := s.say(w.X); err != nil {
			return err
		}
		w.Each = append(w.Each, s.p)
	}
	w.P = mean(d.speak)
	w.Score = alarm.Score(w.P)
	if d.o.Trigger != nil {
		was := d.on
		d.on = d.o.Trigger.Next(was, w.Score)
		w.Alarm, w.Edge = d.on, d.on != was
	}
	return nil
}

// forget drops what no later window needs.
func (d *Detector) forget() {
	for s := range d.queues {
		d.queues[s].flow.Forget(d.start(d.next))
	}
	d.truth.forget(d.start(d.next))
}

// End makes the windows that are left at the end of the input, as many as fit into the duration
// that the input's meta line says, else until the last row: as of a recording.
func (d *Detector) End() error {
	d.stats.Ahead += d.clock.release()
	for s := range d.queues {
		d.queues[s].release(math.Inf(1))
	}
	last := max(d.clock.newest, 0)
	if d.duration > 0 {
		last = min(d.duration, last+farAhead)
	}
	n := signal.Fit(last, d.o.Grid.Window, d.o.Grid.Stride)
	for d.skip(); float64(d.next) < n; d.skip() {
		if err := d.make(false); err != nil {
			return err
		}
	}
	return nil
}
