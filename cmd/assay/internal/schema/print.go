package schema

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print lists kinds, one per line.
func Print(w io.Writer, list []Kind) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tVERSION\tINPUTS\tOUTPUTS\tABOUT")
	for _, k := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", k.Name, k.Version, k.portNames(k.Inputs), k.portNames(k.Outputs),
			k.About)
	}
	return t.Flush()
}

func (k Kind) portNames(ports []Port) string {
	if k.Open {
		return "(any)"
	}
	var names []string
	for _, p := range ports {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// Print writes the full description of the kind.
func (k Kind) Print(w io.Writer) error {
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
func (p Port) takes() string {
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

func printParams(w io.Writer, list []Param, prefix string) {
	for _, p := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", prefix+p.Name, p.takes(), p.defaultText(), p.Doc)
		printParams(w, p.Params, prefix+p.Name+".")
	}
}

// takes says which values a parameter may have.
func (p Param) takes() string {
	if len(p.OneOf) > 0 {
		return strings.Join(p.OneOf, " | ")
	}
	return p.Type
}

// defaultText returns the default as one would write it in a recipe.
func (p Param) defaultText() string {
	var s string
	if json.Unmarshal(p.Default, &s) == nil && s != "" {
		return s
	}
	return string(p.Default)
}
