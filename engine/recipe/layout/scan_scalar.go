package layout

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// skipProps returns the position of a value after its anchor and tag.
func (s *scanned) skipProps(n *yaml.Node) position {
	at := position{n.Line, n.Column}
	for s.rune(at) == '&' || s.rune(at) == '!' {
		for r := s.rune(at); r != 0 && !unicode.IsSpace(r) && !strings.ContainsRune(",[]{}", r); r = s.rune(at) {
			at = s.after(at)
		}
		next := at
		for s.rune(next) == ' ' || s.rune(next) == '\t' {
			next = s.after(next)
		}
		if next == at {
			break
		}
		at = next
	}
	return at
}

// props returns a value's anchor and tag as written.
func (s *scanned) props(n *yaml.Node) string {
	at := s.begin[n]
	if n.Kind == yaml.AliasNode || at.line != n.Line || n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return ""
	}
	return strings.Join(strings.Fields(string(s.lines[n.Line-1][n.Column-1:at.column-1])), " ")
}

// raw returns a scalar as written.
func (s *scanned) raw(n *yaml.Node) string {
	if n.Kind == yaml.AliasNode {
		return "*" + n.Value
	}
	var b strings.Builder
	for p, end := s.begin[n], s.ends[n]; p != end && s.rune(p) != 0; p = s.after(p) {
		b.WriteRune(s.rune(p))
	}
	return b.String()
}

// scalarEnd returns the position after a scalar.
func (s *scanned) scalarEnd(n *yaml.Node, at position) (position, error) {
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return s.blockEnd(n, at)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return s.quoteEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return s.quoteEnd(at, '\'')
	}
	// A plain scalar has no escapes: apart from spaces it equals its value.
	for _, want := range n.Value {
		if unicode.IsSpace(want) {
			continue
		}
		for unicode.IsSpace(s.rune(at)) {
			at = s.after(at)
		}
		if s.rune(at) != want {
			return at, errLayout
		}
		at = s.after(at)
	}
	return at, nil
}

// quoteEnd returns the position after the closing quote of the text that begins at a
// position.
func (s *scanned) quoteEnd(at position, quote rune) (position, error) {
	if s.rune(at) != quote {
		return at, errLayout
	}
	for p := s.after(at); s.rune(p) != 0; p = s.after(p) {
		switch r := s.rune(p); {
		case r == '\\' && quote == '"':
			p = s.after(p)
		case r == quote && quote == '\'' && s.rune(s.after(p)) == quote:
			p = s.after(p)
		case r == quote:
			return s.after(p), nil
		}
	}
	return at, errLayout
}

// blockEnd returns the last line of a text that began with | or >. Its lines have at
// least the indent of the first one. Empty lines after it belong to it only if its
// header keeps them.
func (s *scanned) blockEnd(n *yaml.Node, at position) (position, error) {
	header := s.blockHeader(n)
	if strings.ContainsAny(header, "123456789") || header == "" {
		return at, errLayout
	}
	indent, end := -1, at.line
	for i := at.line; i < len(s.lines); i++ {
		line := string(s.lines[i])
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		empty := spaces == len(line)
		if !empty && indent < 0 {
			indent = spaces
			if spaces == 0 || strings.TrimSpace(n.Value) == "" {
				break // nothing of it is there
			}
		}
		if !empty && spaces < indent {
			break
		}
		if !empty || strings.Contains(header, "+") && i+1 < len(s.lines) {
			end = i + 1
		}
	}
	return position{end, 1}, nil
}

// blockHeader returns "|", ">-" or the like.
func (s *scanned) blockHeader(n *yaml.Node) string {
	at := s.begin[n]
	if at.line == 0 {
		at = s.skipProps(n)
	}
	header, _, _ := strings.Cut(string(s.lines[at.line-1][at.column-1:]), " ")
	if strings.Trim(header, "|>+-0123456789") != "" {
		return ""
	}
	return header
}
