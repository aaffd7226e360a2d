package layout

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"

	"assay/engine/recipe"
)

// A scanned text is YAML with the positions that its parser discards: where values end,
// and where the comments are.
type scanned struct {
	lines [][]rune
	root  *yaml.Node // nil if there is nothing but comments
	ends  map[*yaml.Node]position
	begin map[*yaml.Node]position // after a value's anchor and tag
	last  map[int]*yaml.Node      // the last value that begins or ends on a line
	found []comment
}

// A position is a line and a column, both from 1.
type position struct{ line, column int }

// A comment extends to the end of its line.
type comment struct {
	position
	text string
	own  bool // it has the line to itself
}

// errLayout is the error for valid YAML in a form that recipes do not need and that is
// not worth formatting.
var errLayout = errors.New("assay fmt does not support this form of YAML")

// scan parses a text and finds its comments: every # after a space that is not within a
// value.
func scan(text []byte) (*scanned, error) {
	src := strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")
	if strings.ContainsAny(src, "\r\u0085\u2028\u2029") {
		return nil, errLayout // YAML also ends a line at these, and nothing else here does
	}
	s := &scanned{ends: map[*yaml.Node]position{}, begin: map[*yaml.Node]position{}, last: map[int]*yaml.Node{}}
	for line := range strings.SplitSeq(src, "\n") {
		s.lines = append(s.lines, []rune(line))
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
		return nil, err
	}
	inside := map[position]bool{}
	if len(doc.Content) > 0 {
		s.root = doc.Content[0]
		if err := s.measure(s.root, inside); err != nil {
			return nil, err
		}
	}
	for i := range s.lines {
		s.findComment(i, inside)
	}
	return s, nil
}

// findComment finds the comment of a line.
func (s *scanned) findComment(i int, inside map[position]bool) {
	line := s.lines[i]
	for j, r := range line {
		if r == '#' && !inside[position{i + 1, j + 1}] && (j == 0 || line[j-1] == ' ' || line[j-1] == '\t') {
			own := strings.TrimSpace(string(line[:j])) == ""
			s.found = append(s.found, comment{position{i + 1, j + 1}, strings.TrimRight(string(line[j:]), " \t\r"), own})
			return
		}
	}
}

func (s *scanned) texts() []string {
	return recipe.NamesOf(s.found, func(c comment) string { return c.text })
}

// isEmpty reports whether a line is empty.
func (s *scanned) isEmpty(line int) bool {
	return line >= 1 && line <= len(s.lines) && strings.TrimSpace(string(s.lines[line-1])) == ""
}

// measure finds the end of a value, and of everything in it. inside gets the positions
// within values where a # does not begin a comment.
func (s *scanned) measure(n *yaml.Node, inside map[position]bool) error {
	at := s.skipProps(n)
	s.begin[n] = at
	s.last[n.Line] = n
	end := at
	switch n.Kind {
	case yaml.ScalarNode:
		var err error
		if end, err = s.scalarEnd(n, at); err != nil {
			return err
		}
		s.mark(n, at, end, inside)
	case yaml.AliasNode:
		end.column += len([]rune(n.Value)) + 1
	default:
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 && c.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
				return errLayout
			}
			if err := s.measure(c, inside); err != nil {
				return err
			}
			end = s.ends[c]
		}
		if n.Style&yaml.FlowStyle != 0 {
			if len(n.Content) == 0 {
				end.column++ // the opening bracket
			}
			end = s.closing(end)
		}
	}
	s.ends[n] = end
	block := n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && n.Style&yaml.FlowStyle == 0
	if block || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return nil // it ends with its last entry; the comment of a text is beside its header
	}
	s.last[end.line] = n
	return nil
}

// mark records the positions of a scalar.
func (s *scanned) mark(n *yaml.Node, at, end position, inside map[position]bool) {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		at = position{at.line + 1, 1}
		end = position{end.line + 1, 1}
	}
	for p := at; p.line < end.line || p.line == end.line && p.column < end.column; p.column++ {
		if p.line > len(s.lines) {
			return
		}
		if p.column > len(s.lines[p.line-1]) {
			p = position{p.line + 1, 0}
			continue
		}
		inside[p] = true
	}
}

// rune returns the character at a position; a line ends with a newline.
func (s *scanned) rune(p position) rune {
	if p.line > len(s.lines) {
		return 0
	}
	if p.column > len(s.lines[p.line-1]) {
		return '\n'
	}
	return s.lines[p.line-1][p.column-1]
}

func (s *scanned) after(p position) position {
	if p.column > len(s.lines[p.line-1]) {
		return position{p.line + 1, 1}
	}
	return position{p.line, p.column + 1}
}

// closing returns the position after the next closing bracket.
func (s *scanned) closing(p position) position {
	for ; s.rune(p) != 0; p = s.after(p) {
		switch s.rune(p) {
		case ']', '}':
			return s.after(p)
		case '#':
			p.column = len(s.lines[p.line-1])
		}
	}
	return p
}
