package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Value is a part of a recipe: a scalar, a list or a map, with its position. It is what
// yaml.v3 parses, with aliases followed and duplicate keys refused.
type Value struct {
	Pos    Pos
	Form   Form
	Tag    string   // of a scalar: "!!str", "!!int", "!!float", "!!bool", "!!null"
	Text   string   // of a scalar
	Items  []*Value // of a list
	Fields []Field  // of a map, in the order written

	key string // its key, "" if it has none; for messages
}

// A Field is one "key: value" of a map.
type Field struct {
	Key   string
	Pos   Pos // of the key
	Value *Value
}

// Form says whether a value is a scalar, a list or a map.
type Form int

// The forms of values.
const (
	Scalar Form = iota
	List
	Map
	Broken // could not be understood, which is reported; it fits wherever any form is wanted
)

// String returns the words for a form in messages.
func (k Form) String() string { return [...]string{"a value", "a list", "a map", "a mistake"}[k] }

// Get returns the value of a map's key, or nil.
func (n *Value) Get(key string) *Value {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// index returns the index of the field with a key, or -1.
func (n *Value) index(key string) int {
	if n == nil {
		return -1
	}
	return slices.IndexFunc(n.Fields, func(f Field) bool { return f.Key == key })
}

func (n *Value) isNull() bool { return n.Form == Scalar && n.Tag == "!!null" }

// Equal reports whether two values are the same, wherever they are written. The
// order of a map's keys does not matter.
func (n *Value) Equal(m *Value) bool {
	if n.Form != m.Form || len(n.Items) != len(m.Items) || len(n.Fields) != len(m.Fields) {
		return false
	}
	for i := range n.Items {
		if !n.Items[i].Equal(m.Items[i]) {
			return false
		}
	}
	for _, f := range n.Fields {
		if v := m.Get(f.Key); v == nil || !f.Value.Equal(v) {
			return false
		}
	}
	return n.Form != Scalar || n.Tag == m.Tag && n.Text == m.Text
}

// Known reports whether nothing in the value is [Broken].
func (n *Value) Known() bool {
	if n == nil {
		return true
	}
	for _, item := range n.Items {
		if !item.Known() {
			return false
		}
	}
	for _, f := range n.Fields {
		if !f.Value.Known() {
			return false
		}
	}
	return n.Form != Broken
}

// describe returns what was found, for messages.
func (n *Value) describe() string {
	switch {
	case n.Form != Scalar:
		return n.Form.String()
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!str":
		return strconv.Quote(clip(n.Text))
	}
	return clip(n.Text)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// scalar returns a text at a position, for text that was assembled.
func scalar(text string, pos Pos) *Value {
	return &Value{Pos: pos, Tag: "!!str", Text: text}
}

// FromData returns a value that stands in data: a whole number, or text.
func FromData(text string, pos Pos) *Value {
	v := scalar(text, pos)
	if plainInt.MatchString(text) {
		v.Tag = "!!int"
	}
	return v
}

var plainInt = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,17})$`)

// Compact returns the value in one line of YAML's flow style, for labels and messages.
func (n *Value) Compact() string {
	switch n.Form {
	case List:
		return "[" + strings.Join(NamesOf(n.Items, (*Value).Compact), ",") + "]"
	case Map:
		fields := NamesOf(n.Fields, func(f Field) string { return f.Key + ":" + f.Value.Compact() })
		return "{" + strings.Join(fields, ",") + "}"
	}
	return n.Text
}
