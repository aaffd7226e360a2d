package main

import (
	"encoding/json"
	"reflect"

	"assay/engine/step"
)

// paramsSchema is a map of parameters.
func paramsSchema(list []paramDoc) object {
	properties := object{}
	for _, p := range list {
		s := typeSchema(p.of)
		if p.Params != nil {
			s = paramsSchema(p.Params)
		}
		if len(p.OneOf) > 0 {
			s = object{"enum": p.OneOf}
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
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// typeSchema is a parameter's type, as recipe.Decode takes it.
func typeSchema(t reflect.Type) object {
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
		return object{"type": "array", "items": orExpression(typeSchema(t.Elem()))}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return object{"type": scalarTypes()}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	}
	return object{"type": "integer"}
}

// orExpression also takes ${…}, which may stand for any value.
func orExpression(s object) object {
	return object{"anyOf": []any{s, ref("expression")}}
}
