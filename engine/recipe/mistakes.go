package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/go-multierror"
)

// Pos is a position in a text: a recipe, or a --set of the command line.
type Pos struct {
	File      *File
	Line, Col int // from 1
}

// A File is a text that positions point into.
type File struct {
	Name string
	Text []byte
}

// String returns "recipes/quick.yaml:12:5".
func (p Pos) String() string {
	if p.File == nil {
		return "recipe"
	}
	return fmt.Sprintf("%s:%d:%d", p.File.Name, p.Line, p.Col)
}

// A Mistake is an error at a position in a recipe.
type Mistake struct {
	Pos  Pos
	Msg  string // what was expected and what was found
	Hint string // what to do; may be ""
}

// Error returns one line: position, message and hint.
func (m *Mistake) Error() string {
	if m.Hint == "" {
		return fmt.Sprintf("%s: %s", m.Pos, m.Msg)
	}
	return fmt.Sprintf("%s: %s (%s)", m.Pos, m.Msg, m.Hint)
}

// Show returns the mistake for a terminal: the message, the line with a caret below the
// position, and the hint.
func (m *Mistake) Show() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", m.Pos, m.Msg)
	if line, ok := m.sourceLine(); ok {
		no := fmt.Sprint(m.Pos.Line)
		lead := caretLead(line, m.Pos.Col)
		fmt.Fprintf(&b, "  %s | %s\n  %s | %s^\n", no, line, strings.Repeat(" ", len(no)), lead)
	}
	if m.Hint != "" {
		fmt.Fprintf(&b, "  hint: %s\n", m.Hint)
	}
	return b.String()
}

func (m *Mistake) sourceLine() (string, bool) {
	line, ok := m.Pos.line()
	if !ok {
		return "", false
	}
	return strings.Map(shown, line), len(line) <= 400
}

// shown makes a line safe to print on a terminal.
func shown(r rune) rune {
	if r == utf8.RuneError || r != '\t' && unicode.IsControl(r) {
		return '?'
	}
	return r
}

// caretLead returns spaces up to a column, tabs kept so that the caret lines
// up. YAML columns count characters.
func caretLead(line string, col int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		if i >= col-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Mistakes collects everything that is wrong with a recipe, so that users see it all at
// once. The zero value is ready for use.
type Mistakes struct {
	list  []*Mistake
	added int
}

// maxMistakes is more than a person reads at a time.
const maxMistakes = 50

// Add adds a mistake. The same text at the same position counts once: a step is checked
// again for every point of its matrix.
func (ms *Mistakes) Add(pos Pos, hint, format string, args ...any) {
	m := &Mistake{pos, fmt.Sprintf(format, args...), hint}
	ms.added++
	for _, old := range ms.list {
		if old.Pos == m.Pos && old.Msg == m.Msg {
			return
		}
	}
	if len(ms.list) < maxMistakes {
		ms.list = append(ms.list, m)
	}
}

// Added returns how often Add was called. The difference between two calls tells whether
// something went wrong in between.
func (ms *Mistakes) Added() int { return ms.added }

// Err returns all mistakes in the order of their positions as one error, from which
// [MistakesIn] takes them; nil if there are none.
func (ms *Mistakes) Err() error {
	slices.SortStableFunc(ms.list, func(a, b *Mistake) int {
		return cmp.Or(cmp.Compare(a.Pos.name(), b.Pos.name()), a.Pos.Line-b.Pos.Line, a.Pos.Col-b.Pos.Col)
	})
	var all *multierror.Error
	for _, m := range ms.list {
		all = multierror.Append(all, m)
	}
	if all != nil {
		all.ErrorFormat = func(errs []error) string {
			return strings.Join(NamesOf(errs, error.Error), "\n")
		}
	}
	return all.ErrorOrNil()
}

// MistakesIn returns the mistakes that an error consists of; nil if it is another error.
func MistakesIn(err error) []*Mistake {
	var all *multierror.Error
	if !errors.As(err, &all) {
		return nil
	}
	var list []*Mistake
	for _, err := range all.Errors {
		var m *Mistake
		if errors.As(err, &m) {
			list = append(list, m)
		}
	}
	return list
}

func (p Pos) name() string {
	if p.File == nil {
		return ""
	}
	return p.File.Name
}
