package recipe

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Env holds the values of ${name}: parameters and, for a node, the values of its axes.
type Env map[string]*Value

// Resolve returns n with every ${name} replaced by its value. If the whole text is one
// ${name}, the result is the value itself: a list, map or number. Within other text, the
// value must be a scalar. A value without any is returned as it is, not copied. ${name:q} is
// the value as text quoted for a shell; a list becomes words. $${ stands for a plain ${.
func Resolve(n *Value, env Env, ms *Mistakes) *Value {
	if n == nil {
		return nil
	}
	switch n.Form {
	case List:
		return resolveItems(n, env, ms)
	case Map:
		return resolveFields(n, env, ms)
	}
	if !strings.Contains(n.Text, "${") {
		return n
	}
	return resolveText(n, env, ms)
}

// resolveItems is Resolve for a list. It copies the list only if it has a ${name}.
func resolveItems(n *Value, env Env, ms *Mistakes) *Value {
	out := n
	for i, item := range n.Items {
		v := Resolve(item, env, ms)
		if v == item {
			continue
		}
		if out == n {
			c := *n
			c.Items = slices.Clone(n.Items)
			out = &c
		}
		out.Items[i] = v
	}
	return out
}

// resolveFields is Resolve for a map. It copies the map only if it has a ${name}.
func resolveFields(n *Value, env Env, ms *Mistakes) *Value {
	out := n
	for i, f := range n.Fields {
		v := Resolve(f.Value, env, ms)
		if v == f.Value {
			continue
		}
		if out == n {
			c := *n
			c.Fields = slices.Clone(n.Fields)
			out = &c
		}
		out.Fields[i].Value = v
	}
	return out
}

// A piece is literal text or a ${name}.
type piece struct {
	text  string // the words, or the name
	ref   bool
	quote bool // ${name:q}
	open  bool // a ${ without its }
	at    int  // where the ${ is in the text, in bytes
}

// pieces splits a text into its pieces.
func pieces(text string) []piece {
	var list []piece
	var words strings.Builder
	flush := func() {
		if words.Len() > 0 {
			list = append(list, piece{text: words.String()})
			words.Reset()
		}
	}
	for at := 0; ; {
		before, after, found := strings.Cut(text[at:], "${")
		words.WriteString(before)
		switch {
		case !found:
			flush()
			return list
		case strings.HasSuffix(before, "$"):
			words.WriteString("{")
			at = len(text) - len(after)
			continue
		}
		flush()
		name, rest, closed := strings.Cut(after, "}")
		name, quote := strings.CutSuffix(name, ":q")
		list = append(list, piece{text: name, ref: true, quote: quote, open: !closed,
			at: len(text) - len(after) - len("${")})
		if !closed {
			return list
		}
		at = len(text) - len(rest)
	}
}

// resolveText replaces the references in a text. A reference that is the whole text is
// replaced by the value itself, which may be a list or a map.
func resolveText(n *Value, env Env, ms *Mistakes) *Value {
	list := pieces(n.Text)
	if len(list) == 1 && list[0].ref && !list[0].open && !list[0].quote {
		if v := lookup(n, list[0], env, ms); v != nil {
			out := *v
			out.Pos, out.key = n.Pos, n.key // a mistake in the value is shown where it is used
			return &out
		}
		return broken(n)
	}
	var b strings.Builder
	ok := true
	for _, p := range list {
		if !p.ref {
			b.WriteString(p.text)
			continue
		}
		text, good := within(n, p, env, ms)
		b.WriteString(text)
		ok = ok && good
	}
	if !ok {
		return broken(n)
	}
	out := scalar(b.String(), n.Pos)
	out.key = n.key
	return out
}

// within returns the text of a ${name} among other text.
func within(n *Value, p piece, env Env, ms *Mistakes) (string, bool) {
	if p.open {
		ms.Add(n.refPos(p.at), "close it with }, or write $${ for a plain ${", "${ without its } in %s", n.describe())
		return "", false
	}
	v := lookup(n, p, env, ms)
	if v == nil || v.Form == Broken {
		return "", false
	}
	if p.quote {
		if text, ok := quoted(v); ok {
			return text, true
		}
	}
	if v.Form != Scalar {
		ms.Add(n.refPos(p.at), "use ${"+p.text+"} alone as the whole value",
			"${%s} is %s and cannot stand within a text", p.text, v.Form)
		return "", false
	}
	return v.Text, true
}

// broken stands for a value that is unknown because of a mistake already reported. It
// causes no further mistakes.
func broken(n *Value) *Value { return &Value{Pos: n.Pos, Form: Broken} }

func lookup(n *Value, p piece, env Env, ms *Mistakes) *Value {
	v := env[p.text]
	if v == nil {
		ms.Add(n.refPos(p.at), unknownHint(strings.TrimSpace(p.text), slices.Sorted(maps.Keys(env))),
			"${%s}: no parameter or axis of that name", clip(p.text))
	}
	return v
}

// unknownHint is the hint for an unknown ${name}. In a script it may be meant for the
// shell.
func unknownHint(name string, known []string) string {
	shell := fmt.Sprintf("if the shell is to see it, write $${%s}", clip(name))
	switch {
	case len(known) == 0:
		return "set it under \"params:\"; " + shell
	case Nearest(name, known) == "" && forShell.MatchString(name):
		return shell + "; " + Suggest(name, known)
	}
	return Suggest(name, known)
}

// forShell matches what stands between the braces of a shell's ${…}: the usual name of a
// variable, or an expression.
var forShell = regexp.MustCompile(`^([A-Z_][A-Z0-9_]*|.*[^A-Za-z0-9_.-].*|[0-9@*?!$-]+)$`)

// Names returns the names of every ${name} in a value, which may be nil.
func Names(n *Value) []string {
	return NamesOf(references(n), func(r reference) string { return r.name })
}

// A reference is a ${name} somewhere in a value.
type reference struct {
	name string
	node *Value
	at   int // in its text
}

func (r reference) pos() Pos { return r.node.refPos(r.at) }

// references returns every ${name} in a value.
func references(n *Value) []reference {
	var list []reference
	if n == nil {
		return nil
	}
	for _, item := range n.Items {
		list = append(list, references(item)...)
	}
	for _, f := range n.Fields {
		list = append(list, references(f.Value)...)
	}
	if n.Form == Scalar && strings.Contains(n.Text, "${") {
		for _, p := range pieces(n.Text) {
			if p.ref && !p.open {
				list = append(list, reference{p.text, n, p.at})
			}
		}
	}
	return list
}
