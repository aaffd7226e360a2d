package graph

import (
	"bytes"
	"encoding/json"
)

// canonical writes params as one line of JSON, keys in the order of the struct, as they
// are part of keys.
func canonical(v params) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
