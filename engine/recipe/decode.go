package recipe

import (
	"cmp"
	"encoding"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"assay/engine/step"
)

// Decode decodes n over the value that v points to: structs by their json tags, slices,
// strings, numbers, bools, and types with UnmarshalText. A string field with a tag
// oneof:"a b" must be one of these words. Values that n does not mention stay as they
// are. Unknown keys and values of the wrong type are added to ms, each at its own
// position.
func Decode(n *Value, v any, ms *Mistakes) { decodeAt(n, v, "", ms) }

// A Decoder is [Decode] for many values. It remembers the fields of structs, since thousands of nodes may have
// parameters of one kind.
type Decoder struct {
	ms     *Mistakes
	fields map[reflect.Type]map[string]step.Field // by key; their values are those of another struct
}

// NewDecoder returns a decoder that adds mistakes to ms.
func NewDecoder(ms *Mistakes) *Decoder {
	return &Decoder{ms, map[reflect.Type]map[string]step.Field{}}
}

// Decode decodes n over the value that v points to, as the function Decode does.
func (d *Decoder) Decode(n *Value, v any) { d.decode(n, reflect.ValueOf(v).Elem(), "") }

// decodeAt is Decode with the name that messages use for the value.
func decodeAt(n *Value, v any, path string, ms *Mistakes) {
	NewDecoder(ms).decode(n, reflect.ValueOf(v).Elem(), path)
}

// decode decodes n into v. path is the name of the value in messages. Types with
// UnmarshalText come first, whatever their Go kind.
func (d *Decoder) decode(n *Value, v reflect.Value, path string) {
	if n.Form == Broken {
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if n.Form != Scalar {
			wrong(n, path, "a value", d.ms)
		} else if err := u.UnmarshalText([]byte(n.Text)); err != nil {
			d.ms.Add(n.Pos, "", "%s: %v", n.called(path), err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.decodeStruct(n, v, path)
	case reflect.Slice:
		d.decodeSlice(n, v, path)
	default:
		decodeScalar(n, v, path, d.ms)
	}
}

// decodeStruct fills the fields whose keys are given; the others keep their
// defaults.
func (d *Decoder) decodeStruct(n *Value, v reflect.Value, path string) {
	if n.Form != Map {
		wrong(n, path, "a map", d.ms)
		return
	}
	fields := d.fieldsOf(v)
	for _, f := range n.Fields {
		to, ok := fields[f.Key]
		if !ok {
			known := slices.Sorted(maps.Keys(fields))
			d.ms.Add(f.Pos, Suggest(f.Key, known), "unknown key %q%s", f.Key, in(path))
			continue
		}
		d.decode(f.Value, v.FieldByIndex(to.Index), join(path, f.Key))
		checkOneOf(f.Value, to.OneOf, join(path, f.Key), d.ms)
	}
}

// fieldsOf returns the fields of a struct's type by their keys.
func (d *Decoder) fieldsOf(v reflect.Value) map[string]step.Field {
	fields := d.fields[v.Type()]
	if fields == nil {
		fields = map[string]step.Field{}
		for _, f := range step.Fields(v) {
			fields[f.Key] = f
		}
		d.fields[v.Type()] = fields
	}
	return fields
}

// checkOneOf checks that a text is one of the allowed words, if these are listed.
func checkOneOf(n *Value, words []string, path string, ms *Mistakes) {
	if len(words) > 0 && n.Form == Scalar && !slices.Contains(words, n.Text) {
		ms.Add(n.Pos, Suggest(n.Text, words), "%s: want %s, found %s", path, strings.Join(words, " or "), n.describe())
	}
}

func (d *Decoder) decodeSlice(n *Value, v reflect.Value, path string) {
	if n.Form != List {
		wrong(n, path, "a list", d.ms)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		d.decode(item, out.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
	v.Set(out)
}

// decodeScalar decodes a single value into v if its YAML type fits: the text "1" is not
// a number, but 1 may be a text.
func decodeScalar(n *Value, v reflect.Value, path string, ms *Mistakes) {
	want, ok := "", n.Form == Scalar
	switch v.Kind() {
	case reflect.String:
		want, ok = "text", ok && n.Tag != "!!null"
		if ok {
			v.SetString(n.Text)
		}
	case reflect.Bool:
		want, ok = "true or false", ok && n.Tag == "!!bool"
		if ok {
			v.SetBool(strings.EqualFold(n.Text, "true"))
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(strings.ReplaceAll(n.Text, "_", ""), 0, 64)
		want, ok = "a whole number", ok && n.Tag == "!!int" && err == nil && !v.OverflowInt(i)
		if ok {
			v.SetInt(i)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u, err := strconv.ParseUint(strings.ReplaceAll(n.Text, "_", ""), 0, 64)
		want, ok = "a whole number, not negative", ok && n.Tag == "!!int" && err == nil && !v.OverflowUint(u)
		if ok {
			v.SetUint(u)
		}
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(n.Text, 64)
		want, ok = "a number", ok && (n.Tag == "!!int" || n.Tag == "!!float") && err == nil && !math.IsNaN(f) &&
			!math.IsInf(f, 0)
		if ok {
			v.SetFloat(f)
		}
	default:
		panic(fmt.Sprintf("recipe: params cannot hold a %s", v.Type()))
	}
	if !ok {
		wrong(n, path, want, ms)
	}
}

func wrong(n *Value, path, want string, ms *Mistakes) {
	ms.Add(n.Pos, "", "%s: want %s, found %s", n.called(path), want, n.describe())
}

// called returns the name of a value for messages: its path, or its key.
func (n *Value) called(path string) string { return cmp.Or(path, n.key, "value") }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func in(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}
