package graph

import (
	"bytes"
	"encoding/json"
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
		b.decode.Decode(with, n.values)
		pos = with.Pos
	}
	if c, ok := n.values.(step.Checker); ok && b.ms.Added() == before && with.Known() {
		for _, err := range each(c.Check()) {
			b.ms.Add(blamed(with, pos, err), "", "%s: %v", n.Name(), err)
		}
	}
	s.vague = s.vague || s.kind.Open && (b.ms.Added() > before || !with.Known())
	text, err := canonical(n.values)
	if err != nil {
		b.ms.Add(pos, "", "%s: parameters cannot be written as JSON: %v", n.Name(), err)
	}
	n.Params = text
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
