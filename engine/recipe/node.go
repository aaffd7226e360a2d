package recipe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Node is a part of a recipe: a scalar, a list or a map, with its position. It is what
// yaml.v3 parses, with aliases followed and duplicate keys refused.
type Node struct {
	Pos    Pos
	Kind   Kind
	Tag    string  // of a scalar: "!!str", "!!int", "!!float", "!!bool", "!!null"
	Text   string  // of a scalar
	Items  []*Node // of a list
	Fields []Field // of a map, in the order written

	key string // its key, "" if it has none; for messages
}

// A Field is one "key: value" of a map.
type Field struct {
	Key   string
	Pos   Pos // of the key
	Value *Node
}

// Kind is the form of a node.
type Kind int

// The kinds of nodes.
const (
	Scalar Kind = iota
	List
	Map
	Broken // could not be understood, which is reported; it fits wherever any kind is wanted
)

// String returns the word for a kind in messages.
func (k Kind) String() string { return [...]string{"a value", "a list", "a map", "a mistake"}[k] }

// Get returns the value of a map's key, or nil.
func (n *Node) Get(key string) *Node {
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
func (n *Node) index(key string) int {
	if n == nil {
		return -1
	}
	return slices.IndexFunc(n.Fields, func(f Field) bool { return f.Key == key })
}

func (n *Node) isNull() bool { return n.Kind == Scalar && n.Tag == "!!null" }

// Equal reports whether two nodes have the same value, wherever they are written. The
// order of a map's keys does not matter.
func (n *Node) Equal(m *Node) bool {
	if n.Kind != m.Kind || len(n.Items) != len(m.Items) || len(n.Fields) != len(m.Fields) {
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
	return n.Kind != Scalar || n.Tag == m.Tag && n.Text == m.Text
}

// Known reports whether nothing in the node is [Broken].
func (n *Node) Known() bool {
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
	return n.Kind != Broken
}

// describe returns what was found, for messages.
func (n *Node) describe() string {
	switch {
	case n.Kind != Scalar:
		return n.Kind.String()
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

// scalar returns a string node at a position, for text that was assembled.
func scalar(text string, pos Pos) *Node {
	return &Node{Pos: pos, Tag: "!!str", Text: text}
}

// Compact returns the node in one line of YAML's flow style, for labels and
// messages.
func (n *Node) Compact() string {
	switch n.Kind {
	case List:
		list := make([]string, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Compact()
		}
		return "[" + strings.Join(list, ",") + "]"
	case Map:
		list := make([]string, len(n.Fields))
		for i, f := range n.Fields {
			list[i] = fmt.Sprintf("%s:%s", f.Key, f.Value.Compact())
		}
		return "{" + strings.Join(list, ",") + "}"
	}
	return n.Text
}
