package artifacts

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// An Action is one execution, completely described: what is run, with which parameters, on
// what. Its text is
//
//	assay action 1
//	kind train/gbt@1
//	params {"view":"oracle",…}
//	input windows[hold=host] <digest of the tree>
//	output model
//
// and the digest of the text is its key. Lines come in the order of the kind's ports.
type Action struct {
	Kind    string          // "train/gbt@1"
	Params  json.RawMessage // canonical, on one line
	Inputs  []NamedTree     // by port, and by labels if the input has any: "windows[hold=host]"
	Outputs []string        // ports
}

// A NamedTree is the digest of a tree, under a name.
type NamedTree struct {
	Name string
	Tree Digest
}

const actionHead = "assay action 1"

// Text returns the text that the action's key is the digest of.
func (a *Action) Text() []byte {
	size := len(actionHead) + len(a.Kind) + len(a.Params) + len("\nkind \nparams \n")
	for _, in := range a.Inputs {
		size += len("input  \n") + len(in.Name) + 2*len(in.Tree)
	}
	for _, port := range a.Outputs {
		size += len("output \n") + len(port)
	}
	b := make([]byte, 0, size) // a recipe may have 100,000 actions
	b = append(append(append(b, actionHead...), "\nkind "...), a.Kind...)
	b = append(append(append(b, "\nparams "...), a.Params...), '\n')
	for _, in := range a.Inputs {
		b = append(append(append(b, "input "...), in.Name...), ' ')
		b = append(hex.AppendEncode(b, in.Tree[:]), '\n')
	}
	for _, port := range a.Outputs {
		b = append(append(append(b, "output "...), port...), '\n')
	}
	return b
}

// ParseAction reads the text of an action. Lines that it does not know are of a later
// version of assay, and left out.
func ParseAction(text []byte) (*Action, error) {
	head, rest, _ := strings.Cut(string(text), "\n")
	if head != actionHead {
		return nil, fmt.Errorf("%.80q does not begin the text of an action", head)
	}
	a := &Action{}
	for line := range strings.Lines(rest) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch word {
		case "kind":
			a.Kind = rest
		case "params":
			a.Params = json.RawMessage(rest)
		case "input":
			at := strings.LastIndexByte(rest, ' ') // labels may hold spaces
			d, err := ParseDigest(rest[at+1:])
			if at < 0 || err != nil {
				return nil, fmt.Errorf("%.80q does not name an input and its digest", rest)
			}
			a.Inputs = append(a.Inputs, NamedTree{rest[:at], d})
		case "output":
			a.Outputs = append(a.Outputs, rest)
		}
	}
	return a, nil
}
