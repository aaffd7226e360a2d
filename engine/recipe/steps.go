package recipe

import "fmt"

func (p *parser) steps(n *Value) {
	if !p.wantMap(n, "steps") {
		return
	}
	for _, f := range n.Fields {
		p.name(f, "step")
		if p.wantMap(f.Value, "step "+f.Key) {
			p.r.Steps = append(p.r.Steps, p.step(f))
		}
	}
}

var stepKeys = []string{"uses", "matrix", "in", "with", "resources", "retries", "timeout"}

// step reads one step. It does not look at the kind: ports and parameters are checked
// when the graph is made.
func (p *parser) step(f Field) *Step {
	s := &Step{Name: f.Key, Pos: f.Pos, UsesPos: f.Pos}
	slip := false // an unknown key is probably a misspelt "uses"
	for _, k := range f.Value.Fields {
		switch k.Key {
		case "uses":
			s.UsesPos = k.Value.Pos
			decodeAt(k.Value, &s.Uses, "uses", p.ms)
		case "matrix":
			p.matrix(s, k.Value)
		case "in":
			p.inputs(s, k.Value)
		case "with":
			if p.wantMap(k.Value, "with") {
				s.With = k.Value
			}
		case "resources", "retries", "timeout":
			s.Running = append(s.Running, k)
		default:
			slip = true
			p.ms.Add(k.Pos, Suggest(k.Key, stepKeys), "unknown key %q in step %s", k.Key, s.Name)
		}
	}
	if f.Value.Get("uses") == nil && !slip {
		p.ms.Add(f.Pos, p.usesHint(f), "step %s does not say what it uses", s.Name)
	}
	return s
}

// usesHint is the hint for a step without "uses:". In a recipe that extends another one,
// its name is most likely a misspelt name of a step there.
func (p *parser) usesHint(f Field) string {
	hint := "add \"uses:\" and the kind of step it is"
	if p.extends && f.Pos.File == p.r.File {
		if name := Nearest(f.Key, p.stepNames(f.Key)); name != "" {
			return fmt.Sprintf("did you mean %q? If the step is new, %s", name, hint)
		}
	}
	return hint
}

func (p *parser) stepNames(but string) []string {
	var list []string
	for _, name := range p.root.Get("steps").keys() {
		if name != but {
			list = append(list, name)
		}
	}
	return list
}

// inputs reads the ports of a step, each with one reference or a list of them.
func (p *parser) inputs(s *Step, n *Value) {
	if !p.wantMap(n, "in") {
		return
	}
	for _, f := range n.Fields {
		port := Connection{Name: f.Key, Pos: f.Pos}
		list := []*Value{f.Value}
		if f.Value.Form == List {
			list = f.Value.Items
		}
		for _, item := range list {
			port.Refs = append(port.Refs, p.ref(item))
		}
		s.In = append(s.In, port)
	}
}
