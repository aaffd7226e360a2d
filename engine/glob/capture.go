package glob

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Capture is a pattern that says what some parts of a name stand for: "{host}" is any text without a
// slash, called host. If there are no such names, the one "*" has a name.
type Capture struct {
	Names []string // in their order in the pattern
	*Pattern
}

var nameForm = regexp.MustCompile(`^\{([A-Za-z_][A-Za-z0-9_-]*)\}`)

// ParseCapture reads a pattern with names. star is the name of a "*" if it has none.
func ParseCapture(text, star string) (*Capture, error) {
	marked, names := mark(text)
	if len(names) == 0 {
		if strings.Count(strings.ReplaceAll(text, `\*`, ""), "*") != 1 {
			return nil, fmt.Errorf("write one * for what the values are, or name it: {%s}", star)
		}
		at := strings.Index(strings.ReplaceAll(text, `\*`, "--"), "*")
		marked, names = text[:at]+hole+text[at+1:], []string{star}
	}
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			return nil, fmt.Errorf("it has {%s} twice; give each part a name of its own", name)
		}
		seen[name] = true
	}
	p, err := Parse(marked)
	switch {
	case err != nil:
		return nil, err
	case strings.Count(text, hole) > 0:
		return nil, errors.New("it has a control character")
	}
	re, err := regexp.Compile(strings.ReplaceAll(p.source, hole, "([^/]+)"))
	if err != nil {
		return nil, errors.New("it is too long or too deep; write several shorter patterns")
	}
	p.prefix, _, _ = strings.Cut(p.prefix, hole)
	p.text, p.re = text, re
	return &Capture{names, p}, nil
}

// Names returns the names in a text that may be such a pattern.
func Names(text string) []string {
	_, names := mark(text)
	return names
}

// hole stands for a named part of a pattern while it is parsed.
const hole = "\x01"

// mark replaces the names in a pattern by holes, and returns the names.
func mark(text string) (marked string, names []string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if m := nameForm.FindStringSubmatch(text[i:]); m != nil {
			names = append(names, m[1])
			b.WriteString(hole)
			i += len(m[0]) - 1
			continue
		}
		b.WriteByte(text[i])
		if text[i] == '\\' && i+1 < len(text) {
			i++
			b.WriteByte(text[i])
		}
	}
	return b.String(), names
}

// Values returns what the names stand for in the name of a file; nil if it does not match.
func (c *Capture) Values(name string) []string {
	if !strings.HasPrefix(name, c.prefix) {
		return nil
	}
	if m := c.re.FindStringSubmatch(name); m != nil {
		return m[1:]
	}
	return nil
}
