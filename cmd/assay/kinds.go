package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/engine/recipe"
	"assay/engine/step"
	"assay/steps"
)

func newKinds() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "list the kinds of steps, or describe one",
		Long: `kinds lists what a step may say after "uses:". Given a kind, it describes it: what
comes in and goes out, and every parameter with its type and default.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{errors.New("kinds takes one kind, or none to list them all")}
			}
			var list []kindDoc
			var names []string
			for _, k := range steps.All() {
				names = append(names, k.Name)
				if len(args) == 0 || args[0] == k.Name {
					list = append(list, describeKind(k))
				}
			}
			if len(list) == 0 {
				return &usageError{fmt.Errorf("no kind %q (%s)", args[0], recipe.Suggest(args[0], names))}
			}
			out := c.OutOrStdout()
			switch {
			case asJSON && len(args) == 1:
				return printJSON(out, list[0])
			case asJSON:
				return printJSON(out, list)
			case len(args) == 1:
				return list[0].print(out)
			}
			return printKinds(out, list)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// A kindDoc is what people and editors are told of a kind.
type kindDoc struct {
	Name    string     `json:"name"`
	Version string     `json:"version"`
	About   string     `json:"about"`
	Open    bool       `json:"open,omitempty"` // the recipe names the ports
	Inputs  []portDoc  `json:"inputs"`
	Outputs []portDoc  `json:"outputs"`
	Params  []paramDoc `json:"params"`
}

type portDoc struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Many  bool   `json:"many,omitempty"`
	Shard bool   `json:"shard,omitempty"`
	Match string `json:"match,omitempty"`

	Optional bool `json:"optional,omitempty"`
}

// A paramDoc is a parameter. One that is a map has the parameters in it.
type paramDoc struct {
	Name    string          `json:"name"`
	Type    string          `json:"type"`
	Default json.RawMessage `json:"default,omitempty"`
	Doc     string          `json:"doc"`
	OneOf   []string        `json:"oneof,omitempty"`
	Params  []paramDoc      `json:"params,omitempty"`

	of reflect.Type
}

func describeKind(k *step.Kind) kindDoc {
	return kindDoc{
		Name: k.Name, Version: k.Version, About: k.About, Open: k.Open,
		Inputs: describePorts(k.Inputs), Outputs: describePorts(k.Outputs),
		Params: describeParams(reflect.ValueOf(k.Params()).Elem()),
	}
}

func describePorts(ports []step.Port) []portDoc {
	list := []portDoc{}
	for _, p := range ports {
		list = append(list, portDoc{p.Name, p.About, p.Many, p.Shard, p.Match, p.Optional})
	}
	return list
}

// describeParams describes the fields of a params struct, whose values are the
// defaults.
func describeParams(v reflect.Value) []paramDoc {
	list := []paramDoc{}
	for _, f := range step.Fields(v) {
		t := f.Value.Type()
		p := paramDoc{Name: f.Key, Type: typeName(t), Doc: f.Doc, OneOf: f.OneOf, of: t}
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

// typeName returns the word for a type of parameter. They are the types that
// recipe.Decode knows.
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

func printKinds(w io.Writer, list []kindDoc) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tVERSION\tINPUTS\tOUTPUTS\tABOUT")
	for _, k := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", k.Name, k.Version, k.portNames(k.Inputs), k.portNames(k.Outputs),
			k.About)
	}
	return t.Flush()
}

func (k kindDoc) portNames(ports []portDoc) string {
	if k.Open {
		return "(any)"
	}
	var names []string
	for _, p := range ports {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

func (k kindDoc) print(w io.Writer) error {
	fmt.Fprintf(w, "%s, version %s: %s\n", k.Name, k.Version, k.About)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if k.Open {
		fmt.Fprintln(t, "\nThe recipe names the inputs, and the outputs by its parameters.")
	} else {
		fmt.Fprintln(t, "\nINPUT\tTAKES\tABOUT")
		for _, p := range k.Inputs {
			fmt.Fprintf(t, "%s\t%s\t%s\n", p.Name, p.takes(), p.About)
		}
		fmt.Fprintln(t, "\nOUTPUT\tABOUT")
		for _, p := range k.Outputs {
			fmt.Fprintf(t, "%s\t%s\n", p.Name, p.About)
		}
	}
	if len(k.Params) > 0 {
		fmt.Fprintln(t, "\nPARAMETER\tTYPE\tDEFAULT\tABOUT")
		printParams(t, k.Params, "")
	} else {
		fmt.Fprintln(t, "\nIt has no parameters.")
	}
	return t.Flush()
}

// takes says what may be connected to an input.
func (p portDoc) takes() string {
	list := []string{"one artifact"}
	if p.Many {
		list[0] = "any number"
	}
	if p.Optional {
		list = append(list, "or none")
	}
	if p.Match != "" {
		list = append(list, "only "+p.Match)
	}
	if p.Shard {
		list = append(list, "in shards")
	}
	return strings.Join(list, ", ")
}

func printParams(w io.Writer, list []paramDoc, prefix string) {
	for _, p := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", prefix+p.Name, p.takes(), p.defaultText(), p.Doc)
		printParams(w, p.Params, prefix+p.Name+".")
	}
}

// takes says what values a parameter has.
func (p paramDoc) takes() string {
	if len(p.OneOf) > 0 {
		return strings.Join(p.OneOf, " | ")
	}
	return p.Type
}

// defaultText is the default as a recipe would say it.
func (p paramDoc) defaultText() string {
	var s string
	if json.Unmarshal(p.Default, &s) == nil && s != "" {
		return s
	}
	return string(p.Default)
}

// printJSON writes a value as JSON in which "<host>" stays readable.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
