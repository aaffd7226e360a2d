package graph

import (
	"slices"
	"strings"

	"assay/engine/recipe"
)

// exclude removes points from the matrix of a step. Labels are assigned before, so those
// of the other points stay the same.
func (b *builder) exclude(s *builtStep) {
	for _, at := range s.recipe.Matrix.Exclude {
		labels, ok := b.excluded(s, at)
		if !ok {
			s.unknown = true
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(s.points), func(p []coordinate) bool {
			for _, c := range p {
				if list, has := labels[c.axis]; has && !slices.Contains(list, c.label) {
					return false
				}
			}
			return true
		})
		if len(rest) == len(s.points) {
			b.ms.Add(at.Pos, "an entry above excludes them already; remove this one",
				"exclude: no point of step %s has these coordinates", s.recipe.Name)
		}
		s.points = rest
	}
}

// excluded returns the labels that an entry of "exclude:" names, by axis.
func (b *builder) excluded(s *builtStep, at *recipe.Value) (map[string][]string, bool) {
	out := map[string][]string{}
	ok := true
	for _, f := range at.Fields {
		v := recipe.Resolve(f.Value, b.env, b.ms)
		a := b.findAxis(s, "exclude", f)
		if a == nil || !v.Known() {
			ok = false
			continue
		}
		list := []*recipe.Value{v}
		if _, whole := a.find(v); !whole && v.Form == recipe.List {
			list = v.Items
		}
		for _, item := range list {
			x, found := a.find(item)
			if !found {
				b.ms.Add(item.Pos, recipe.Suggest(item.Compact(), a.labels()), "exclude: axis %s has no value %s",
					a.name, item.Compact())
				ok = false
			}
			out[a.name] = append(out[a.name], x.label)
		}
	}
	return out, ok
}

// include adds points to a step's matrix. Their values may be new ones.
func (b *builder) include(s *builtStep) {
	for _, at := range s.recipe.Matrix.Include {
		p, ok := b.included(s, at)
		if !ok {
			s.unknown = true
			continue
		}
		same := func(q []coordinate) bool {
			return slices.EqualFunc(p, q, func(x, y coordinate) bool { return x.label == y.label })
		}
		if slices.ContainsFunc(s.points, same) {
			b.ms.Add(at.Pos, "remove it", "include: the matrix of step %s has this point already", s.recipe.Name)
			continue
		}
		s.points = append(s.points, p)
	}
}

// included returns the point of an entry of "include:". It needs a value on every axis,
// and all its mistakes are reported.
func (b *builder) included(s *builtStep, at *recipe.Value) ([]coordinate, bool) {
	ok := true
	for _, f := range at.Fields {
		ok = b.findAxis(s, "include", f) != nil && ok
	}
	var point []coordinate
	for i := range s.axes {
		a := &s.axes[i]
		v := at.Get(a.name)
		if v == nil {
			b.ms.Add(at.Pos, "an included point has a value on every axis: "+strings.Join(axisNames(s.axes), ", "),
				"include: the point has no value on axis %s", a.name)
			ok = false
			continue
		}
		v = recipe.Resolve(v, b.env, b.ms)
		x, found := b.take(a, v)
		ok = ok && found
		point = append(point, coordinate{a.name, x.label, x.value})
	}
	return point, ok
}

// take returns a value of an axis, which it adds to the axis if it is new.
func (b *builder) take(a *axis, v *recipe.Value) (axisValue, bool) {
	if !v.Known() {
		return axisValue{}, false
	}
	if x, ok := a.find(v); ok {
		return x, true
	}
	alike := func(x axisValue) bool { return x.value.Form == v.Form }
	if len(a.values) > 0 && !slices.ContainsFunc(a.values, alike) {
		hint := recipe.Suggest(v.Compact(), a.labels())
		if v.Form == recipe.List {
			hint = "write one point for each value"
		}
		b.ms.Add(v.Pos, hint, "include: axis %s has no value %s", a.name, v.Compact())
		return axisValue{}, false
	}
	x := axisValue{v.Label(), v}
	if slices.Contains(a.labels(), x.label) {
		x.label = v.FullLabel() // the other one keeps its label
	}
	if b.tooLong(v.Pos, a.name, x.label) {
		return axisValue{}, false
	}
	if i := slices.Index(a.labels(), x.label); i >= 0 {
		b.alike(v.Pos, a.name, a.values[i], x)
		return axisValue{}, false
	}
	a.values = append(slices.Clip(a.values), x)
	return x, true
}

// label labels the values of an axis. Values with equal labels get the label of the
// value written in full; if those are equal too, that is a mistake.
func (b *builder) label(a recipe.Axis) []axisValue {
	if len(a.Values) == 0 {
		return nil // reported when it was parsed
	}
	out := make([]axisValue, len(a.Values))
	count := map[string]int{}
	for i, v := range a.Values {
		if a.Data == nil { // what stands in data is plain text
			v = recipe.Resolve(v, b.env, b.ms)
		}
		if !v.Known() {
			return nil
		}
		out[i] = axisValue{v.Label(), v}
		count[out[i].label]++
	}
	first := map[string]axisValue{}
	for i := range out {
		v := &out[i]
		if count[v.label] > 1 {
			v.label = v.value.FullLabel()
		}
		if other, taken := first[v.label]; taken {
			b.alike(a.Values[i].Pos, a.Name, other, *v)
			return nil
		}
		if b.tooLong(a.Values[i].Pos, a.Name, v.label) {
			return nil
		}
		first[v.label] = *v
	}
	return out
}

// alike reports two values of an axis with the same label.
func (b *builder) alike(pos recipe.Pos, axis string, v, w axisValue) {
	one, other := v.value.Compact(), w.value.Compact()
	if one == other {
		b.ms.Add(pos, "remove one of the two", "axis %s: value %s is listed twice", axis, one)
		return
	}
	b.ms.Add(pos, recipe.LabelRule+"; change one so that their labels differ",
		"values %s and %s of axis %s would both be labelled %s", one, other, axis, v.label)
}

// find returns the value of an axis that the user means: written as in the axis, or by
// its label.
func (a *axis) find(v *recipe.Value) (axisValue, bool) {
	for _, x := range a.values {
		if x.value.Equal(v) {
			return x, true
		}
	}
	for _, x := range a.values {
		if v.Form == recipe.Scalar && x.label == v.Text {
			return x, true
		}
	}
	return axisValue{}, false
}

func (b *builder) findAxis(s *builtStep, what string, f recipe.Field) *axis {
	for i := range s.axes {
		if s.axes[i].name == f.Key {
			return &s.axes[i]
		}
	}
	b.ms.Add(f.Pos, recipe.Suggest(f.Key, axisNames(s.axes)), "%s: step %s has no axis %s", what, s.recipe.Name, f.Key)
	return nil
}

func axisNames(axes []axis) []string {
	return recipe.NamesOf(axes, func(a axis) string { return a.name })
}

func (a *axis) labels() []string {
	return recipe.NamesOf(a.values, func(v axisValue) string { return v.label })
}

// occurring returns the axes with only those values that occur in points: another step
// that takes the axis gets these.
func occurring(axes []axis, points [][]coordinate) []axis {
	out := make([]axis, len(axes))
	for i, a := range axes {
		has := map[string]bool{}
		for _, p := range points {
			if i < len(p) {
				has[p[i].label] = true
			}
		}
		out[i].name = a.name
		for _, v := range a.values {
			if has[v.label] {
				out[i].values = append(out[i].values, v)
			}
		}
	}
	return out
}
