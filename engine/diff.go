package engine

import "encoding/json"

// flatten maps the leaves of a JSON object by their paths: "hold.by".
func flatten(text string) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	flattenInto(out, "", json.RawMessage(text))
	return out
}

func flattenInto(out map[string]json.RawMessage, path string, v json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(v, &fields) != nil || fields == nil {
		out[path] = v
		return
	}
	for name, f := range fields {
		if path != "" {
			name = path + "." + name
		}
		flattenInto(out, name, f)
	}
}

// maxShown is how much of a value a reason shows.
const maxShown = 60

func orNone(v json.RawMessage) string {
	if v == nil {
		return "(none)"
	}
	if r := []rune(string(v)); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return string(v)
}
