package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// check returns an [Invalid] error if a value at a path does not keep to the schema.
func (s *schema) check(path string, v any) error {
	kind := kindOf(v)
	fits := func(t string) bool { return t == kind || t == "number" && kind == "integer" }
	if len(s.Type) > 0 && !slices.ContainsFunc(s.Type, fits) {
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

// maxDigits is how long a number may be. None needs more, and events stay short.
const maxDigits = 40

func (s *schema) checkNumber(path string, v json.Number) error {
	f, err := v.Float64()
	switch {
	case len(v) > maxDigits:
		return wrong(path, "the number has %d characters, want at most %d", len(v), maxDigits)
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
