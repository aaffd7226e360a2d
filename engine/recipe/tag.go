package recipe

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// checkTag refuses explicit tags that recipes do not know. Only the tags of YAML's core
// schema are allowed, and the value must match its tag. Without this check, "!env HOME"
// would be the text HOME.
func (c *converter) checkTag(n *yaml.Node) {
	if n.Style&yaml.TaggedStyle == 0 {
		return
	}
	tag, at := n.ShortTag(), c.pos(n)
	kinds := map[string]yaml.Kind{
		"!!str": yaml.ScalarNode, "!!int": yaml.ScalarNode, "!!float": yaml.ScalarNode, "!!bool": yaml.ScalarNode,
		"!!null": yaml.ScalarNode, "!!map": yaml.MappingNode, "!!seq": yaml.SequenceNode,
	}
	switch kind, known := kinds[tag]; {
	case !known:
		c.ms.Add(at, tagHint(tag), "recipes do not know the tag %s", clip(tag))
	case kind != n.Kind || !agrees(tag, n):
		c.ms.Add(at, "remove the tag, or correct the value", "the value does not match its tag %s", tag)
	default:
		return
	}
	c.alien = true
}

// agrees reports whether a scalar's text is what its tag says.
func agrees(tag string, n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || tag == "!!str" {
		return true
	}
	plain := (&yaml.Node{Kind: yaml.ScalarNode, Value: n.Value}).ShortTag()
	return plain == tag || plain == "!!int" && tag == "!!float"
}

// tagHint says what recipes have instead of a tag that other programs know.
func tagHint(tag string) string {
	switch strings.ToLower(strings.Trim(tag, "!")) {
	case "env", "envvar", "env_var", "getenv":
		return `in exec, "pass: [NAME]" passes a variable of the environment on; a parameter is changed with --set`
	case "include", "import", "load":
		return `"extends: FILE" takes over another recipe; an anchor (&name, *name) repeats a value`
	case "ref", "reference", "sub", "var", "expr", "eval":
		return `"${name}" stands for a parameter or an axis`
	case "path", "file", "join":
		return "write the path as a text"
	}
	return "remove it; a value is a text, a number, true or false, a list or a map"
}
