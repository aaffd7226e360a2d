// Package layout prints recipes in their canonical form, which is what assay fmt writes.
// Call [Format].
//
// Read format.go first; scan.go finds the comments and the empty lines.
package layout

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"assay/engine/recipe"
)

// Format returns a recipe in its canonical layout: two spaces per level, lists indented
// below their key, one space between the tokens of a line, at most one empty line
// between entries, short lists and maps in braces kept on one line. Order, comments,
// quotes and meaning do not change. If the text is not YAML or not a map, Format adds
// that to ms and returns nil.
//
// yaml.v3 could write its nodes itself, but it drops empty lines and moves comments. So
// Format prints from its nodes and finds the comments on its own.
func Format(file *recipe.File, ms *recipe.Mistakes) []byte {
	before := ms.Added()
	was := recipe.Top(file, ms)
	if was == nil || ms.Added() > before {
		return nil
	}
	text, err := format(file.Text)
	if err == nil {
		err = sameMeaning(was, file.Text, text)
	}
	switch {
	case errors.Is(err, errLayout):
		ms.Add(recipe.Pos{File: file, Line: 1, Col: 1}, "the file is left as it is; tags, \"? key\" and \"|2\" are "+
			"among the forms to avoid", "%v", err)
		return nil
	case err != nil:
		ms.Add(recipe.Pos{File: file, Line: 1, Col: 1}, "the file is left as it is; please report this",
			"it cannot be formatted: %v", err)
		return nil
	}
	return text
}

// sameMeaning checks a new layout: it has the same value and the same comments in the
// same order, and formatting it again changes nothing.
func sameMeaning(was *recipe.Value, before, after []byte) error {
	var ms recipe.Mistakes
	now := recipe.Top(&recipe.File{Name: "the new layout", Text: after}, &ms)
	if err := ms.Err(); err != nil {
		return err
	}
	if now == nil || !was.Equal(now) {
		return fmt.Errorf("its meaning would change")
	}
	a, errA := scan(before)
	b, errB := scan(after)
	if errA != nil || errB != nil || !slices.Equal(a.texts(), b.texts()) {
		return fmt.Errorf("comments would be lost or moved")
	}
	again, err := format(after)
	if err != nil || string(again) != string(after) {
		return fmt.Errorf("the new layout is not stable")
	}
	return nil
}

// width is the maximum length of a line with braces.
const width = 100

// A printer prints a scanned text in the canonical layout.
type printer struct {
	*scanned
	out   strings.Builder
	line  strings.Builder // under construction
	seen  []*yaml.Node    // the nodes in it
	next  int             // the first comment not written yet
	fresh bool            // nothing was written yet at this level
}

// format prints a YAML text in the canonical layout.
func format(text []byte) ([]byte, error) {
	s, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &printer{scanned: s, fresh: true}
	if s.root != nil {
		p.top(s.root)
	}
	p.comments(len(s.lines)+1, 1, 0)
	out := strings.TrimRight(p.out.String(), "\n")
	if out == "" {
		return nil, nil
	}
	return []byte(out + "\n"), nil
}

func (p *printer) top(root *yaml.Node) {
	if p.isBlock(root) && p.props(root) == "" {
		p.block(root, 0, 0, len(p.lines)+1, false)
		return
	}
	p.before(root.Line, 0)
	p.value(root, 0, 0, len(p.lines)+1)
}

// block writes the entries of a map or list, each on its own line. outer is the column
// of the enclosing value, which applies until the line where the text continues after
// the block. inline says that the first entry continues a line that was begun.
func (p *printer) block(n *yaml.Node, indent, outer, until int, inline bool) {
	step := 2
	if n.Kind == yaml.SequenceNode {
		step = 1
	}
	p.fresh = true
	for i := 0; i < len(n.Content); i += step {
		entry := n.Content[i]
		end := until
		if i+step < len(n.Content) {
			end = n.Content[i+step].Line
		}
		if !inline || i > 0 {
			p.before(entry.Line, indent)
			p.write(strings.Repeat(" ", indent))
		}
		p.fresh = false
		if step == 1 {
			p.item(entry, indent, n.Column, end)
		} else {
			p.key(entry)
			p.value(n.Content[i+1], indent, entry.Column, end)
		}
	}
	p.comments(until, max(n.Column, outer+1), indent)
}

// item writes "- " and an entry of a list.
func (p *printer) item(n *yaml.Node, indent, column, until int) {
	p.write("-")
	if p.isBlock(n) && p.props(n) == "" {
		p.write(" ")
		p.block(n, indent+2, column, until, true)
		return
	}
	p.value(n, indent, column, until)
}

// value writes what comes after "key:" or "-", and ends the line.
func (p *printer) value(n *yaml.Node, indent, column, until int) {
	p.seen = append(p.seen, n)
	block := p.isBlock(n) // before its props are written: it counts them
	if props := p.props(n); props != "" {
		p.word(props)
	}
	switch {
	case n.Kind == yaml.ScalarNode:
		p.scalar(n, indent)
		p.end()
	case n.Kind == yaml.AliasNode:
		p.word("*" + n.Value)
		p.end()
	case !block:
		p.word(p.braces(n))
		p.seen = append(p.seen, all(n)...)
		p.end()
	default:
		p.end()
		p.block(n, indent+2, column, until, false)
	}
}

// isBlock reports whether a value goes on lines of its own. Braces stay if they are
// short and contain neither comments nor texts of several lines.
func (p *printer) isBlock(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return false
	}
	if n.Style&yaml.FlowStyle == 0 {
		return true
	}
	for _, c := range p.found {
		if c.line >= n.Line && c.line < p.ends[n].line {
			return true
		}
	}
	for _, x := range all(n) {
		if x.Kind == yaml.ScalarNode && p.ends[x].line != x.Line {
			return true
		}
	}
	return p.line.Len()+1+len([]rune(p.flow(n))) > width
}

// key prints a key as it was written, with its tag and anchor, and the colon.
func (p *printer) key(n *yaml.Node) {
	p.seen = append(p.seen, n)
	if props := p.props(n); props != "" {
		p.write(props + " ")
	}
	for i, line := range strings.Split(p.raw(n), "\n") { // in braces a key may be folded
		if i > 0 {
			p.write(" ")
		}
		p.write(strings.Trim(line, " \t"))
	}
	if n.Kind == yaml.AliasNode {
		p.write(" ") // a colon may be part of its name
	}
	p.write(":")
}

// flow writes a value in one line.
func (p *printer) flow(n *yaml.Node) string {
	if props := p.props(n); props != "" {
		return props + " " + p.braces(n)
	}
	return p.braces(n)
}

// braces is flow without the value's anchor and tag.
func (p *printer) braces(n *yaml.Node) string {
	list := []string{}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			list = append(list, p.flow(c))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := p.flow(n.Content[i])
			if n.Content[i].Kind == yaml.AliasNode {
				key += " "
			}
			list = append(list, key+": "+p.flow(n.Content[i+1]))
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	return p.raw(n)
}
