package recipe

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Label names a value by its scalars: {by: host, test: [a, b]} is "host-a+b".
func (n *Value) Label() string { return label(n.scalars()) }

// FullLabel names a value as it is written in full, for values whose [Value.Label]
// another value has.
func (n *Value) FullLabel() string { return label(n.Compact()) }

// scalars joins the texts within a list or a map: [a, b] is a+b, {x: 1, y: 2} is
// 1-2.
func (n *Value) scalars() string {
	switch n.Form {
	case List:
		return strings.Join(NamesOf(n.Items, (*Value).scalars), "+")
	case Map:
		return strings.Join(NamesOf(n.Fields, func(f Field) string { return f.Value.scalars() }), "-")
	}
	return n.Text
}

// LabelRule says what labels keep, for hints.
const LabelRule = "labels keep letters, digits and " + labelSigns + ", the rest becomes _ or -"

const labelSigns = "._%+:-"

// label reduces labels to what needs no quoting in a lock, a shell's double quotes or a
// file name: letters and digits of any script and a few signs. The result is part of
// keys and locks, so it must not change.
func label(text string) string {
	var b strings.Builder
	bears := false // whether the character before can carry a mark
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

// labelRune returns the character of a label for a character. Marks (accents, vowel
// signs) stay after the letter that carries them; elsewhere they would combine with a
// separator.
func labelRune(r rune, bears bool) rune {
	switch {
	case strings.ContainsRune("[]{},", r):
		return '-'
	case strings.ContainsRune(labelSigns, r), isWord(r) && (bears || !unicode.IsMark(r)):
		return r
	}
	return '_'
}

// isWord reports whether a character belongs to words and is visible: Unicode also has
// invisible letters and marks.
func isWord(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// maxLabel bounds labels with letters beyond ASCII, which take up to 4 bytes: a label is
// part of a file name, which has at most 255. Labels in ASCII are as long as the value,
// as they are in keys and locks.
const maxLabel = 96

// bound shortens a label that is too long. A digest of the value distinguishes it from
// others with the same beginning.
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
