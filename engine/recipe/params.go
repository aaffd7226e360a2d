package recipe

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// params merges a file of parameters over those of the recipe at root, which must have
// them.
func (l *loader) params(root *Value, path string) {
	text, err := readPath(path)
	if err != nil {
		hint := ""
		if errors.Is(err, fs.ErrNotExist) {
			hint = "the path is relative to the folder that assay runs in"
		}
		l.ms.Add(Pos{&File{"--params " + path, []byte(path)}, 1, 1}, hint, "the file cannot be read: %v", reason(err))
		return
	}
	file := &File{path, text}
	l.files = append(l.files, file)
	before := l.ms.Added()
	over := parseValue(file, l.ms)
	switch {
	case over == nil && l.ms.Added() > before:
		return
	case over == nil || over.Form != Map:
		l.ms.Add(Pos{file, 1, 1}, "write \"name: value\" lines, with the names of the recipe's parameters",
			"this is not a file of parameters")
		return
	}
	base := root.Get("params")
	m := merger{ms: l.ms, base: "the recipe"}
	for _, f := range over.Fields {
		switch {
		case base.index(f.Key) < 0:
			l.ms.Add(f.Pos, unknownParam(f, base), "the recipe has no parameter %s", f.Key)
		case f.Value.isNull():
			l.ms.Add(f.Pos, "give it a value, or leave it out", "parameter %s: a file of parameters cannot remove it",
				f.Key)
		default:
			m.replace(&base.Fields[base.index(f.Key)], f, f.Key)
		}
	}
}

func unknownParam(f Field, base *Value) string {
	if f.Key == "params" && f.Value.Form == Map {
		return "write the parameters at the left edge, without \"params:\" above them"
	}
	return Suggest(f.Key, base.keys())
}

// Env returns the recipe's parameters for Resolve.
func (r *Recipe) Env() Env {
	env := Env{}
	for _, f := range r.Params {
		env[f.Key] = f.Value
	}
	return env
}

// params resolves parameters that refer to other ones. Within a file they may refer only
// to those above, so that it reads from top to bottom. Across files they may refer to
// any, since neither file is above the other.
func (p *parser) params() {
	w := &paramWalk{ms: p.ms, fields: p.r.Params, index: map[string]int{}, env: Env{}, state: map[string]string{}}
	for i, f := range p.r.Params {
		p.name(f, "parameter")
		w.index[f.Key] = i
	}
	for i := range p.r.Params {
		w.visit(i)
	}
}

// paramWalk resolves parameters in the order in which they refer to each other.
type paramWalk struct {
	ms     *Mistakes
	fields []Field
	index  map[string]int
	env    Env               // the resolved ones
	state  map[string]string // "" unseen, "active", "done"
	trail  []string
}

// visit resolves parameter i, once, after those it refers to. It does not repeat their
// mistakes.
func (w *paramWalk) visit(i int) {
	f := w.fields[i]
	if w.state[f.Key] != "" {
		return
	}
	w.state[f.Key] = "active"
	w.trail = append(w.trail, f.Key)
	env := Env{}
	for _, ref := range references(f.Value) {
		if env[ref.name] != nil && env[ref.name].Form == Broken {
			continue
		}
		if w.mayName(f, ref) {
			env[ref.name] = w.env[ref.name]
		} else {
			env[ref.name] = &Value{Form: Broken}
		}
	}
	w.fields[i].Value = Resolve(f.Value, env, w.ms)
	w.env[f.Key] = w.fields[i].Value
	w.state[f.Key] = "done"
	w.trail = w.trail[:len(w.trail)-1]
}

// mayName resolves the parameter that another one refers to, if that reference is
// allowed.
func (w *paramWalk) mayName(f Field, ref reference) bool {
	j, ok := w.index[ref.name]
	switch {
	case !ok:
		w.ms.Add(ref.pos(), Suggest(strings.TrimSpace(ref.name), (&Value{Fields: w.fields}).keys()),
			"${%s}: no parameter of that name", clip(ref.name))
		return false
	case w.state[ref.name] == "active":
		from := slices.Index(w.trail, ref.name)
		ring := append(slices.Clone(w.trail[from:]), ref.name)
		w.ms.Add(ref.pos(), "", "${%s}: the parameter refers to itself: %s", ref.name, strings.Join(ring, " refers to "))
		return false
	case w.fields[j].Pos.after(f.Pos):
		before := w.ms.Added()
		if w.visit(j); w.ms.Added() == before { // otherwise a ring may have been reported
			w.ms.Add(ref.pos(), fmt.Sprintf("write %s above %s", ref.name, f.Key),
				"${%s}: the parameter is on line %d; refer only to parameters above", ref.name,
				w.fields[j].Pos.Line)
		}
		return false
	}
	w.visit(j)
	return true
}

// after reports whether p is below q in the same file.
func (p Pos) after(q Pos) bool {
	return p.File == q.File && (p.Line > q.Line || p.Line == q.Line && p.Col > q.Col)
}
