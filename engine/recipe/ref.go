package recipe

import (
	"cmp"
	"strings"

	"assay/engine/glob"
)

// A Ref names a source, "corpus", or an output or axis of a step, "split.assignment". Some files of it
// are named by a path below it: "corpus/lab-a1/*.csv", "gbt.model/model.json".
type Ref struct {
	Pos  Pos
	Step string
	Port string // the output or axis; "" for a source, whose name is Step
	Node string // the one node that is meant, "split[hold=time]"; "" if none is named

	text *Value // the whole text, if it has a path
}

// String returns the reference as it was written.
func (r Ref) String() string {
	switch {
	case r.text != nil:
		return r.text.Text
	case r.Port == "":
		return r.Step
	}
	return cmp.Or(r.Node, r.Step) + "." + r.Port
}

// HasPath reports whether the reference names files of the artifact, not all of it.
func (r Ref) HasPath() bool { return r.text != nil }

// PathNames returns the names of every ${name} in the path.
func (r Ref) PathNames() []string { return Names(r.text) }

// Path returns the pattern for the files, nil if the reference has no path or a mistake is added. The
// value of a ${name} is taken as plain text, whatever its characters mean in a pattern.
func (r Ref) Path(env Env, ms *Mistakes) *glob.Pattern {
	path, ok := r.path(env, ms)
	if r.text == nil || !ok {
		return nil
	}
	p, err := glob.Parse(path)
	if err != nil {
		ms.Add(r.Pos, "", "the path %q after %s: %v", clip(path), strings.TrimSuffix(r.String(), "/"), err)
	}
	return p
}

// path returns the path with the values of every ${name}, quoted. It is "" if there is none.
func (r Ref) path(env Env, ms *Mistakes) (string, bool) {
	names := r.PathNames()
	plain := make(Env, len(names))
	for _, name := range names {
		if v := env[name]; v != nil {
			quoted := *v
			quoted.Text = glob.Quote(v.Text)
			plain[name] = &quoted
		}
	}
	if len(plain) < len(names) {
		plain = env // for the hint, which lists the names that are known
	}
	n := Resolve(r.text, plain, ms)
	if n == nil {
		return "", true
	}
	_, path, _ := strings.Cut(n.Text, "/")
	return path, n.Form != Broken
}

func (p *parser) ref(n *Value) Ref {
	r := Ref{Pos: n.Pos}
	if n.Form != Scalar || n.Tag == "!!null" {
		p.ms.Add(n.Pos, "write a source's name, or step.output", "want the name of an artifact, found %s", n.describe())
		return r
	}
	name, _, has := strings.Cut(n.Text, "/")
	if has {
		r.text = n
	}
	r.Step, r.Port, _ = strings.Cut(name, ".")
	return r
}
