package display

import (
	"fmt"
	"strings"

	"assay/cmd/assay/internal/plain"
	"assay/engine/event"
)

// failed shows that a node failed, with the last lines of its log, unless the error contains
// them or enough logs of other nodes were shown before. The error itself comes at the end of
// the run, with all others.
func (p *Lines) failed(ev event.Event, n *nodeProgress) {
	who := ev.Node
	if n.actions > 1 {
		who += fmt.Sprintf(", shard %d", ev.Shard)
	}
	text := "fail  " + who + "\n"
	tail := n.tail
	if len(tail) > 0 && strings.Contains(plain.PrintableLines(ev.Text), tail[len(tail)-1]) {
		tail = nil
	}
	if len(tail) > 0 {
		p.tails++
	}
	if p.tails > maxTails {
		tail = nil // the line below says how to see it
	}
	for _, line := range tail {
		text += "      | " + line + "\n"
	}
	if n.said > len(tail) && p.whole != nil {
		text += fmt.Sprintf("      full log (%s): %s\n", plain.Plural(n.said, "line"), p.whole(ev.Node))
	}
	p.printf("%s", text)
}

// again shows why an execution is tried again, with the end of its log if the error has it.
func (p *Lines) again(ev event.Event) {
	first, rest, _ := strings.Cut(strings.TrimRight(ev.Text, "\n"), "\n")
	text := fmt.Sprintf("again %s: %s\n", ev.Node, plain.Printable(first))
	lines := strings.Split(rest, "\n")
	if rest == "" {
		lines = nil
	}
	for _, line := range lines[max(0, len(lines)-maxTail):] {
		text += "      | " + plain.Printable(strings.TrimPrefix(line, "    ")) + "\n"
	}
	p.printf("%s", text)
}

// say keeps a log line or a warning, if it is among the last ones of the node.
func (n *nodeProgress) say(text string) {
	n.said++
	n.tail = append(n.tail, plain.Printable(text))
	if len(n.tail) > maxTail {
		n.tail = n.tail[1:]
	}
}

// warned keeps a warning for the end. Equal warnings of one step are shown once.
func (p *Lines) warned(ev event.Event) {
	id := ev.Step + "\x00" + ev.Text
	w := p.same[id]
	if w == nil {
		w = &warning{ev.Step, ev.Text, map[string]bool{}}
		p.same[id], p.warns = w, append(p.warns, w)
	}
	w.nodes[ev.Node] = true
}

func (p *Lines) showWarnings() {
	for _, w := range p.warns {
		who := fmt.Sprintf("%s, %s", w.step, plain.Plural(len(w.nodes), "node"))
		if len(w.nodes) == 1 {
			for name := range w.nodes {
				who = name
			}
		}
		fmt.Fprintf(p.w, "note  %s: %s\n", who, plain.PrintableLines(w.text))
	}
}
