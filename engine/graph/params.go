package graph

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"assay/engine/recipe"
	"assay/engine/step"
)

// params decodes a step's "with:" over the defaults of its kind.
func (b *builder) params(s *builtStep, n *Node, env recipe.Env) {
	before := b.ms.Added()
	with := recipe.Resolve(s.recipe.With, env, b.ms)
	if s.kind == nil {
		return
	}
	n.values = s.kind.Params()
	pos := s.recipe.Pos
	if with != nil {
		recipe.Decode(with, n.values, b.ms)
		pos = with.Pos
	}
	if c, ok := n.values.(step.Checker); ok && b.ms.Added() == before && with.Known() {
		for _, err := range each(c.Check()) {
			b.ms.Add(blamed(with, pos, err), "", "%s: %v", n.Name(), err)
		}
	}
	s.vague = s.vague || s.kind.Open && (b.ms.Added() > before || !with.Known() && !b.fixedPorts(s))
	text, err := canonical(n.values)
	if err != nil {
		b.ms.Add(pos, "", "%s: parameters cannot be written as JSON: %v", n.Name(), err)
	}
	n.Params = text
}

// ports sets the ports of a step and of its nodes. The recipe names those of an open
// kind.
func (b *builder) ports(s *builtStep) {
	if s.kind == nil {
		return
	}
	s.inputs, s.outputs = s.kind.Inputs, s.kind.Outputs
	for _, n := range s.nodes {
		n.Outputs = s.outputs
	}
	if !s.kind.Open {
		return
	}
	for _, n := range s.nodes {
		p := n.values.(step.Porter)
		n.Outputs, s.outputs, s.inputs = p.OutPorts(), p.OutPorts(), nil
		for _, in := range s.recipe.In {
			s.inputs = append(s.inputs, p.InPort(in.Name))
		}
	}
	slices.SortFunc(s.inputs, func(a, b step.Port) int { return strings.Compare(a.Name, b.Name) })
}

// fixedPorts reports whether the ports of a step are the same whatever the values of its axes, which are not known
// yet: those of two examples are.
func (b *builder) fixedPorts(s *builtStep) bool {
	var ms recipe.Mistakes
	ports := func(value string) (list []step.Port) {
		env := maps.Clone(b.env)
		for _, c := range s.points[0] {
			env[c.axis] = recipe.FromData(value, s.recipe.Pos)
		}
		values := s.kind.Params()
		recipe.Decode(recipe.Resolve(s.recipe.With, env, &ms), values, &ms)
		p := values.(step.Porter)
		list = p.OutPorts()
		for _, in := range s.recipe.In {
			list = append(list, p.InPort(in.Name))
		}
		return list
	}
	return s.pending && slices.Equal(ports("1"), ports("2")) && ms.Added() == 0
}

// blamed returns the place of the value that an error is about, if the error begins with its
// key, as in "hidden is 20, want ...", or pos.
func blamed(with *recipe.Value, pos recipe.Pos, err error) recipe.Pos {
	if with == nil {
		return pos
	}
	text := err.Error()
	for _, f := range with.Fields {
		rest, ok := strings.CutPrefix(text, f.Key)
		if ok && (strings.HasPrefix(rest, " is ") || strings.HasPrefix(rest, ": ")) {
			return f.Value.Pos
		}
	}
	return pos
}

// each returns the errors that errors.Join joined, at any depth, or the error itself.
func each(err error) []error {
	if err == nil {
		return nil
	}
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, e := range many.Unwrap() {
		list = append(list, each(e)...)
	}
	return list
}

// canonical writes params as one line of JSON, keys in the order of the struct, as they
// are part of keys.
func canonical(v params) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
