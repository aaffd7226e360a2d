package recipe

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// The byte order mark that some editors write first. It is not part of the text.
const byteOrderMark = "\ufeff"

// checkText adds a mistake for the first character that YAML does not allow, and reports
// whether there is none. yaml.v3 finds it too, but does not say where.
func checkText(file *File, ms *Mistakes) bool {
	start := len(file.Text) - len(bytes.TrimPrefix(file.Text, []byte(byteOrderMark)))
	line := 1 // it begins at start
	for i := start; i < len(file.Text); {
		r, size := utf8.DecodeRune(file.Text[i:])
		at := func() Pos { return Pos{file, line, 1 + utf8.RuneCount(file.Text[start:i])} }
		switch {
		case r == utf8.RuneError && size == 1:
			ms.Add(at(), "save the file as UTF-8", "the byte %#02x is not UTF-8 text", file.Text[i])
			return false
		case r == 0:
			ms.Add(at(), "save the file as UTF-8", "the file contains a zero byte, so it is not text")
			return false
		case !printable(r):
			ms.Add(at(), fmt.Sprintf(`remove it, or write it as "\u%04x" in double quotes`, r),
				"YAML does not allow the character %U", r)
			return false
		case r == '\n':
			line, start = line+1, i+1
		}
		i += size
	}
	return true
}

// printable reports whether YAML allows a character as it is.
func printable(r rune) bool {
	return r >= ' ' && r <= '~' || r == '\t' || r == '\n' || r == '\r' || r == 0x85 ||
		r >= 0xa0 && r != 0xfffe && r != 0xffff
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// addSyntax adds the error of yaml.v3, which has a line but no column.
func addSyntax(file *File, err error, ms *Mistakes) {
	msg, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(strings.SplitN(msg, "\n", 2)[0]); m != nil {
		msg = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	if strings.HasPrefix(msg, "unknown anchor") && addAliases(file, ms) {
		return
	}
	hint := "this is not YAML; look at the indentation, the quotes and the brackets here and just above"
	ms.Add(Pos{file, line, 1}, hint, "%s", msg)
}

// An asterisk and a word, which may be the name of an alias.
var aliasForm = regexp.MustCompile(`\*([0-9A-Za-z_-]+)`)

// addAliases adds a mistake for every alias whose anchor is nowhere above it, and
// reports whether there is any. yaml.v3 stops at the first one and does not say where it
// is. So the text is parsed once more, below a document with an anchor for every name
// that may be one: the aliases that refer to one of those have no anchor of their own.
func addAliases(file *File, ms *Mistakes) bool {
	var made []string
	for _, m := range aliasForm.FindAllSubmatch(file.Text, -1) {
		made = append(made, "&"+string(m[1])+" x")
	}
	slices.Sort(made)
	head := "[" + strings.Join(slices.Compact(made), ", ") + "]\n---\n"
	dec := yaml.NewDecoder(strings.NewReader(head + string(bytes.TrimPrefix(file.Text, []byte(byteOrderMark)))))
	var first yaml.Node
	if dec.Decode(&first) != nil {
		return false
	}
	s := &aliasSearch{file: file, ms: ms, above: strings.Count(head, "\n"), anchors: map[string]int{}}
	for {
		var doc yaml.Node // the text, after an empty one if it begins with ---
		if dec.Decode(&doc) != nil {
			return s.report(first.Content[0].Content)
		}
		s.visit(&doc)
	}
}

// An aliasSearch is a walk through parsed documents.
type aliasSearch struct {
	file    *File
	ms      *Mistakes
	above   int // lines that are not the file's
	anchors map[string]int
	names   []string // of anchors
	aliases []*yaml.Node
}

func (s *aliasSearch) visit(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		s.aliases = append(s.aliases, n)
	}
	if n.Anchor != "" && s.anchors[n.Anchor] == 0 {
		s.anchors[n.Anchor] = n.Line - s.above
		s.names = append(s.names, n.Anchor)
	}
	for _, c := range n.Content {
		s.visit(c)
	}
}

// report adds a mistake for each alias that refers to one of the added anchors, and
// reports whether there is any.
func (s *aliasSearch) report(made []*yaml.Node) bool {
	lacking := map[*yaml.Node]bool{}
	for _, n := range made {
		lacking[n] = true
	}
	before := s.ms.Added()
	for _, n := range s.aliases {
		if !lacking[n.Alias] {
			continue
		}
		at := Pos{s.file, n.Line - s.above, n.Column}
		if line := s.anchors[n.Value]; line > 0 {
			s.ms.Add(at, "write the anchor above the alias", "the anchor &%s comes only later, on line %d", n.Value,
				line)
			continue
		}
		hint := "if it is text and not an alias, put it in quotes"
		if near := Nearest(n.Value, s.names); near != "" {
			hint = fmt.Sprintf("did you mean %q?", "*"+near)
		}
		s.ms.Add(at, hint, "no anchor is named %q", n.Value)
	}
	return s.ms.Added() > before
}
