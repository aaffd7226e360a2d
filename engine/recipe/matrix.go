package recipe

import "strings"

// A Matrix is the points at which a step runs: every combination of the values of its
// axes, without those excluded and with those included; or exactly the points of another
// step.
type Matrix struct {
	Pos     Pos
	Of      *Ref // the step whose points these are; nothing else is set then
	Axes    []Axis
	Exclude []*Value // maps from axes to a value, a label, or a list of those
	Include []*Value // maps from every axis to a value or a label
}

// An Axis is one axis of a step's matrix, with values of its own, those of another step's axis
// or those in a source. If it has neither, it could not be understood, which is already reported.
type Axis struct {
	Name   string
	Pos    Pos
	Values []*Value
	From   *Ref  // "step.axis"
	Data   *Data // where in a source the values are
}

// matrix reads the matrix of a step: its axes, or the name of the step whose points
// it has.
func (p *parser) matrix(s *Step, n *Value) {
	s.Matrix.Pos = n.Pos
	switch {
	case n.Form == Scalar && n.Tag == "!!str":
		p.matrixOf(s, n)
		return
	case n.Form != Map:
		p.ms.Add(n.Pos, "write \"axis: [values]\" lines, or the name of a step to have its points",
			"matrix: want axes or the name of a step, found %s", n.describe())
		s.Matrix.Of = &Ref{Pos: n.Pos}
		return
	}
	for _, f := range n.Fields {
		switch f.Key {
		case "exclude":
			s.Matrix.Exclude = p.points(f)
		case "include":
			s.Matrix.Include = p.points(f)
		default:
			p.name(f, "axis")
			s.Matrix.Axes = append(s.Matrix.Axes, p.axis(f))
		}
	}
}

func (p *parser) matrixOf(s *Step, n *Value) {
	step, axis, has := strings.Cut(n.Text, ".")
	s.Matrix.Of = &Ref{Pos: n.Pos, Step: step}
	if has {
		s.Matrix.Of.Step = "" // so that nobody looks it up
		p.ms.Add(n.Pos, "write {"+axis+": "+n.Text+"} for the axis, or "+step+" for all points of the step",
			"matrix: want axes or the name of a step, found %s", n.describe())
	}
}

// axis reads one axis. Its values are listed, or are those of another step's axis, which
// the graph resolves.
func (p *parser) axis(f Field) Axis {
	a := Axis{Name: f.Key, Pos: f.Pos}
	switch {
	case f.Value.Form == List && len(f.Value.Items) == 0:
		p.ms.Add(f.Value.Pos, "", "axis %s has no values", f.Key)
	case f.Value.Form == List:
		a.Values = f.Value.Items
	case f.Value.Form == Scalar && strings.Count(f.Value.Text, ".") == 1 && !strings.Contains(f.Value.Text, "/"):
		ref := p.ref(f.Value)
		a.From = &ref
	case f.Value.Form == Map:
		a.Data = p.data(f.Key, f.Value)
	default:
		p.ms.Add(f.Value.Pos, "write [a, b], or split.hold for the axis of another step",
			"axis %s: want a list of values or the axis of another step, found %s", f.Key, f.Value.describe())
	}
	return a
}

// points reads the list under "exclude:" or "include:".
func (p *parser) points(f Field) []*Value {
	hint := "write a list of points, such as [{axis: value}]; include and exclude cannot be names of axes"
	if f.Value.Form != List {
		p.ms.Add(f.Value.Pos, hint, "%s: want a list of points, found %s", f.Key, f.Value.describe())
		return nil
	}
	var list []*Value
	for _, item := range f.Value.Items {
		if item.Form != Map || len(item.Fields) == 0 {
			p.ms.Add(item.Pos, hint, "%s: want a point, found %s", f.Key, item.describe())
			continue
		}
		list = append(list, item)
	}
	return list
}
