package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"assay/engine"
)

// progress shows a run while it goes on. On a terminal there is one live line
// a step; elsewhere, one plain line when a node runs and one when it is done.
// Nodes that are up to date say nothing.
type progress struct {
	w    io.Writer
	bars *mpb.Progress // nil if not on a terminal

	mu    sync.Mutex
	steps map[string]*stepProgress
	nodes map[*engine.Node]*nodeProgress
	warns []*warning // in the order first met
}

// warning is what one or several nodes of a step warned of.
type warning struct {
	step, text string
	nodes      map[string]bool
}

// stepProgress is one live line.
type stepProgress struct {
	bar      *mpb.Bar // made when the step first runs something
	nodes    int
	finished atomic.Int64 // atomic: the bar's own goroutine reads it
}

type nodeProgress struct {
	actions int
	done    int
	part    map[int]float64 // of the actions under way, by shard
	why     []string
	counts  map[string]int
	order   []string // of counts, as first met
}

func newProgress(w io.Writer, g *engine.Graph) *progress {
	p := &progress{w: w, steps: map[string]*stepProgress{}, nodes: map[*engine.Node]*nodeProgress{}}
	for _, n := range g.Nodes {
		if p.steps[n.Step] == nil {
			p.steps[n.Step] = &stepProgress{}
		}
		p.steps[n.Step].nodes++
		p.nodes[n] = &nodeProgress{part: map[int]float64{}, counts: map[string]int{}}
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(40))
	}
	return p
}

// close ends the live lines and shows what the steps warned of.
func (p *progress) close() {
	defer p.showWarnings()
	if p.bars == nil {
		return
	}
	p.mu.Lock()
	for _, s := range p.steps {
		if s.bar != nil {
			s.bar.Abort(false) // completed bars ignore it
		}
	}
	p.mu.Unlock()
	p.bars.Wait()
}

func (p *progress) observe(ev engine.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, s := p.nodes[ev.Node], p.steps[ev.Node.Step]
	switch ev.What {
	case engine.Started:
		n.actions = ev.Actions
	case engine.Cached:
		n.done++
		n.add(ev.Notes)
	case engine.Running:
		p.running(ev, n, s)
	case engine.Progress:
		if ev.Total > 0 {
			n.part[ev.Shard] = float64(ev.Done) / float64(ev.Total)
		}
	case engine.Warned:
		p.warned(ev)
	case engine.Ran:
		n.done++
		delete(n.part, ev.Shard)
		n.add(ev.Notes)
	case engine.Finished:
		s.finished.Add(1)
		p.finished(ev, n)
	}
	p.redraw(s)
}

// running is told of the first action of a node that has to run, and of others
// only if they have another reason.
func (p *progress) running(ev engine.Event, n *nodeProgress, s *stepProgress) {
	for _, why := range n.why {
		if why == ev.Why {
			return
		}
	}
	n.why = append(n.why, ev.Why)
	if len(n.why) <= 3 {
		p.printf("run   %s: %s\n", ev.Node.Name(), ev.Why)
	}
	if p.bars != nil && s.bar == nil {
		s.bar = p.bar(ev.Node.Step, s)
	}
}

func (p *progress) finished(ev engine.Event, n *nodeProgress) {
	if ev.Ran == 0 {
		return
	}
	var said []string
	if ev.Actions > 1 {
		said = append(said, fmt.Sprintf("%d of %s", ev.Ran, plural(ev.Actions, "shard")))
	}
	for _, name := range n.order {
		said = append(said, fmt.Sprintf("%s %d", name, n.counts[name]))
	}
	line := "done  " + ev.Node.Name()
	if len(said) > 0 {
		line += "  " + strings.Join(said, ", ")
	}
	p.printf("%s\n", line)
}

// warned takes up a warning. Those of one step that say the same are shown
// once, at the end.
func (p *progress) warned(ev engine.Event) {
	for _, w := range p.warns {
		if w.step == ev.Node.Step && w.text == ev.Text {
			w.nodes[ev.Node.Name()] = true
			return
		}
	}
	p.warns = append(p.warns, &warning{ev.Node.Step, ev.Text, map[string]bool{ev.Node.Name(): true}})
}

func (p *progress) showWarnings() {
	for _, w := range p.warns {
		who := fmt.Sprintf("%s, %s", w.step, plural(len(w.nodes), "node"))
		if len(w.nodes) == 1 {
			for name := range w.nodes {
				who = name
			}
		}
		fmt.Fprintf(p.w, "note  %s: %s\n", who, w.text)
	}
}

// add takes up the counts of an action's notes; those of shards add up.
func (n *nodeProgress) add(notes []string) {
	for _, note := range notes {
		var name string
		var c int
		if k, err := fmt.Sscanf(note, "count %s %d", &name, &c); k != 2 || err != nil {
			continue
		}
		if _, ok := n.counts[name]; !ok {
			n.order = append(n.order, name)
		}
		n.counts[name] += c
	}
}

// printf writes a line that stays, above the live ones.
func (p *progress) printf(format string, args ...any) {
	if p.bars != nil {
		fmt.Fprintf(p.bars, format, args...)
		return
	}
	fmt.Fprintf(p.w, format, args...)
}

// scale is how finely a bar is divided for each node of its step.
const scale = 1000

func (p *progress) bar(step string, s *stepProgress) *mpb.Bar {
	return p.bars.AddBar(int64(s.nodes)*scale,
		mpb.PrependDecorators(
			decor.Name(step, decor.WCSyncSpaceR),
			decor.Any(func(decor.Statistics) string {
				return fmt.Sprintf("%d of %d", s.finished.Load(), s.nodes)
			}, decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace), decor.Elapsed(decor.ET_STYLE_GO, decor.WCSyncSpace)))
}

// redraw moves a step's bar to the part of its work that is done.
func (p *progress) redraw(s *stepProgress) {
	if s.bar == nil {
		return
	}
	all := int64(s.nodes) * scale
	if s.finished.Load() == int64(s.nodes) {
		s.bar.SetCurrent(all)
		return
	}
	part := 0.0
	for n, np := range p.nodes {
		if p.steps[n.Step] == s {
			part += np.fraction()
		}
	}
	s.bar.SetCurrent(min(int64(part*scale), all-1)) // only a finished step is full
}

// fraction is how much of a node is done, 0 to 1.
func (n *nodeProgress) fraction() float64 {
	if n.actions == 0 {
		return 0
	}
	done := float64(n.done)
	for _, part := range n.part {
		done += part
	}
	return min(done/float64(n.actions), 1)
}
