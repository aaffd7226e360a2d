package engine

import (
	"encoding/json"
	"io/fs"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/engine/graph"
	"assay/engine/step"
)

// An Action is the complete description of one execution. Two actions with the same text make
// the same bytes, no matter who runs them, where and when.
//
// The text names inputs by the digest of their content, never by the key of the action that
// made them: a step that ran again and made the same bytes as before does not make its
// dependents run. The text leaves out everything else: the recipe, the step's name, the
// paths of sources, threads, time and machine. Only an input whose port asks for it names the
// step that made it, since the kind then knows it, too.
type Action struct {
	Kind    *step.Kind
	Params  json.RawMessage
	Inputs  []ActionInput
	Outputs []step.Port

	spec artifacts.Action // the description as data
	text []byte
	key  artifacts.Digest
}

// An ActionInput is one artifact that an action reads, or a shard of one.
type ActionInput struct {
	Port   step.Port
	Labels step.Labels
	From   string // which output it is; "" unless the port asks for it
	Tree   artifacts.Tree
	FS     fs.FS

	source *source.Source // nil if the files are in the store
}

// Root returns the folder of a source; "" if the files are in the store.
func (in ActionInput) Root() string {
	if in.source == nil {
		return ""
	}
	return in.source.Root
}

// newAction describes an execution of a node with the given inputs.
func newAction(n *graph.Node, inputs []ActionInput) *Action {
	a := &Action{Kind: n.Kind, Params: n.Params, Inputs: inputs, Outputs: n.Outputs}
	a.spec = artifacts.Action{Kind: n.Kind.String(), Params: n.Params,
		Inputs: make([]artifacts.NamedTree, len(inputs)), Outputs: make([]string, len(n.Outputs))}
	for i, in := range inputs {
		a.spec.Inputs[i] = artifacts.NamedTree{Name: in.name(), Tree: in.digest()}
	}
	for i, p := range n.Outputs {
		a.spec.Outputs[i] = p.Name
	}
	a.text = a.spec.Text()
	a.key = artifacts.Of(a.text)
	return a
}

// name is the input's name in the text.
func (in ActionInput) name() string { return inputName(in.Port, in.Labels, in.From) }

// inputName returns the port's name, with the labels if there are any, and with the output
// that feeds it if the port asks for it: "evals[view=oracle] of eval.report".
func inputName(port step.Port, labels step.Labels, from string) string {
	name := port.Name
	if len(labels) > 0 {
		name += "[" + labels.String() + "]"
	}
	if from != "" {
		name += " of " + from
	}
	return name
}

// origin returns what a port is told of where an artifact comes from: "eval.report", or the
// name of a source. With the labels it names the node.
func origin(port step.Port, f graph.Feed) string {
	switch {
	case !port.Origin:
		return ""
	case f.Node == nil:
		return f.Source
	}
	return f.Node.Step + "." + f.Output
}

// input returns what the kind gets.
func (in ActionInput) input() step.Input {
	i := step.Input{Labels: in.Labels, FS: in.FS, From: in.From}
	if in.From != "" {
		i.Digest = in.digest().String()
	}
	return i
}

// digest names the input's content. The digest of a whole source is computed once, since
// many nodes may read it.
func (in ActionInput) digest() artifacts.Digest {
	if in.source != nil && len(in.Tree) == len(in.source.Tree) {
		return in.source.Digest()
	}
	return in.Tree.Digest()
}

// Text returns the description; Key is its digest. The store keeps it beside the result, so
// the answer to "why did it run again?" is a diff of two texts.
func (a *Action) Text() []byte { return a.text }

// Key returns the action key: the SHA-256 of the text.
func (a *Action) Key() artifacts.Digest { return a.key }

// unchanged returns an error if a source that the action reads has changed since it was
// hashed.
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
