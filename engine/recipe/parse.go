package recipe

import (
	"bytes"
	"errors"
	"io"

	"gopkg.in/yaml.v3"
)

// Limits on a recipe: far more than people write, and far less than a machine can hold.
const (
	maxBytes = 16 << 20
	maxNodes = 1_000_000
	maxDepth = 100
)

// parseValue parses a text as YAML. If that fails, it adds the mistake and returns nil.
func parseValue(file *File, ms *Mistakes) *Value {
	if len(file.Text) > maxBytes {
		ms.Add(Pos{file, 1, 1}, "", "the recipe is %d bytes long, the limit is %d", len(file.Text), maxBytes)
		return nil
	}
	if !checkText(file, ms) {
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(file.Text, &doc); err != nil {
		addSyntax(file, err, ms)
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	if line := secondDocument(file.Text); line > 0 {
		ms.Add(Pos{file, line, 1}, "keep one and remove the --- between them",
			"the file holds more than one YAML document")
		return nil
	}
	c := &converter{file: file, ms: ms}
	root := c.convert(doc.Content[0], 0)
	if c.full || c.alien {
		return nil // other mistakes may follow from that
	}
	return root
}

// secondDocument returns the line on which a second YAML document begins, which
// yaml.Unmarshal silently ignores; 0 if there is none.
func secondDocument(text []byte) int {
	if !bytes.Contains(text, []byte("\n---")) && !bytes.Contains(text, []byte("\n...")) {
		return 0
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if dec.Decode(&first) != nil || errors.Is(dec.Decode(&second), io.EOF) {
		return 0
	}
	return max(second.Line, 1)
}

// converter turns the nodes of yaml.v3 into values.
type converter struct {
	file  *File
	ms    *Mistakes
	nodes int
	full  bool // the limit was exceeded and reported
	alien bool // a tag that recipes do not know was reported
}

func (c *converter) pos(n *yaml.Node) Pos { return Pos{c.file, n.Line, n.Column} }

// convert turns a YAML node into a Value, within the limits on size and depth. An alias
// is replaced by its target.
func (c *converter) convert(n *yaml.Node, depth int) *Value {
	if n.Kind == yaml.AliasNode {
		// Aliases may nest. Counting the nodes of their targets bounds the expansion, and
		// the depth bounds an alias within its own anchor.
		at := c.pos(n)
		out := c.convert(n.Alias, depth+1)
		out.Pos = at
		return out
	}
	out := &Value{Pos: c.pos(n), Tag: n.ShortTag(), Text: n.Value}
	if c.nodes++; c.nodes > maxNodes || depth > maxDepth {
		if !c.full {
			c.ms.Add(out.Pos, "", "the recipe is too large or too deep (limits: %d values, %d levels)", maxNodes,
				maxDepth)
		}
		c.full = true
	}
	if c.full {
		return out
	}
	c.checkTag(n)
	if out.Tag == "!!timestamp" { // recipes treat a date as text
		out.Tag = "!!str"
	}
	switch n.Kind {
	case yaml.SequenceNode:
		out.Form = List
		for _, item := range n.Content {
			out.Items = append(out.Items, c.convert(item, depth+1))
		}
	case yaml.MappingNode:
		out.Form = Map
		c.fields(out, n, depth)
	}
	return out
}

// fields reads the keys of a map, in their order. It reports a bad key and leaves it
// out.
func (c *converter) fields(out *Value, n *yaml.Node, depth int) {
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		at := c.pos(key)
		switch line, dup := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			c.ms.Add(at, "", "a key must be a plain word")
			continue
		case key.Tag == "!!merge":
			c.ms.Add(at, "write the keys out", "merge keys (<<) are not part of recipes")
			continue
		case dup:
			c.ms.Add(at, "remove one of the two", "key %q is already on line %d", key.Value, line)
			continue
		}
		c.checkTag(key)
		seen[key.Value] = key.Line
		value := c.convert(val, depth+1)
		value.key = key.Value
		out.Fields = append(out.Fields, Field{key.Value, at, value})
	}
}
