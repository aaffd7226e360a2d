package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/graph"
	"assay/engine/step"
)

// A Message is a job as it is sent to another machine that sees the same store and the same
// sources at the same paths. It is JSON that a person can read.
type Message struct {
	Text   string         `json:"action"` // see [Action.Text]; the trees it names are in the store
	Inputs []MessageInput `json:"inputs"` // in the order of the text
	Node   string         `json:"node"`
	Need   graph.Need     `json:"need"`
	Limit  time.Duration  `json:"limit,omitempty"` // nanoseconds
	Force  bool           `json:"force,omitempty"`
}

// A MessageInput is what an action's text does not say of an input.
type MessageInput struct {
	Port   step.Port   `json:"port"`
	Labels step.Labels `json:"labels,omitempty"`
	From   string      `json:"from,omitempty"`
	Root   string      `json:"root,omitempty"`  // of a source
	Whole  bool        `json:"whole,omitempty"` // all of the source is read
}

// Message returns the job in the form in which it is sent.
func (j *Job) Message() *Message {
	m := &Message{Text: string(j.Action.Text()), Node: j.Node, Need: j.Need, Limit: j.Limit, Force: j.Force}
	for _, in := range j.Action.Inputs {
		i := MessageInput{Port: in.Port, Labels: in.Labels, From: in.From, Root: in.Root()}
		i.Whole = in.source != nil && len(in.Tree) == len(in.source.Tree)
		m.Inputs = append(m.Inputs, i)
	}
	return m
}

// Key returns the key of the message's action.
func (m *Message) Key() artifacts.Digest { return artifacts.Of([]byte(m.Text)) }

// Perform executes the job here and records its result. If the store has the result already and
// the message does not force, it returns that. What the step says goes to sink.
func (m *Message) Perform(ctx context.Context, s *store.Store, kinds []*step.Kind, sink step.Sink) (*store.Result,
	error) {
	if !m.Force {
		if res, err := s.Lookup(m.Key(), false); err == nil {
			return res, nil
		}
	}
	job, err := m.Job(ctx, s, kinds)
	if err != nil {
		return nil, err
	}
	if job.Place, err = s.Scratch(job.Action.folders()...); err != nil {
		return nil, err
	}
	defer job.Place.Release()
	l := &noter{to: sink}
	job.Sink = l
	began := time.Now()
	if err := (Local{}).Execute(ctx, job); err != nil {
		return nil, err
	}
	return job.keep(ctx, s, time.Since(began), &l.notebook)
}

// Job returns the job of the message, without a place and a sink. Its inputs are opened, and
// checked against the action.
func (m *Message) Job(ctx context.Context, s *store.Store, kinds []*step.Kind) (*Job, error) {
	a, err := m.action(ctx, s, kinds)
	if err != nil {
		return nil, err
	}
	return &Job{Action: a, Node: m.Node, Need: m.Need, Limit: m.Limit, Force: m.Force,
		Resume: s.ResumePath(a.Key())}, nil
}

// noter is a sink that also keeps what belongs in the record.
type noter struct {
	notebook
	to step.Sink
}

// Emit implements step.Sink.
func (n *noter) Emit(ev step.Message) {
	n.add(ev)
	n.to.Emit(ev)
}

// errMessage says that a message does not fit its own action.
var errMessage = errors.New("the message of a job is damaged; run the recipe again")

// action makes the action of the message, with its inputs opened.
func (m *Message) action(ctx context.Context, s *store.Store, kinds []*step.Kind) (*Action, error) {
	spec, err := artifacts.ParseAction([]byte(m.Text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMessage, err)
	}
	if len(spec.Inputs) != len(m.Inputs) {
		return nil, fmt.Errorf("%w: it has %d inputs, its action %d", errMessage, len(m.Inputs), len(spec.Inputs))
	}
	a := &Action{Params: spec.Params, spec: *spec, text: []byte(m.Text), key: m.Key()}
	for _, k := range kinds {
		if k.String() == spec.Kind {
			a.Kind = k
		}
	}
	if a.Kind == nil {
		return nil, fmt.Errorf("this assay has no kind %s; run the recipe with the version that runs here", spec.Kind)
	}
	for i, in := range m.Inputs {
		opened, err := in.open(ctx, s, spec.Inputs[i].Tree)
		if err != nil {
			return nil, fmt.Errorf("input %s: %w", spec.Inputs[i].Name, err)
		}
		a.Inputs = append(a.Inputs, opened)
	}
	for _, port := range spec.Outputs {
		if !isPortName(port) {
			return nil, fmt.Errorf("%w: %q is not the name of an output", errMessage, port)
		}
		a.Outputs = append(a.Outputs, step.Port{Name: port})
	}
	return a, nil
}

// isPortName reports whether a word names a folder of an output and leads nowhere else.
func isPortName(port string) bool {
	return port != "" && port != ".." && !strings.ContainsAny(port, "/\\\x00")
}

// open opens an input: a tree of the store, or files of a source, which are hashed before they are believed.
func (i MessageInput) open(ctx context.Context, s *store.Store, d artifacts.Digest) (ActionInput, error) {
	in := ActionInput{Port: i.Port, Labels: i.Labels, From: i.From}
	var err error
	if in.Tree, err = s.ReadTree(d); err != nil {
		return in, err
	}
	switch {
	case i.Root == "":
		in.FS = s.FS(in.Tree)
		return in, nil
	case i.Whole:
		if in.source, err = s.Scan(ctx, i.Root); err == nil {
			err = in.source.Is(in.Tree)
		}
	default:
		in.source, err = source.Part(ctx, i.Root, in.Tree)
	}
	if err != nil {
		return in, err
	}
	in.FS = in.source.FS(in.Tree)
	return in, nil
}
