// Package step is the contract between the engine and the work it runs.
//
// A step is a typed function from parameters and input trees to output trees. It does
// not know which recipe named it, where it runs or whether its result will be kept; the
// engine does not know what it computes. Call [Define] to make a [Kind] of a function;
// [Report] is how a running step reports progress.
//
// This package imports nothing but the standard library, and is the only part of the
// engine that a kind may import.
package step

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"unicode"
)

// A Kind is what a recipe names after "uses:": a function and its version.
type Kind struct {
	Name    string
	Version string     // part of every action key; raise it when output bytes change
	About   string     // one line for people
	Inputs  []Port     // nil if Open
	Outputs []Port     // nil if Open
	Open    bool       // the recipe names the ports; the params are a Porter
	Params  func() any // a pointer to a fresh params struct that holds the defaults

	run func(ctx context.Context, params any, in Inputs, out Outputs) error
}

// String returns "name@version", the kind's line in an action's text.
func (k *Kind) String() string { return k.Name + "@" + k.Version }

// Run executes the kind. params is what Params returned, decoded over.
func (k *Kind) Run(ctx context.Context, params any, in Inputs, out Outputs) error {
	return k.run(ctx, params, in, out)
}

// A Port is a named input or output of a kind, for an artifact.
type Port struct {
	Name  string
	About string
	Many  bool   // any number of artifacts, each with its labels
	Shard bool   // the tree may be cut into shards; the kind runs once per shard
	Match string // path.Match pattern: only these files of the tree are read; "" is all

	Optional bool // a recipe may leave it out; its field is then nil

	// Origin tells the kind which output each artifact is. The names of steps then are part of
	// the action's key, so only a kind that writes them down should have it.
	Origin bool
}

// Takes reports whether the port reads a file of an input tree.
func (p Port) Takes(name string) bool { return p.Match == "" || match(p.Match, name) }

// An Input is one artifact of a port of type []Input.
type Input struct {
	Labels Labels
	FS     fs.FS
	From   string // "eval.report", or a source's name; "" unless the port says origin
	Digest string // of the tree in hexadecimal; "" unless the port says origin
}

// Labels are the coordinates of the point of a matrix at which an input was made.
type Labels []Label

// A Label is one coordinate: axis "view", value "oracle".
type Label struct{ Axis, Value string }

// Get returns the value on an axis, or "".
func (l Labels) Get(axis string) string {
	for _, x := range l {
		if x.Axis == axis {
			return x.Value
		}
	}
	return ""
}

// String returns "hold=sample,view=oracle".
func (l Labels) String() string {
	var b strings.Builder
	for i, x := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(x.Axis)
		b.WriteByte('=')
		b.WriteString(x.Value)
	}
	return b.String()
}

// Inputs and Outputs are the opened artifacts of one execution, by port name.
type (
	Inputs  map[string][]Input
	Outputs map[string]*os.Root
)

// Checker is implemented by params whose mistakes their types cannot express. The error
// is shown beside the step's "with:" in the recipe.
type Checker interface{ Check() error }

// Porter is implemented by the params of open kinds, whose ports are named in
// the recipe: inputs by what "in:" connects, outputs by the params themselves.
type Porter interface {
	InPort(name string) Port
	OutPorts() []Port
}

// Define makes a Kind of an ordinary typed function.
//
// P is the params struct: its json tags are the keys of "with:", its doc tags
// are shown to people. The fields of I are [fs.FS], or []Input where a recipe
// may connect any number; the fields of O are *[os.Root]. A field's name in
// snake case is the port's name. An input field may carry a tag, of a [Port]'s
// shard, match (patterns of path.Match, with | between them), optional and origin:
//
//	Episodes fs.FS `step:"shard,match=*/*.tar.zst" doc:"the episode store"`
//
// A kind that takes whatever the recipe connects has [Inputs] as I and
// [Outputs] as O, and *P is a [Porter].
//
// Define panics if a type is not of this form: that is a mistake of the
// programmer, met by the first test of the kind.
func Define[P, I, O any](name, version, about string, defaults P, run func(context.Context, P, I, O) error) *Kind {
	rejectShared(reflect.TypeFor[P](), name)
	k := &Kind{
		Name: name, Version: version, About: about,
		Params: func() any {
			p := defaults
			unshare(reflect.ValueOf(&p).Elem())
			return &p
		},
		run: func(ctx context.Context, params any, in Inputs, out Outputs) error {
			p, ok := params.(*P)
			if !ok {
				return fmt.Errorf("kind %s: params are %T, want %T", name, params, p)
			}
			var i I
			var o O
			if err := fillInputs(reflect.ValueOf(&i).Elem(), in); err != nil {
				return fmt.Errorf("kind %s: %w", name, err)
			}
			if err := fillOutputs(reflect.ValueOf(&o).Elem(), out); err != nil {
				return fmt.Errorf("kind %s: %w", name, err)
			}
			return run(ctx, *p, i, o)
		},
	}
	if reflect.TypeFor[I]() == reflect.TypeFor[Inputs]() {
		if _, ok := k.Params().(Porter); !ok || reflect.TypeFor[O]() != reflect.TypeFor[Outputs]() {
			panic(fmt.Sprintf("step: kind %s is open: its params must be a Porter and its outputs step.Outputs", name))
		}
		k.Open = true
		return k
	}
	k.Inputs, k.Outputs = ports[I](fsType, manyType), ports[O](rootType, nil)
	return k
}

