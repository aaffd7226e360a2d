package recipe

import (
	"strings"
	"unicode/utf8"
)

// refPos returns the position of the "${" at a byte of the text of n. If that
// cannot be determined, as in a text of several lines, it returns the beginning of the
// text.
func (n *Value) refPos(at int) Pos {
	line, ok := n.Pos.line()
	if !ok || n.Pos.Col < 1 {
		return n.Pos
	}
	for range n.Pos.Col - 1 { // columns count characters
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
	}
	raw, ok := written(line, n.Text)
	if !ok || strings.Count(raw, "${") != strings.Count(n.Text, "${") {
		return n.Pos
	}
	// Quoted text may be longer than its value, but has the same ${ in
	// the same order.
	i := 0
	for range strings.Count(n.Text[:at], "${") {
		i += strings.Index(raw[i:], "${") + len("${")
	}
	i += strings.Index(raw[i:], "${")
	out := n.Pos
	out.Col += utf8.RuneCountInString(raw[:i])
	return out
}

// written returns the scalar at the beginning of a line as it is written, up to its
// closing quote if it is quoted. It returns false if the scalar does not end on the
// line, or is neither plain nor quoted.
func written(line, text string) (string, bool) {
	if strings.HasPrefix(line, `"`) || strings.HasPrefix(line, "'") {
		for i := 1; i < len(line); i++ {
			switch {
			case line[0] == '"' && line[i] == '\\':
				i++
			case line[i] == line[0] && line[0] == '\'' && strings.HasPrefix(line[i+1:], "'"):
				i++
			case line[i] == line[0]:
				return line[:i], true
			}
		}
		return "", false
	}
	return text, strings.HasPrefix(line, text)
}

// line returns the text of the line of p.
func (p Pos) line() (string, bool) {
	if p.File == nil {
		return "", false
	}
	lines := strings.SplitN(string(p.File.Text), "\n", p.Line+1)
	if p.Line < 1 || p.Line > len(lines) {
		return "", false
	}
	return strings.TrimRight(lines[p.Line-1], "\r"), true
}
