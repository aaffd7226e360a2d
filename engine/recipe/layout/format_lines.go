package layout

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// write appends to the current line.
func (p *printer) write(text string) { p.line.WriteString(text) }

// word appends a word, with a space before it.
func (p *printer) word(text string) {
	if p.line.Len() > 0 && !strings.HasSuffix(p.line.String(), " ") {
		p.line.WriteByte(' ')
	}
	p.line.WriteString(text)
}

// end writes the current line with the comment of its nodes. If they had several
// comments, because they were on several lines, the others go above.
func (p *printer) end() {
	var list []string
	for _, n := range p.seen {
		for p.next < len(p.found) && p.last[p.found[p.next].line] == n && !p.found[p.next].own {
			list = append(list, p.found[p.next].text)
			p.next++
		}
	}
	p.seen = p.seen[:0]
	line := p.line.String()
	for i, text := range list {
		if i+1 < len(list) {
			p.out.WriteString(line[:len(line)-len(strings.TrimLeft(line, " "))] + text + "\n")
			continue
		}
		p.word(text)
	}
	if p.line.Len() > 0 {
		p.out.WriteString(p.line.String() + "\n")
		p.line.Reset()
	}
}

// before writes the comments above an entry, and the empty line above them.
func (p *printer) before(line, indent int) {
	p.comments(line, 0, indent)
	if !p.fresh && p.isEmpty(line-1) {
		p.emptyLine()
	}
}

// comments writes the comments that are above a line and not left of a column.
func (p *printer) comments(line, column, indent int) {
	for p.next < len(p.found) && p.found[p.next].line < line && p.found[p.next].column >= column {
		c := p.found[p.next]
		p.next++
		if !p.fresh && p.isEmpty(c.line-1) {
			p.emptyLine()
		}
		p.fresh = false
		p.out.WriteString(strings.Repeat(" ", indent) + c.text + "\n")
	}
}

func (p *printer) emptyLine() {
	if p.out.Len() > 0 && !strings.HasSuffix(p.out.String(), "\n\n") {
		p.out.WriteByte('\n')
	}
}

// all returns a node and everything in it, in the order of the text.
func all(n *yaml.Node) []*yaml.Node {
	list := []*yaml.Node{n}
	for _, c := range n.Content {
		list = append(list, all(c)...)
	}
	return list
}
