// Package diagram draws graphs whose arrows go from left to right: as SVG, with a small layout
// of its own, and as text for Mermaid and Graphviz. The same graph gives the same bytes.
//
// Make a [Graph] and call one of its methods. layers.go puts the boxes in columns, order.go and
// heights.go find their order and height there, svg.go draws them, text.go writes the two
// languages.
package diagram

// A Graph is what is drawn.
type Graph struct {
	Title string
	Note  string // one line below the title
	Boxes []Box  // the layout keeps their order where arrows allow it
	Edges []Edge
}

// A Box is a node of the graph.
type Box struct {
	ID    string // what edges name
	Title string
	Sub   string // a second, smaller line
	State State
	Hover string
}

// State says how a box is drawn.
type State string

// The states; each has its own colours.
const (
	Plain    State = ""         // nothing is known
	UpToDate State = "uptodate" // its result is in the store
	MayRun   State = "mayrun"   // it depends on bytes yet to be made
	WillRun  State = "willrun"
	Source   State = "source" // data that no step makes
	Output   State = "output" // a folder that gets a copy of an artifact
)

// An Edge is an arrow.
type Edge struct {
	From, To string // IDs of boxes
	Label    string
	Hover    string
}

// word returns the name of a state in the legend.
func (s State) word() string {
	switch s {
	case UpToDate:
		return "up to date"
	case MayRun:
		return "may run"
	case WillRun:
		return "will run"
	case Source:
		return "source"
	case Output:
		return "output"
	}
	return ""
}
