package recipe

import "slices"

// A merger merges a recipe over the one it extends: maps merge by key at any depth,
// everything else replaces, and null removes.
type merger struct {
	ms   *Mistakes
	base string // what is extended, as written
}

// merge merges over into the map base. Keys keep the order of base, and new ones follow.
// Positions are those of the value that won.
func (m *merger) merge(base, over *Value, path string) {
	known := base.keys()
	index := make(map[string]int, len(known)) // a recipe may have thousands of steps
	for i, key := range known {
		index[key] = i
	}
	for _, f := range over.Fields {
		i, has := index[f.Key]
		switch under := join(path, f.Key); {
		case f.Value.isNull() && f.Value.Text == "" && has:
			// An unfinished line must not remove what it names.
			m.ms.Add(f.Pos, "give a value, or write null to remove what "+m.base+" says", "%s: the value is empty",
				under)
		case f.Value.isNull() && f.Value.Text != "" && !has:
			m.ms.Add(f.Pos, Suggest(f.Key, known), "%s: there is nothing to remove in %s", under, m.base)
		case !has:
			base.Fields = append(base.Fields, f)
		case f.Value.isNull():
			base.Fields[i].Value = nil
		default:
			m.replace(&base.Fields[i], f, under)
		}
	}
	base.Fields = slices.DeleteFunc(base.Fields, func(f Field) bool { return f.Value == nil })
	base.Pos = over.Pos
}

// replace merges one value over another.
func (m *merger) replace(base *Field, f Field, path string) {
	if base.Value.Form != Map || f.Value.Form != Map {
		*base = f
		return
	}
	base.Pos = f.Pos
	m.merge(base.Value, f.Value, path)
}
