package recipe

import (
	"maps"
	"slices"
	"strings"
)

// Env holds what ${name} can stand for: parameters, and at a node the values
// of its axes.
type Env map[string]*Node

// Resolve returns n with every ${name} replaced by its value. A text that is
// nothing but ${name} becomes the value itself, list, map or number; within
// other text the value must be a scalar. $${ stands for a plain ${.
func Resolve(n *Node, env Env, ms *Mistakes) *Node {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case List:
		out := *n
		out.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			out.Items[i] = Resolve(item, env, ms)
		}
		return &out
	case Map:
		out := *n
		out.Fields = make([]Field, len(n.Fields))
		for i, f := range n.Fields {
			out.Fields[i] = Field{f.Key, f.Pos, Resolve(f.Value, env, ms)}
		}
		return &out
	}
	if !strings.Contains(n.Text, "${") {
		return n
	}
	return resolveText(n, env, ms)
}

func resolveText(n *Node, env Env, ms *Mistakes) *Node {
	if name, ok := wholeReference(n.Text); ok {
		if v := lookup(n, name, env, ms); v != nil {
			out := *v
			out.Pos = n.Pos // a mistake in the value is best shown where it is used
			return &out
		}
		return broken(n)
	}
	var b strings.Builder
	rest := n.Text
	for {
		before, after, found := strings.Cut(rest, "${")
		if strings.HasSuffix(before, "$") {
			b.WriteString(before + "{")
			rest = after
			continue
		}
		b.WriteString(before)
		if !found {
			return scalar(b.String(), n.Pos)
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			ms.Add(n.Pos, "close it with }, or write $${ for a plain ${", "${ without its } in %s", n.describe())
			return broken(n)
		}
		v := lookup(n, name, env, ms)
		if v == nil || v.Kind == Broken {
			return broken(n)
		}
		if v.Kind != Scalar {
			ms.Add(n.Pos, "use ${"+name+"} alone as the whole value", "${%s} is %s and cannot stand within a text", name, v.Kind)
			return broken(n)
		}
		b.WriteString(v.Text)
		rest = tail
	}
}

// broken stands for a value that a reported mistake kept from being known, so
// that one mistake is not followed by others that it caused.
func broken(n *Node) *Node { return &Node{Pos: n.Pos, Kind: Broken} }

// wholeReference recognises a text that is one ${name} and nothing else.
func wholeReference(text string) (string, bool) {
	name, ok := strings.CutPrefix(text, "${")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, "}")
	return name, ok && !strings.ContainsAny(name, "${}")
}

func lookup(n *Node, name string, env Env, ms *Mistakes) *Node {
	v := env[name]
	if v == nil {
		ms.Add(n.Pos, Suggest(name, slices.Sorted(maps.Keys(env))), "${%s}: no parameter or axis of that name", clip(name))
	}
	return v
}
