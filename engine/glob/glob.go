// Package glob matches the names of files in an artifact or a source. Call [Parse].
//
// In a pattern, "*" stands for any text without a slash, "**" for any folders, "?" for one character
// that is no slash, and "{a,b}" for one of several. A backslash before a character makes it plain.
// Brackets have no meaning.
package glob

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Pattern is a parsed pattern.
type Pattern struct {
	text   string
	prefix string         // every name that matches begins with it
	source string         // the regular expression as text
	re     *regexp.Regexp // nil if only the name prefix matches
}

// maxText bounds patterns: the time of a match grows with the length.
const maxText = 4096

// special are the characters that Quote makes plain.
const special = `\*?{},`

// Parse reads a pattern. The error says what is wrong with it.
func Parse(text string) (*Pattern, error) {
	switch {
	case len(text) > maxText:
		return nil, fmt.Errorf("it has %d bytes, at most %d are allowed", len(text), maxText)
	case !fs.ValidPath(text) || text == ".":
		return nil, errors.New("it is not a path: write names and slashes, no slash at the beginning or end, " +
			"and neither \".\" nor \"..\"")
	}
	t := translator{rest: text}
	if err := t.all(); err != nil {
		return nil, err
	}
	p := &Pattern{text: text, prefix: t.prefix.String(), source: "^(?s:" + t.re.String() + ")$"}
	if !t.meta {
		return p, nil
	}
	re, err := regexp.Compile(p.source)
	if err != nil {
		return nil, errors.New("it is too long or too deep; write several shorter patterns")
	}
	p.re = re
	return p, nil
}

// Match reports whether a name matches.
func (p *Pattern) Match(name string) bool {
	if p.re == nil {
		return name == p.prefix
	}
	return strings.HasPrefix(name, p.prefix) && p.re.MatchString(name)
}

// Exact reports whether the pattern is a plain name. Then only the name that Prefix returns matches.
func (p *Pattern) Exact() bool { return p.re == nil }

// Prefix returns the text that every matching name begins with.
func (p *Pattern) Prefix() string { return p.prefix }

// String returns the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// Quote returns the pattern that only a text itself matches.
func Quote(text string) string {
	var b strings.Builder
	for i := range len(text) { // bytes, so that a text that is not UTF-8 does not become another one
		if strings.IndexByte(special, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// translator makes a regular expression of a pattern.
type translator struct {
	rest   string
	re     strings.Builder
	prefix strings.Builder
	meta   bool
	open   []bool // the braces that are open, and whether there was a comma
}

func (t *translator) all() error {
	for t.rest != "" {
		r, size := utf8.DecodeRuneInString(t.rest)
		t.rest = t.rest[size:]
		if err := t.one(r); err != nil {
			return err
		}
	}
	if len(t.open) > 0 {
		return errors.New("it has a { without its }; write \\{ for a plain one")
	}
	return nil
}

// one translates what begins with a character.
func (t *translator) one(r rune) error {
	switch r {
	case '\\':
		plain, size := utf8.DecodeRuneInString(t.rest)
		if size == 0 {
			return errors.New("it ends in a backslash, which makes the next character plain")
		}
		t.rest = t.rest[size:]
		t.plain(plain)
	case '*':
		t.star()
	case '?':
		t.special("[^/]")
	case '{', '}', ',':
		return t.brace(r)
	default:
		t.plain(r)
	}
	return nil
}

func (t *translator) plain(r rune) {
	t.re.WriteString(regexp.QuoteMeta(string(r)))
	if !t.meta {
		t.prefix.WriteRune(r)
	}
}

func (t *translator) special(re string) {
	t.re.WriteString(re)
	t.meta = true
}

// star translates "*", "**" and "**/". The last one also stands for no folder at all.
func (t *translator) star() {
	rest, two := strings.CutPrefix(t.rest, "*")
	if !two {
		t.special("[^/]*")
		return
	}
	t.rest = rest
	if after, folders := strings.CutPrefix(rest, "/"); folders {
		t.rest = after
		t.special("(?:.*/)?")
		return
	}
	t.special(".*")
}

// brace translates the characters of "{a,b}". A comma elsewhere is plain.
func (t *translator) brace(r rune) error {
	last := len(t.open) - 1
	switch {
	case r == '{':
		t.open = append(t.open, false)
		t.special("(?:")
	case last < 0 && r == ',':
		t.plain(r)
	case last < 0:
		return errors.New("it has a } without its {; write \\} for a plain one")
	case r == ',':
		t.open[last] = true
		t.special("|")
	case !t.open[last]:
		return errors.New("braces hold several texts, {a,b}; write ${name} for the value of an axis or parameter")
	default:
		t.open = t.open[:last]
		t.special(")")
	}
	return nil
}
