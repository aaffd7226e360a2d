package layout

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// scalar writes a scalar. One on several lines stays on several lines.
func (p *printer) scalar(n *yaml.Node, indent int) {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		p.blockScalar(n, indent)
		return
	}
	raw := p.raw(n)
	if raw == "" {
		return
	}
	for i, line := range strings.Split(raw, "\n") {
		line = strings.Trim(line, " \t")
		switch {
		case i == 0:
			p.word(line)
		case line == "":
			p.write("\n")
		default:
			p.write("\n" + strings.Repeat(" ", indent+2) + line)
		}
	}
}

// blockScalar writes a text that began with | or >. All its lines are indented by the
// same amount.
func (p *printer) blockScalar(n *yaml.Node, indent int) {
	from, to := n.Line, p.ends[n].line
	header := p.blockHeader(n)
	if !strings.HasSuffix(n.Value, "\n") {
		header = header[:1] + "-" // the file ends in the text, without a newline
	}
	p.word(header)
	p.end()
	p.seen = append(p.seen, n)
	cut := -1
	for _, line := range p.lines[from:to] {
		if spaces := len(line) - len(strings.TrimLeft(string(line), " ")); strings.TrimSpace(string(line)) != "" &&
			(cut < 0 || spaces < cut) {
			cut = spaces
		}
	}
	for i, line := range p.lines[from:to] {
		if i > 0 {
			p.write("\n")
		}
		if cut >= 0 && len(line) > cut {
			p.write(strings.Repeat(" ", indent+2) + string(line[cut:]))
		}
	}
}
