package display

import (
	"strings"

	"github.com/vbauerster/mpb/v8/decor"

	"assay/cmd/assay/internal/plain"
	"assay/engine/event"
)

// maxStatus is how many characters of a status are kept. minBar is how many columns of a live
// line stay free for the bar, whatever the status; minStatus is how many make a status worth
// showing.
const (
	maxStatus = 200
	minBar    = 14
	minStatus = 8
)

// status notes where an action stands. If the step has several nodes, the text says which one
// it is about.
func (s *stepProgress) status(ev event.Event, n *nodeProgress) {
	a := n.running[ev.Shard]
	if a == nil {
		return
	}
	text := plain.Printable(strings.Join(strings.Fields(ev.Text), " "))
	if len(s.nodes) > 1 && len(ev.Labels) > 0 {
		text += " (" + plain.Printable(ev.Labels.String()) + ")"
	}
	s.told++
	a.status, a.order = cut(text, maxStatus), s.told
}

// stand returns the newest status of the actions that run now, or "".
func (s *stepProgress) stand() string {
	text, newest := "", 0
	for _, n := range s.nodes {
		for _, a := range n.running {
			if a.order > newest {
				text, newest = a.status, a.order
			}
		}
	}
	return text
}

// status returns the end of the step's line: where it stands, as far as there is room.
func (line *liveLine) status(st decor.Statistics) string {
	text := *line.stand.Load()
	room := st.AvailableWidth - minBar - len("  ")
	if text == "" || room < minStatus || st.Completed || st.Aborted {
		return ""
	}
	return "  " + cut(text, room)
}

// cut shortens a text to n characters.
func cut(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
