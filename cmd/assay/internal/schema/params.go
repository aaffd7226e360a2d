package schema

import (
	"encoding/json"
	"reflect"

	"assay/engine/step"
)

// paramsSchema returns the schema of a map of parameters.
func paramsSchema(list []Param) Object {
	properties := Object{}
	for _, p := range list {
		s := typeSchema(p.of)
		if p.Params != nil {
			s = paramsSchema(p.Params)
		}
		if len(p.OneOf) > 0 {
			s = Object{"enum": p.OneOf}
		}
		s = orExpression(s)
		if p.Doc != "" {
			s["description"] = p.Doc
		}
		if p.Default != nil {
			s["default"] = json.RawMessage(p.Default)
		}
		properties[p.Name] = s
	}
	return Object{"type": "object", "properties": properties, "additionalProperties": false}
}

// typeSchema returns the schema of what recipe.Decode accepts for a parameter's type.
func typeSchema(t reflect.Type) Object {
	switch t {
	case reflect.TypeFor[step.Duration]():
		return ref("duration")
	case reflect.TypeFor[step.Fraction](), reflect.TypeFor[step.Portion]():
		return ref("fraction")
	case reflect.TypeFor[step.Size]():
		return ref("size")
	}
	switch t.Kind() {
	case reflect.Struct:
		return paramsSchema(describeParams(reflect.New(t).Elem()))
	case reflect.Slice:
		return Object{"type": "array", "items": orExpression(typeSchema(t.Elem()))}
	case reflect.Bool:
		return Object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return Object{"type": "number"}
	case reflect.String:
		return Object{"type": scalarTypes()}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Object{"type": "integer", "minimum": 0}
	}
	return Object{"type": "integer"}
}

// orExpression returns a schema that also allows ${…}, which may stand for any value.
func orExpression(s Object) Object {
	return Object{"anyOf": []any{s, ref("expression")}}
}
