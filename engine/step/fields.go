package step

import (
	"reflect"
	"strings"
)

// A Field is one parameter of a kind.
type Field struct {
	Key   string        // of "with:", from the json tag
	Doc   string        // for people, from the doc tag
	OneOf []string      // the words that a text may be, from the oneof tag; nil is any
	Value reflect.Value // the struct's field
	Index []int         // of the field in the struct, for [reflect.Value.FieldByIndex]
}

// Fields returns the parameters that a struct holds, in the order of its JSON.
// What an embedded struct holds counts as the struct's own, so that kinds share
// parameters by embedding them. v is a struct; the fields can be set if v can.
func Fields(v reflect.Value) []Field {
	var list []Field
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && key == "" && f.Type.Kind() == reflect.Struct:
			for _, inner := range Fields(v.Field(i)) {
				inner.Index = append([]int{i}, inner.Index...)
				list = append(list, inner)
			}
		case key == "" || key == "-" || !f.IsExported():
		default:
			list = append(list, Field{key, f.Tag.Get("doc"), strings.Fields(f.Tag.Get("oneof")), v.Field(i), f.Index})
		}
	}
	return list
}
