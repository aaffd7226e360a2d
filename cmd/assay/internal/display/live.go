package display

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"assay/engine/event"
)

// live is the set of lines at the bottom of a terminal that change.
type live struct {
	*mpb.Progress
	past func() map[string]float64 // seconds that an action of each step took in earlier runs
	took map[string]float64        // the result of past, which is called once
	jobs int
	list []*liveLine
}

// liveLine is the line of one step. mpb draws it in a goroutine of its own, which must not wait
// for the one that reports events. So the fields that it reads are atomic.
type liveLine struct {
	all   *live
	bar   *mpb.Bar
	count atomic.Pointer[string]
	stand atomic.Pointer[string] // where the step stands, as the newest status of an action says
	due   atomic.Int64           // when the step may be done, in ns of the epoch; 0 if unknown
}

// action is what is known of an action that runs now.
type action struct {
	began  time.Time
	done   float64 // 0 to 1; below 0 if the step does not report it
	status string  // the newest one
	order  int     // of the status, among those of the step
}

func newAction() *action { return &action{began: time.Now(), done: -1} }

func newLiveLines(w io.Writer, jobs int, past func() map[string]float64) *live {
	return &live{Progress: mpb.New(mpb.WithOutput(w), mpb.WithWidth(36)), past: past, jobs: jobs}
}

// scale is how many units of a bar one node has.
const scale = 1000

// maxName is how many characters of a name are shown, so that the line fits the screen.
const maxName = 18

// add makes the line of a step.
func (l *live) add(s *stepProgress) *liveLine {
	if l.took == nil {
		l.took = l.past()
	}
	line := &liveLine{all: l}
	text := ""
	line.count.Store(&text)
	line.stand.Store(&text)
	line.bar = l.AddBar(int64(len(s.nodes))*scale,
		mpb.PrependDecorators(
			decor.Name(cut(s.name, maxName), decor.WCSyncSpaceR),
			decor.Any(func(decor.Statistics) string { return *line.count.Load() }, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(
			decor.Elapsed(decor.ET_STYLE_GO, decor.WCSyncSpace),
			decor.Any(line.left, decor.WCSyncSpaceR),
			decor.Any(line.status)))
	l.list = append(l.list, line)
	return line
}

// close ends the lines and leaves them as they are.
func (l *live) close() {
	for _, line := range l.list {
		line.bar.Abort(false) // completed bars ignore it
	}
	l.Wait()
}

// left returns the text that says how long the step may still take.
func (line *liveLine) left(st decor.Statistics) string {
	due := line.due.Load()
	if st.Completed || st.Aborted || due == 0 {
		return ""
	}
	d := time.Until(time.Unix(0, due))
	switch {
	case d < -2*time.Second: // the estimate was wrong
		return ""
	case d < time.Second:
		return "  ends soon"
	}
	return "  about " + d.Round(time.Second).String() + " left"
}

// redraw sets a step's bar to how much of its work is done.
func (line *liveLine) redraw(s *stepProgress) {
	text := fmt.Sprintf("%d of %d", s.finished, len(s.nodes))
	if s.cached > 0 {
		text += fmt.Sprintf(", %d cached", s.cached)
	}
	if s.failed > 0 {
		text += fmt.Sprintf(", %d failed", s.failed)
	}
	line.count.Store(&text)
	stand := s.stand()
	line.stand.Store(&stand)
	all := int64(len(s.nodes)) * scale
	if s.finished == len(s.nodes) {
		line.bar.SetCurrent(all)
		return
	}
	mean := line.all.mean(s)
	sum := 0.0
	for _, n := range s.nodes {
		sum += n.fraction(mean)
	}
	line.bar.SetCurrent(min(int64(sum*scale), all-1)) // only a finished step is full
	if left := s.left(mean, line.all.jobs); left > 0 {
		line.due.Store(time.Now().Add(time.Duration(left * float64(time.Second))).UnixNano())
	}
}

// mean estimates how many seconds an action of the step takes: from the actions that are done,
// or else from the progress of those that run, or else from earlier runs, but then not less
// than an action has already taken. It is 0 if nothing is known.
func (l *live) mean(s *stepProgress) float64 {
	sum, seem, longest := 0.0, 0, 0.0
	for _, n := range s.nodes {
		for _, p := range n.running {
			since := time.Since(p.began).Seconds()
			longest = max(longest, since)
			if p.done > 0.02 {
				sum, seem = sum+since/p.done, seem+1
			}
		}
	}
	switch past := l.took[s.name]; {
	case s.ran > 0:
		return s.seconds / float64(s.ran)
	case seem > 0:
		return sum / float64(seem)
	case past > 0:
		return max(past, longest)
	}
	return 0
}

// left estimates how many seconds the step may still take, if as many actions run at once as
// now. It assumes that nodes whose inputs are not known yet have as many actions as the
// others.
func (s *stepProgress) left(mean float64, jobs int) float64 {
	actions, known, todo, longest, running := 0, 0, 0.0, 0.0, 0
	for _, n := range s.nodes {
		if n.actions > 0 {
			known++
			actions += n.actions
		}
		for _, p := range n.running {
			running++
			longest = max(longest, (1-p.fraction(mean))*mean)
		}
	}
	if mean == 0 || known == 0 {
		return 0
	}
	for _, n := range s.nodes {
		count := float64(n.actions)
		if n.actions == 0 {
			count = float64(actions) / float64(known)
		}
		if !n.over {
			todo += (1 - n.fraction(mean)) * count
		}
	}
	return max(longest, todo*mean/float64(max(1, min(running, jobs))))
}

// fraction returns how much of a node is done, 0 to 1.
func (n *nodeProgress) fraction(mean float64) float64 {
	switch {
	case n.over:
		return 1
	case n.actions == 0:
		return 0
	}
	done := float64(n.done)
	for _, p := range n.running {
		done += p.fraction(mean)
	}
	return min(done/float64(n.actions), 1)
}

// fraction returns how much of an action is done, 0 to 1: as the step reports it, or else
// estimated from the time that such actions take.
func (a *action) fraction(mean float64) float64 {
	if a.done >= 0 {
		return a.done
	}
	if mean == 0 {
		return 0
	}
	return min(time.Since(a.began).Seconds()/mean, 0.95)
}

// progress notes how far an action is.
func (n *nodeProgress) progress(ev event.Event) {
	if p := n.running[ev.Shard]; p != nil && ev.Total > 0 {
		p.done = min(max(float64(ev.Done)/float64(ev.Total), 0), 1)
	}
}
