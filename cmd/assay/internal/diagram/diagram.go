// Package diagram draws graphs whose arrows go from left to right: as SVG, with
// a small layering of its own, and as text for Mermaid and Graphviz. The same
// graph gives the same bytes.
//
// [Graph] is what is drawn; layers.go puts its boxes in columns, order.go and
// heights.go give them their places there, svg.go draws them, text.go writes the
// two languages.
package diagram

// A Graph is what is drawn.
type Graph struct {
	Title string
	Note  string // one line below the title
	Boxes []Box  // in an order that is kept where nothing speaks against it
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

// The states, each with a look of its own.
const (
	Plain    State = ""         // nothing is known
	UpToDate State = "uptodate" // its result is in the store
	MayRun   State = "mayrun"   // it hangs on bytes yet to be made
	WillRun  State = "willrun"
	Source   State = "source" // it is not a step, but data that is there
	Output   State = "output" // nor this: a place where results are put
)

// An Edge is an arrow.
type Edge struct {
	From, To string // IDs of boxes
	Label    string
	Hover    string
}

// words are what the legend calls the states.
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
