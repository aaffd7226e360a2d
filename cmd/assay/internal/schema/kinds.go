// Package schema describes the kinds of steps: for people ([Describe], [Print]), and for editors
// as the JSON Schema of recipes ([Recipe]).
package schema

import (
	"encoding/json"
	"reflect"

	"assay/engine/step"
)

// A Kind describes a kind of step for people and editors.
type Kind struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	About   string  `json:"about"`
	Open    bool    `json:"open,omitempty"` // the recipe names the ports
	Inputs  []Port  `json:"inputs"`
	Outputs []Port  `json:"outputs"`
	Params  []Param `json:"params"`
}

// A Port is an input or output of a kind.
type Port struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Many  bool   `json:"many,omitempty"`
	Shard bool   `json:"shard,omitempty"`
	Match string `json:"match,omitempty"`

	Optional bool `json:"optional,omitempty"`
}

// A Param is a parameter. If it is a map, Params are the parameters in it.
type Param struct {
	Name    string          `json:"name"`
	Type    string          `json:"type"`
	Default json.RawMessage `json:"default,omitempty"`
	Doc     string          `json:"doc"`
	OneOf   []string        `json:"oneof,omitempty"`
	Params  []Param         `json:"params,omitempty"`

	of reflect.Type
}

// Describe returns the description of a kind.
func Describe(k *step.Kind) Kind {
	return Kind{
		Name: k.Name, Version: k.Version, About: k.About, Open: k.Open,
		Inputs: describePorts(k.Inputs), Outputs: describePorts(k.Outputs),
		Params: describeParams(reflect.ValueOf(k.Params()).Elem()),
	}
}

func describePorts(ports []step.Port) []Port {
	list := []Port{}
	for _, p := range ports {
		list = append(list, Port{p.Name, p.About, p.Many, p.Shard, p.Match, p.Optional})
	}
	return list
}

// describeParams describes the fields of a params struct, whose values are the
// defaults.
func describeParams(v reflect.Value) []Param {
	list := []Param{}
	for _, f := range step.Fields(v) {
		t := f.Value.Type()
		p := Param{Name: f.Key, Type: typeName(t), Doc: f.Doc, OneOf: f.OneOf, of: t}
		if p.Type == "map" {
			p.Params = describeParams(f.Value)
		} else {
			p.Default = defaultOf(f.Value)
		}
		list = append(list, p)
	}
	return list
}

func defaultOf(v reflect.Value) json.RawMessage {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return json.RawMessage("[]")
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return nil
	}
	return text
}

// typeName returns the word for a type of parameter, one of those that recipe.Decode knows.
func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[step.Duration]():
		return "duration"
	case reflect.TypeFor[step.Fraction](), reflect.TypeFor[step.Portion]():
		return "fraction"
	case reflect.TypeFor[step.Size]():
		return "size"
	}
	switch t.Kind() {
	case reflect.Struct:
		return "map"
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Bool:
		return "bool"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	}
	return "integer"
}
