package recipe

import (
	"strings"

	"assay/engine/glob"
	"assay/engine/step"
)

// Data says that the values of an axis are in a source, or in what a step makes.
type Data struct {
	Pos    Pos
	How    string // files, folders, lines or column
	From   Ref
	Column *Value // the name of a column
}

var dataKeys = []string{"files", "folders", "lines", "column"}

// data reads "{files: PATTERN}" and its like, the values of an axis.
func (p *parser) data(axis string, n *Value) *Data {
	if len(n.Fields) != 1 {
		p.ms.Add(n.Pos, "write {files: \"source/*.csv\"}, {folders: …}, {lines: …} or {column: {table: …, name: …}}",
			"axis %s: want one of %s", axis, strings.Join(dataKeys, ", "))
		return nil
	}
	f := n.Fields[0]
	d := &Data{Pos: f.Value.Pos, How: f.Key}
	switch f.Key {
	case "files", "folders", "lines":
		d.From = p.dataRef(f.Value)
	case "column":
		table, name := f.Value.Get("table"), f.Value.Get("name")
		if table == nil || name == nil || len(f.Value.Fields) != 2 {
			p.ms.Add(f.Pos, "write {column: {table: panel.csv, name: host}} with the table's path after a source or STEP.OUTPUT",
				"axis %s: a column has a table and a name", axis)
			return nil
		}
		d.From, d.Column = p.dataRef(table), name
	default:
		p.ms.Add(f.Pos, Suggest(f.Key, dataKeys), "axis %s: values come from %s, found %q", axis,
			strings.Join(dataKeys, ", "), clip(f.Key))
		return nil
	}
	if d.From.Step == "" {
		return nil // reported
	}
	return d
}

// dataRef reads what an axis takes its values from: a source, STEP.OUTPUT, or the output of one node,
// STEP[axis=value].OUTPUT.
func (p *parser) dataRef(n *Value) Ref {
	r := p.ref(n)
	name, _, _ := strings.Cut(n.Text, "/")
	if n.Form != Scalar || !strings.Contains(name, "[") {
		return r
	}
	end := strings.LastIndexByte(name, ']')
	r.Node, r.Port = name[:end+1], strings.TrimPrefix(name[end+1:], ".")
	r.Step, _, _ = strings.Cut(r.Node, "[")
	if err := step.CheckTarget(r.Node); err != nil || r.Port == "" || r.Step == "" {
		p.ms.Add(n.Pos, "write STEP[axis=value].OUTPUT, and the path after it", "%q names no output of a node", clip(name))
		r.Step = "" // so that nobody looks it up
	}
	return r
}

// Capture returns the pattern of a reference in which parts have names, nil if a mistake is added. A single
// star gets the name star.
func (r Ref) Capture(star string, env Env, ms *Mistakes) *glob.Capture {
	path, ok := r.path(env, ms)
	if !ok {
		return nil
	}
	c, err := glob.ParseCapture(path, star)
	if err != nil {
		ms.Add(r.Pos, "", "the path %q after %s: %v", clip(path), r.Step, err)
		return nil
	}
	return c
}
