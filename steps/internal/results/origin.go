package results

import (
	"strings"

	"assay/engine/step"
)

// NodeOf returns the node that made an input and the output it is, as targets of the
// command line: "eval[hold=sample,view=oracle]" and "report". Both are "" if unknown; the
// output is "" of a source.
func NodeOf(in step.Input) (node, output string) {
	node, output, _ = strings.Cut(in.From, ".")
	if node != "" && len(in.Labels) > 0 {
		node += "[" + in.Labels.String() + "]"
	}
	return node, output
}

// Quoted returns a word for a shell.
func Quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
