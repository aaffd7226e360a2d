package live

import (
	"errors"
	"fmt"

	"assay/steps/kit/alarm"
	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/model"
	"assay/steps/kit/signal"
)

// Options say what is detected with.
type Options struct {
	Models   []Voice        // at least one; of several, the mean counts
	View     model.View     // that of the models; "" is whichever that is
	Grid     model.Grid     // Window, Stride and Cures, as the models were trained on
	Trigger  *alarm.Trigger // nil raises no alarms
	Lateness float64        // seconds that a row may be older than the newest one
	Wait     float64        // seconds after its end that a tensor waits for the samples beside it

	Start    int64 // Unix ns of time zero, at which the first window begins
	HasStart bool  // without, zero is the time of the first line
}

// A Detector makes windows of the rows of one VM, and predicts them. It needs the memory of the
// rows of a few windows, however long it runs. One goroutine may use it at a time.
type Detector struct {
	o       Options
	said    func(*Window) error
	speak   []*speaker
	tensors []*tensor
	read    [channel.Count]bool // channels that tensors are made of

	decoder *episode.Decoder
	zero    int64
	started bool
	queues  [channel.NumSources]queue
	clock   clock
	truth   truth

	set      signal.Set
	summary  signal.Summarizer
	next     int64 // number of the next window, from 0
	gap      gap   // the last pause that windows skip
	duration float64
	on       bool // an alarm is
	stats    Stats
	first    error // why the first line that was left out was
	window   Window
}

// Stats count what became of lines and windows.
type Stats struct {
	Rows        int `json:"rows"`        // telemetry that was used
	Late        int `json:"late"`        // older than the newest row by more than the lateness
	Ahead       int `json:"ahead"`       // far ahead of all others
	Excess      int `json:"excess"`      // more than are kept
	Broken      int `json:"broken"`      // lines that are none, or rows without a time
	Windows     int `json:"windows"`     // that were predicted
	Provisional int `json:"provisional"` // of these, made before all samples beside them were there
	Skipped     int `json:"skipped"`     // windows of a long pause
}

// New returns a detector that hands each window to said, whose memory is used again. It fails if a
// model does not fit the grid, and names what cannot be had live.
func New(o Options, said func(*Window) error) (*Detector, error) {
	switch {
	case len(o.Models) == 0:
		return nil, errors.New("there is no model to detect with")
	case o.Grid.Cures.RetimeNetflow:
		return nil, errors.New("the cure retime_netflow cannot be had live: it looks at all rows of an episode before it " +
			"moves the first; train the model on features and tensors without it")
	case !(o.Lateness >= 0 && o.Lateness <= maxPatience && o.Wait >= 0 && o.Wait <= maxPatience):
		return nil, fmt.Errorf("lateness is %v s and wait is %v s, want 0 to %v", o.Lateness, o.Wait, maxPatience)
	case !(o.Grid.Window > 0 && o.Grid.Window <= maxWindow && o.Grid.Stride >= minStride && o.Grid.Stride <= maxWindow):
		return nil, fmt.Errorf("a window is %v s each %v s, want at most %v s, each at least %v s", o.Grid.Window,
			o.Grid.Stride, maxWindow, minStride)
	}
	d := &Detector{o: o, said: said, decoder: episode.NewDecoder(episode.DefaultLimits()), clock: newClock(o.Lateness),
		gap: noGap(), zero: o.Start, started: o.HasStart}
	var err error
	if d.speak, d.tensors, err = speakers(o); err != nil {
		return nil, err
	}
	for _, s := range d.speak {
		for _, c := range s.feed.Channels() {
			d.read[c] = true
		}
	}
	for s := range channel.Source(channel.NumSources) {
		d.queues[s].flow = signal.NewFlow(s, o.Grid.Cures)
	}
	d.set.Cures = o.Grid.Cures
	d.summary = signal.Summarizer{Window: o.Grid.Window, Stride: o.Grid.Stride}
	return d, nil
}

const (
	maxPatience = 600.0
	maxWindow   = 600.0
	minStride   = 0.01
)

// Stats returns what became of lines and windows so far.
func (d *Detector) Stats() Stats { return d.stats }
