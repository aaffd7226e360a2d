package live

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// SchemaText returns the JSON Schema of a type of event; false if there is none.
func SchemaText(name string) ([]byte, bool) {
	if !slices.Contains(Types(), name) {
		return nil, false
	}
	b, err := schemaFiles.ReadFile("schema/" + name + ".json")
	return b, err == nil
}

// A schema is the part of JSON Schema that the events need. A keyword that is not here is an
// error when the schema is read, so none is passed over.
type schema struct {
	Dialect     string             `json:"$schema"`
	ID          string             `json:"$id"`
	Title       string             `json:"title"`
	Description string             `json:"description"`
	Examples    []any              `json:"examples"`
	Type        oneOrMore          `json:"type"`
	Const       *string            `json:"const"`
	Enum        []string           `json:"enum"`
	Required    []string           `json:"required"`
	Properties  map[string]*schema `json:"properties"`
	Others      *others            `json:"additionalProperties"`
	MaxProps    *int               `json:"maxProperties"`
	Names       *schema            `json:"propertyNames"`
	Items       *schema            `json:"items"`
	MinItems    *int               `json:"minItems"`
	MaxItems    *int               `json:"maxItems"`
	MinLength   *int               `json:"minLength"`
	MaxLength   *int               `json:"maxLength"`
	Minimum     *float64           `json:"minimum"`
	Maximum     *float64           `json:"maximum"`
}

// oneOrMore is a word or a list of words.
type oneOrMore []string

// UnmarshalJSON implements [json.Unmarshaler].
func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		return json.Unmarshal(b, (*[]string)(o))
	}
	*o = make([]string, 1)
	return json.Unmarshal(b, &(*o)[0])
}

// others is what additional properties must be: nothing, if its schema is nil.
type others struct{ *schema }

// UnmarshalJSON implements [json.Unmarshaler].
func (o *others) UnmarshalJSON(b []byte) error {
	if string(b) == "false" {
		return nil
	}
	o.schema = &schema{}
	return strict(b, o.schema)
}

func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// schemas returns the schemas of all types. They are read once.
var schemas = sync.OnceValues(func() (map[string]*schema, error) {
	all := map[string]*schema{}
	for _, name := range Types() {
		text, ok := SchemaText(name)
		if !ok {
			return nil, fmt.Errorf("there is no schema of %q", name)
		}
		all[name] = &schema{}
		if err := strict(text, all[name]); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", name, err)
		}
	}
	return all, nil
})