// fillInputs sets the fields of the kind's I, or all inputs at once if I is a map.
func fillInputs(v reflect.Value, in Inputs) error {
	if v.Kind() == reflect.Map {
		v.Set(reflect.ValueOf(in))
		return nil
	}
	for n := range v.NumField() {
		port := portOf(v.Type().Field(n))
		list := in[port.Name]
		switch {
		case port.Many:
			v.Field(n).Set(reflect.ValueOf(list))
		case len(list) == 1:
			v.Field(n).Set(reflect.ValueOf(list[0].FS))
		case len(list) > 1 || !port.Optional:
			return fmt.Errorf("input %s takes one artifact, got %d", port.Name, len(list))
		}
	}
	return nil
}

func fillOutputs(v reflect.Value, out Outputs) error {
	if v.Kind() == reflect.Map {
		v.Set(reflect.ValueOf(out))
		return nil
	}
	for n := range v.NumField() {
		port := portName(v.Type().Field(n).Name)
		root := out[port]
		if root == nil {
			return fmt.Errorf("output %s has no folder", port)
		}
		v.Field(n).Set(reflect.ValueOf(root))
	}
	return nil
}

var (
	fsType   = reflect.TypeFor[fs.FS]()
	manyType = reflect.TypeFor[[]Input]()
	rootType = reflect.TypeFor[*os.Root]()
)

func ports[T any](one, many reflect.Type) []Port {
	t := reflect.TypeFor[T]()
	list := make([]Port, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type != one && (many == nil || f.Type != many) {
			panic(fmt.Sprintf("step: field %s.%s is %s, want %s", t, f.Name, f.Type, one))
		}
		list = append(list, portOf(f))
	}
	return list
}

func portOf(f reflect.StructField) Port {
	p := Port{Name: portName(f.Name), About: f.Tag.Get("doc"), Many: f.Type == manyType}
	parseTag(&p, f.Tag.Get("step"))
	return p
}

// parseTag reads the options of a port. It panics on a mistake, since the tag is code.
func parseTag(p *Port, tag string) {
	if tag == "" {
		return
	}
	for _, opt := range strings.Split(tag, ",") {
		switch key, val, _ := strings.Cut(opt, "="); key {
		case "shard":
			p.Shard = true
		case "optional":
			p.Optional = true
		case "origin":
			p.Origin = true
		case "match":
			p.Match = val
			match(val, "") // panics now rather than at the first file
		default:
			panic(fmt.Sprintf("step: port %s: unknown option %q in its step tag", p.Name, opt))
		}
	}
}

// unshare gives v its own copies of its slices, so that decoding over one use's defaults
// cannot write into another's.
func unshare(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			unshare(v.Field(i))
		}
	case reflect.Slice:
		if !v.IsNil() {
			v.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v))
		}
		for i := range v.Len() {
			unshare(v.Index(i))
		}
	}
}

// rejectShared panics if a value of type t would share memory with its copies in
// a way that unshare does not undo.
func rejectShared(t reflect.Type, kind string) {
	switch t.Kind() {
	case reflect.Map, reflect.Interface, reflect.Pointer:
		panic(fmt.Sprintf("step: kind %s: params hold a %s; defaults must be plain values", kind, t))
	case reflect.Struct:
		for i := range t.NumField() {
			rejectShared(t.Field(i).Type, kind)
		}
	case reflect.Slice, reflect.Array:
		rejectShared(t.Elem(), kind)
	}
}

// portName turns a field's name into a port's: "WindowSet" is "window_set".
func portName(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
