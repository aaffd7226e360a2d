package graph

import (
	"slices"

	"assay/engine/recipe"
	"assay/engine/step"
)

// bind connects the inputs of a step's nodes.
func (b *builder) bind(s *builtStep) {
	if s.kind == nil {
		b.checkRefs(s)
		return
	}
	given := map[string]recipe.Connection{}
	for _, p := range s.recipe.In {
		given[p.Name] = p
		if !hasPort(s.inputs, p.Name) {
			b.ms.Add(p.Pos, recipe.Suggest(p.Name, portNames(s.inputs)), "kind %s has no input %q", s.kind.Name, p.Name)
			b.checkRefs(&builtStep{recipe: &recipe.Step{In: []recipe.Connection{p}}})
		}
	}
	for _, port := range s.inputs {
		p, ok := given[port.Name]
		if !ok && port.Optional {
			continue
		}
		if !ok {
			b.ms.Add(s.recipe.Pos, "add \""+port.Name+": …\" under \"in:\""+about(port),
				"step %s: input %s of kind %s is not connected", s.recipe.Name, port.Name, s.kind.Name)
			continue
		}
		if !port.Many && len(p.Refs) != 1 {
			b.ms.Add(p.Pos, "", "step %s: input %s takes one artifact, found a list of %d", s.recipe.Name, port.Name,
				len(p.Refs))
			continue
		}
		b.bindPort(s, port, p)
	}
}

// bindPort connects every node of a step to the outputs that the references of a port
// name. Mistakes are collected per reference, so a hundred points give one message.
func (b *builder) bindPort(s *builtStep, port step.Port, p recipe.Connection) {
	var gaps []gap
	for _, ref := range p.Refs {
		up, ok := b.resolve(ref)
		if !ok {
			continue
		}
		g := gap{s: s, up: up, ref: ref, port: port}
		feed, part := feeder(s, up, ref), b.parts(s, ref)
		crowded := false
		for i, n := range s.nodes {
			feeds := part(i, feed(n))
			if len(feeds) == 0 {
				g.nodes = append(g.nodes, n)
			}
			if len(feeds) > 1 && !port.Many {
				if !crowded {
					b.crowded(g, feeds)
				}
				crowded, feeds = true, feeds[:1]
			}
			n.add(port, feeds)
		}
		gaps = append(gaps, g)
	}
	for _, g := range gaps {
		b.gap(g)
	}
}

func (n *Node) add(port step.Port, feeds []Feed) {
	for i := range n.Inputs {
		if n.Inputs[i].Port.Name == port.Name {
			n.Inputs[i].Feeds = append(n.Inputs[i].Feeds, feeds...)
			return
		}
	}
	n.Inputs = append(n.Inputs, Binding{port, slices.Clip(feeds)}) // other nodes may share them
}

// resolve returns the step that a reference names, or nil for a source. If there is
// neither, it adds a mistake and returns false.
func (b *builder) resolve(ref recipe.Ref) (*builtStep, bool) {
	if ref.Step == "" {
		return nil, false // reported when it was parsed
	}
	if ref.Port == "" {
		if b.hasSource(ref.Step) {
			return nil, true
		}
		if up := b.steps[ref.Step]; up != nil {
			hint := "write step.output"
			if up.kind != nil {
				hint = recipe.Suggest("", qualified(ref.Step, up.outputs))
			}
			b.ms.Add(ref.Pos, hint, "%s is a step; name one of its outputs", ref.Step)
			return nil, false
		}
		b.ms.Add(ref.Pos, recipe.Suggest(ref.Step, append(b.sources(), b.outputs()...)), "no source is named %q",
			ref.Step)
		return nil, false
	}
	up := b.steps[ref.Step]
	if up == nil {
		b.ms.Add(ref.Pos, recipe.Suggest(ref.String(), b.outputs()), "no step is named %q", ref.Step)
		return nil, false
	}
	if up.vague {
		return nil, false
	}
	if up.kind != nil && !hasPort(up.outputs, ref.Port) {
		b.ms.Add(ref.Pos, recipe.Suggest(ref.Port, portNames(up.outputs)), "step %s (kind %s) has no output %q",
			ref.Step, up.kind.Name, ref.Port)
		return nil, false
	}
	return up, up.kind != nil
}

// checkRefs checks references of an unknown port, so that one mistake does not hide
// others.
func (b *builder) checkRefs(s *builtStep) {
	for _, p := range s.recipe.In {
		for _, ref := range p.Refs {
			b.resolve(ref)
		}
	}
}

// checkOutputs checks the references of "outputs:".
func (b *builder) checkOutputs() {
	for _, o := range b.r.Deliveries {
		if up, ok := b.resolve(o.Ref); ok && up == nil {
			b.ms.Add(o.Ref.Pos, "name a step's output", "%s is a source and not the output of a step", o.Ref)
		}
	}
}

func (b *builder) hasSource(name string) bool {
	return slices.ContainsFunc(b.r.Sources, func(src recipe.Source) bool { return src.Name == name })
}

func (b *builder) sources() []string {
	return recipe.NamesOf(b.r.Sources, func(src recipe.Source) string { return src.Name })
}

func (b *builder) outputs() []string {
	var list []string
	for _, s := range b.r.Steps {
		list = append(list, qualified(s.Name, b.steps[s.Name].outputs)...)
	}
	return list
}

func qualified(name string, ports []step.Port) []string {
	return recipe.NamesOf(ports, func(p step.Port) string { return name + "." + p.Name })
}

func hasPort(ports []step.Port, name string) bool {
	return slices.ContainsFunc(ports, func(p step.Port) bool { return p.Name == name })
}

func portNames(ports []step.Port) []string {
	return recipe.NamesOf(ports, func(p step.Port) string { return p.Name })
}

func about(p step.Port) string {
	if p.About == "" {
		return ""
	}
	return ", " + p.About
}
