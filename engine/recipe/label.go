package recipe

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Label names a value by its scalars: {by: host, test: [a, b]} is "host-a+b".
func (n *Node) Label() string { return label(n.scalars()) }

// FullLabel names a value as it is written out, for those whose [Node.Label]
// another one has.
func (n *Node) FullLabel() string { return label(n.Compact()) }

// scalars joins the texts within a list or a map: [a, b] is a+b, {x: 1, y: 2} is
// 1-2.
func (n *Node) scalars() string {
	var list []string
	switch n.Kind {
	case List:
		for _, item := range n.Items {
			list = append(list, item.scalars())
		}
		return strings.Join(list, "+")
	case Map:
		for _, f := range n.Fields {
			list = append(list, f.Value.scalars())
		}
		return strings.Join(list, "-")
	}
	return n.Text
}

// LabelRule is what labels keep, for hints.
const LabelRule = "labels keep letters, digits and " + labelSigns + ", the rest becomes _ or -"

const labelSigns = "._%+:-"

// label keeps labels to what needs no quoting in a lock, a shell's double
// quotes or a file name: letters and digits of any script and a few signs.
// What it makes of a text is part of keys and locks, so it must stay as it is.
func label(text string) string {
	var b strings.Builder
	bears := false // whether what is before can bear a mark
	for _, r := range text {
		r = labelRune(r, bears)
		bears = isWord(r)
		b.WriteRune(r)
	}
	if strings.Trim(b.String(), ".") == "" {
		return "_"
	}
	return bound(b.String(), text)
}

// labelRune returns what a label has for a character. Marks (accents, vowel
// signs) stay on what bears them; elsewhere they would sit on a separator.
func labelRune(r rune, bears bool) rune {
	switch {
	case strings.ContainsRune("[]{},", r):
		return '-'
	case strings.ContainsRune(labelSigns, r), isWord(r) && (bears || !unicode.IsMark(r)):
		return r
	}
	return '_'
}

// isWord reports whether a character is part of words and can be seen: Unicode
// has letters and marks that show nothing.
func isWord(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// maxLabel bounds labels with letters beyond ASCII, which take up to 4 bytes: a
// label is part of a file name, which has 255. Those in ASCII are left as long
// as the value, as they are in keys and locks.
const maxLabel = 96

// bound cuts a label that is too long, and tells it from others with the same
// beginning by a digest of what it stands for.
func bound(label, text string) string {
	if len(label) <= maxLabel || len(label) == utf8.RuneCountInString(label) {
		return label
	}
	tail := fmt.Sprintf("-%x", sha256.Sum256([]byte(text)))[:9]
	end := maxLabel - len(tail)
	for !utf8.RuneStart(label[end]) {
		end--
	}
	return label[:end] + tail
}
