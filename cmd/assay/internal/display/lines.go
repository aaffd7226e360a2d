package display

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/artifacts"
	"assay/cmd/assay/internal/plain"
	"assay/engine/event"
)

// Lines shows a run while it goes on. On a terminal it has one live line per step (live.go).
// Elsewhere it prints a line when a node starts to run and one when the node is done. It
// prints nothing for nodes that are up to date. It uses no colours.
type Lines struct {
	w     io.Writer
	live  *live                    // nil if not on a terminal
	whole func(node string) string // the command that shows the full log of a node; may be nil
	mu    sync.Mutex
	steps map[string]*stepProgress
	nodes map[string]*nodeProgress
	warns []*warning          // in the order they came
	same  map[string]*warning // by step and text
	told  map[string]bool     // on a terminal: the reasons of a step that were shown
	tails int                 // how many failed nodes had log lines
}

// warning is a warning of one or several nodes of a step.
type warning struct {
	step, text string
	nodes      map[string]bool
}

// stepProgress is the progress of all nodes of a step.
type stepProgress struct {
	name     string
	nodes    []*nodeProgress
	finished int // nodes
	cached   int // nodes that ran nothing
	failed   int // nodes
	ran      int // actions
	seconds  float64
	told     int       // statuses of its actions
	line     *liveLine // made when the step first runs something
}

// nodeProgress is the progress of one node.
type nodeProgress struct {
	actions int // 0 before its inputs are known
	done    int
	over    bool
	began   time.Time       // its first action
	running map[int]*action // by shard
	why     []string
	counts  map[string]int
	order   []string // of counts, as they came
	tail    []string // its last log lines and warnings
	said    int      // how many there were in all
}

// maxTail is how many log lines of a failed node are shown, and maxTails for how many failed
// nodes. For others only the command that shows the log is printed.
const (
	maxTail  = 10
	maxTails = 3
)

// A Node is a node of the run.
type Node struct{ Name, Step string }

// NewLines returns a display of a run of nodes that writes lines to w. whole returns the command
// that shows the full log of a node; it may be nil.
func NewLines(w io.Writer, nodes []Node, whole func(node string) string) *Lines {
	p := &Lines{w: w, whole: whole, steps: map[string]*stepProgress{}, nodes: map[string]*nodeProgress{},
		told: map[string]bool{}, same: map[string]*warning{}}
	for _, n := range nodes {
		p.add(n)
	}
	return p
}

// add adds a node, unless it is there already.
func (p *Lines) add(n Node) {
	if p.nodes[n.Name] != nil {
		return
	}
	s := p.steps[n.Step]
	if s == nil {
		s = &stepProgress{name: n.Step}
		p.steps[n.Step] = s
	}
	np := &nodeProgress{running: map[int]*action{}, counts: map[string]int{}}
	p.nodes[n.Name], s.nodes = np, append(s.nodes, np)
}

// GoLive adds a line per step at the bottom of the terminal w, which changes as the run goes
// on: jobs is how many actions run at once, and expected returns how many seconds an action of
// each step may take.
func (p *Lines) GoLive(w io.Writer, jobs int, expected func() map[string]float64) {
	p.live = newLiveLines(w, jobs, expected)
}

// Close ends the live lines and shows the warnings.
func (p *Lines) Close() {
	if p.live != nil {
		p.live.close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.showWarnings()
}

// Observe implements [event.Observer].
func (p *Lines) Observe(ev event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ev.What == event.Known {
		for _, name := range ev.Names {
			p.add(Node{name, ev.Step})
		}
		return
	}
	p.add(Node{ev.Node, ev.Step}) // a step that cannot become known fails without a node
	n, s := p.nodes[ev.Node], p.steps[ev.Step]
	switch ev.What {
	case event.Started:
		n.actions = ev.Actions
	case event.Cached:
		n.done++
		n.add(ev.Notes)
	case event.Running:
		n.running[ev.Shard] = newAction()
		if n.began.IsZero() {
			n.began = time.Now()
		}
		p.running(ev, n, s)
	case event.Progress:
		n.progress(ev)
	case event.Status:
		s.status(ev, n)
	case event.Warned:
		n.say(ev.Text)
		p.warned(ev)
	case event.Logged:
		n.say(ev.Text)
	case event.Retrying:
		delete(n.running, ev.Shard)
		p.again(ev)
	case event.Failed:
		delete(n.running, ev.Shard)
		if !n.over {
			s.failed++
		}
		n.over = true
		p.failed(ev, n)
	case event.Blocked:
		n.over = true
	case event.Ran:
		n.done++
		s.ran++
		s.seconds += ev.Took
		delete(n.running, ev.Shard)
		n.add(ev.Notes)
	case event.Finished:
		n.over = true
		s.finished++
		if ev.Ran == 0 {
			s.cached++
		}
		p.finished(ev, n)
	}
	if s.line != nil {
		s.line.redraw(s)
	}
}

// running shows that a node runs, and why. It shows the first action of the node, and others
// only if they have another reason. On a terminal, where the live line counts the nodes, it
// shows each reason of a step once.
func (p *Lines) running(ev event.Event, n *nodeProgress, s *stepProgress) {
	if p.live != nil && s.line == nil {
		s.line = p.live.add(s)
	}
	why := ev.Why.String()
	if slices.Contains(n.why, why) {
		return
	}
	n.why = append(n.why, why)
	if p.live != nil {
		if p.told[s.name+why] {
			return
		}
		p.told[s.name+why] = true
	}
	if len(n.why) <= 3 {
		p.printf("run   %s: %s\n", ev.Node, plain.Printable(why))
	}
}

// finished shows that a node is done, with its counts. It shows nothing for a node that was up
// to date.
func (p *Lines) finished(ev event.Event, n *nodeProgress) {
	if ev.Ran == 0 {
		return
	}
	var said []string
	if ev.Actions > 1 {
		said = append(said, fmt.Sprintf("%d of %s", ev.Ran, plain.Plural(ev.Actions, "shard")))
	}
	for _, name := range n.order {
		said = append(said, fmt.Sprintf("%s %d", name, n.counts[name]))
	}
	if p.live == nil {
		said = append(said, plain.Seconds(time.Since(n.began).Seconds()).String())
	}
	if len(said) == 0 {
		return // the live line shows it
	}
	p.printf("done  %s  %s\n", ev.Node, strings.Join(said, ", "))
}

// add adds the counts of an action to those of the node.
func (n *nodeProgress) add(notes []artifacts.Note) {
	for _, note := range notes {
		if note.Count == "" {
			continue
		}
		if _, ok := n.counts[note.Count]; !ok {
			n.order = append(n.order, note.Count)
		}
		n.counts[note.Count] += note.N
	}
}

// printf writes lines that stay, above the live lines.
func (p *Lines) printf(format string, args ...any) {
	w := p.w
	if p.live != nil {
		w = p.live
	}
	fmt.Fprintf(w, format, args...)
}
