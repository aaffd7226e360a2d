package recipe

import (
	"slices"
	"strings"
)

// applySet applies one override, "params.seed=8": a path of keys into the recipe and a
// value in YAML. All keys but the last must exist.
func applySet(root *Value, set string, ms *Mistakes) {
	file := &File{"--set " + set, []byte(set)}
	at := Pos{file, 1, 1}
	path, text, ok := strings.Cut(set, "=")
	if !ok || path == "" {
		ms.Add(at, "write it as --set params.seed=8", "--set needs path=value")
		return
	}
	value := parseValue(&File{file.Name, []byte(text)}, ms)
	if value == nil {
		value = &Value{Pos: at, Tag: "!!null"}
	}
	setPos(value, at, len(path)+1)
	keys := strings.Split(path, ".")
	n := root
	for i, key := range keys {
		if n.Form != Map {
			ms.Add(at, "", "%s is %s and has no %s", strings.Join(keys[:i], "."), n.Form, key)
			return
		}
		if i == len(keys)-1 {
			put(n, Field{key, at, value}, keys, ms)
			return
		}
		child := n.Get(key)
		if child == nil {
			ms.Add(at, Suggest(key, n.keys()), "the recipe has no %s", strings.Join(keys[:i+1], "."))
			return
		}
		n = child
	}
}

// put sets a field of a map; an explicit null removes it. A new field is accepted only
// where it is probably meant: within a step, where it may be a key of "with:" that the
// recipe leaves to its default, and in a parameter that is an empty map. Any other
// parameter has exactly the keys that the recipe gives it, so a misspelling does not add
// a key that nothing reads.
func put(n *Value, f Field, path []string, ms *Mistakes) {
	f.Value.key = f.Key
	removes := f.Value.isNull() && f.Value.Text != ""
	if i := n.index(f.Key); i >= 0 {
		if n.Fields[i].Value = f.Value; removes {
			n.Fields = slices.Delete(n.Fields, i, i+1)
		}
		return
	}
	within := len(path) > 2
	if removes || !within || path[0] != "steps" && len(n.Fields) > 0 {
		hint := Suggest(f.Key, n.keys())
		if n.Get("params").Get(f.Key) != nil {
			hint = "did you mean params." + f.Key + "?"
		}
		if within && !removes {
			hint += "; to add a key set the whole map: --set '" + strings.Join(path[:len(path)-1], ".") + "={…}'"
		}
		ms.Add(f.Pos, hint, "the recipe has no %s to set", f.Key)
		return
	}
	n.Fields = append(n.Fields, f)
}

// setPos makes the positions of a value point to the --set that it comes from.
func setPos(n *Value, at Pos, shift int) {
	at.Col = n.Pos.Col + shift
	if n.Pos.Line > 1 || n.Pos.Line == 0 {
		at.Col = shift + 1
	}
	n.Pos = at
	for _, item := range n.Items {
		setPos(item, at, shift)
	}
	for i := range n.Fields {
		n.Fields[i].Pos = at
		setPos(n.Fields[i].Value, at, shift)
	}
}

func (n *Value) keys() []string {
	if n == nil {
		return nil
	}
	return NamesOf(n.Fields, func(f Field) string { return f.Key })
}
