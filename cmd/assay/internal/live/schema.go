package live

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"
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

// check returns an [Invalid] error if a value at a path does not keep to the schema.
func (s *schema) check(path string, v any) error {
	kind := kindOf(v)
	if len(s.Type) > 0 && !slices.ContainsFunc(s.Type, func(t string) bool { return t == kind || t == "number" && kind == "integer" }) {
		return wrong(path, "this is %s, want %s", article(kind), article(s.Type[0]))
	}
	switch v := v.(type) {
	case string:
		return s.checkText(path, v)
	case json.Number:
		return s.checkNumber(path, v)
	case []any:
		return s.checkItems(path, v)
	case map[string]any:
		return s.checkFields(path, v)
	}
	return nil
}

func (s *schema) checkText(path, v string) error {
	n := utf8.RuneCountInString(v)
	switch {
	case s.Const != nil && v != *s.Const:
		return wrong(path, "want %q", *s.Const)
	case s.Enum != nil && !slices.Contains(s.Enum, v):
		return wrong(path, "want one of %q", s.Enum)
	case s.MinLength != nil && n < *s.MinLength:
		return wrong(path, "the text has %d characters, want at least %d", n, *s.MinLength)
	case s.MaxLength != nil && n > *s.MaxLength:
		return wrong(path, "the text has %d characters, want at most %d", n, *s.MaxLength)
	}
	return nil
}

func (s *schema) checkNumber(path string, v json.Number) error {
	f, err := v.Float64()
	switch {
	case err != nil:
		return wrong(path, "the number %.30s is too large", v)
	case s.Minimum != nil && f < *s.Minimum:
		return wrong(path, "%v is too small, want at least %v", f, *s.Minimum)
	case s.Maximum != nil && f > *s.Maximum:
		return wrong(path, "%v is too large, want at most %v", f, *s.Maximum)
	}
	return nil
}

func (s *schema) checkItems(path string, v []any) error {
	switch n := len(v); {
	case s.MinItems != nil && n < *s.MinItems:
		return wrong(path, "the list has %d items, want at least %d", n, *s.MinItems)
	case s.MaxItems != nil && n > *s.MaxItems:
		return wrong(path, "the list has %d items, want at most %d", n, *s.MaxItems)
	case s.Items == nil:
		return nil
	}
	for i, item := range v {
		if err := s.Items.check(fmt.Sprintf("%s[%d]", path, i), item); err != nil {
			return err
		}
	}
	return nil
}

func (s *schema) checkFields(path string, v map[string]any) error {
	if s.MaxProps != nil && len(v) > *s.MaxProps {
		return wrong(path, "it has %d fields, want at most %d", len(v), *s.MaxProps)
	}
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			return wrong(join(path, name), "it is missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if err := s.checkField(join(path, fmt.Sprintf("%.60s", name)), name, v[name]); err != nil {
			return err
		}
	}
	return nil
}

func (s *schema) checkField(path, name string, v any) error {
	if s.Names != nil {
		if err := s.Names.check(path, name); err != nil {
			return err
		}
	}
	if field := s.Properties[name]; field != nil {
		return field.check(path, v)
	}
	if s.Others == nil {
		return nil
	}
	if s.Others.schema == nil {
		return wrong(path, "there is no such field (%v)", slices.Sorted(maps.Keys(s.Properties)))
	}
	return s.Others.check(path, v)
}

func wrong(path, format string, args ...any) error {
	return &Invalid{-1, path, fmt.Sprintf(format, args...)}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// kindOf returns the name of JSON Schema for the type of a value.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// article returns the name of a type for a sentence.
func article(kind string) string {
	switch kind {
	case "null":
		return "null"
	case "integer", "array", "object":
		return "an " + kind
	}
	return "a " + kind
}
