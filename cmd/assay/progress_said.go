package main

import (
	"fmt"
	"strings"

	"assay/engine"
)

// failed shows what a node said last, unless its error does. The error itself
// comes at the end of the run, with all others.
func (p *progress) failed(ev engine.Event, n *nodeProgress) {
	p.tails++
	if p.tails > maxTails {
		return
	}
	who := ev.Node.Name()
	if n.actions > 1 {
		who += fmt.Sprintf(", shard %d", ev.Shard)
	}
	text := "fail  " + who + "\n"
	tail := n.tail
	if len(tail) > 0 && strings.Contains(ev.Text, tail[len(tail)-1]) {
		tail = nil
	}
	for _, line := range tail {
		text += "      | " + line + "\n"
	}
	if n.said > len(tail) && p.whole != nil {
		text += fmt.Sprintf("      all it said (%s): %s\n", plural(n.said, "line"), p.whole(ev.Node.Name()))
	}
	p.printf("%s", text)
}

// say keeps the last lines of a node.
func (n *nodeProgress) say(text string) {
	n.said++
	n.tail = append(n.tail, printable(text))
	if len(n.tail) > maxTail {
		n.tail = n.tail[1:]
	}
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

// printable drops what would move the cursor or change colours: the text is
// somebody else's.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, text)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
