package engine

import (
	"encoding/json"
	"io/fs"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/engine/graph"
	"assay/engine/step"
)

// An Action is one execution, completely described. Two actions with the same
// text make the same bytes, whoever runs them, wherever and whenever.
//
// Inputs enter by the digest of their content, never by the key of what made
// them: a step that ran again and made the same bytes as before does not make
// its dependents run. Nothing else enters: not the recipe, not the step's
// name, not the paths of sources, not threads, time or machine.
type Action struct {
	Kind    *step.Kind
	Params  json.RawMessage
	Inputs  []ActionInput
	Outputs []step.Port

	spec artifacts.Action // the same as data
	text []byte
	key  artifacts.Digest
}

// An ActionInput is one artifact, or a part of one, that an action reads.
type ActionInput struct {
	Port   step.Port
	Labels step.Labels
	Tree   artifacts.Tree
	FS     fs.FS

	source *source.Source // nil if the files are in the store
}

// Root returns where the files of a source lie; empty for what is in the store.
func (in ActionInput) Root() string {
	if in.source == nil {
		return ""
	}
	return in.source.Root
}

// newAction describes an execution of a node with the given inputs.
func newAction(n *graph.Node, inputs []ActionInput) *Action {
	a := &Action{Kind: n.Kind, Params: n.Params, Inputs: inputs, Outputs: n.Outputs}
	a.spec = artifacts.Action{Kind: n.Kind.String(), Params: n.Params}
	for _, in := range inputs {
		a.spec.Inputs = append(a.spec.Inputs, artifacts.NamedTree{Name: in.name(), Tree: in.digest()})
	}
	for _, p := range n.Outputs {
		a.spec.Outputs = append(a.spec.Outputs, p.Name)
	}
	a.text = a.spec.Text()
	a.key = artifacts.Of(a.text)
	return a
}

// name is the input's name in the text.
func (in ActionInput) name() string { return inputName(in.Port, in.Labels) }

// inputName is the port, and the labels if there are any.
func inputName(port step.Port, labels step.Labels) string {
	if len(labels) > 0 {
		return port.Name + "[" + labels.String() + "]"
	}
	return port.Name
}

// digest names the input's content. That of a whole source is found out once, as
// any number of nodes may read it.
func (in ActionInput) digest() artifacts.Digest {
	if in.source != nil && len(in.Tree) == len(in.source.Tree) {
		return in.source.Digest()
	}
	return in.Tree.Digest()
}

// Text returns the description that Key is the digest of. It is kept beside
// the result, so "why did it run again?" is a diff of two texts.
func (a *Action) Text() []byte { return a.text }

// Key returns the action key: the SHA-256 of the text.
func (a *Action) Key() artifacts.Digest { return a.key }

// unchanged returns an error if an input that lies outside the store was
// changed since it was hashed.
func (a *Action) unchanged() error {
	for _, in := range a.Inputs {
		if in.source == nil {
			continue
		}
		if err := in.source.Unchanged(in.Tree); err != nil {
			return err
		}
	}
	return nil
}
