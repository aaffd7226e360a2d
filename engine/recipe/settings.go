package recipe

import "slices"

// A Setting is one value of a recipe as it is written, after what the recipe extends and
// the overrides were merged, with its ${…} as they are: "steps.gbt.with.rounds" and "80".
// The items of a list have a setting each, all of the same path, which ends in "[]".
type Setting struct {
	Path string `json:"path"`
	Text string `json:"text"` // in one line of YAML's flow style; a text may have several lines
}

// settings returns the values below a map, in the order written.
func settings(path string, v *Value) []Setting {
	var out []Setting
	switch {
	case v.Form == Map && (len(v.Fields) > 0 || path == ""):
		for _, f := range v.Fields {
			below := f.Key
			if path != "" {
				below = path + "." + f.Key
			}
			out = append(out, settings(below, f.Value)...)
		}
	case v.Form == List && len(v.Items) > 0:
		for _, item := range v.Items {
			out = append(out, Setting{path + "[]", item.Compact()})
		}
	default:
		out = append(out, Setting{path, v.Compact()})
	}
	return slices.Clip(out)
}

// Read is [Load] for files that read returns by their paths, such as those of a git
// revision. There are no overrides.
func Read(path string, read func(name string) ([]byte, error), ms *Mistakes) (*Recipe, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	l := &loader{ms: ms, read: read}
	return l.recipe(&File{path, text}, nil), nil
}
