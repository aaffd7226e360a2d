// Package doctor looks whether what assay needs of a machine works: the store, its file system, the
// clock, memory, and what is optional: Slurm, a remote, Landlock.
//
// Call [Look], and [Table] or JSON of what it returns. Each file checks one thing; checks.go has the list.
package doctor

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"assay/cmd/assay/internal/plain"
)

// A State says how a check ended.
type State string

// The states. Only Broken keeps assay from working.
const (
	OK     State = "ok"
	Note   State = "note"   // it works, but not as well as it could
	Broken State = "broken" // something that is needed does not work
	None   State = "none"   // it is not there, and not needed
)

// A Line is what one check found.
type Line struct {
	Check  string `json:"check"`
	State  State  `json:"state"`
	Found  string `json:"found"`
	Remedy string `json:"remedy,omitempty"` // what to mend
}

// A Patient is what is looked at.
type Patient struct {
	Store  string // the folder of the store, which need not exist
	Remote string // an address, or empty
}

// patience is how long a check may take that asks other programs or machines.
const patience = 30 * time.Second

// Look does all checks, one after the other.
func Look(ctx context.Context, p Patient) []Line {
	var out []Line
	for _, check := range checks() {
		bounded, cancel := context.WithTimeout(ctx, patience)
		out = append(out, check(bounded, p)...)
		cancel()
		if ctx.Err() != nil {
			break
		}
	}
	return out
}

// CountBroken counts what has to be mended.
func CountBroken(lines []Line) int {
	n := 0
	for _, l := range lines {
		if l.State == Broken {
			n++
		}
	}
	return n
}

// Table writes lines for people, each remedy below its line.
func Table(w io.Writer, lines []Line) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CHECK\tSTATE\tFOUND")
	for _, l := range lines {
		fmt.Fprintf(t, "%s\t%s\t%s\n", l.Check, l.State, plain.Printable(l.Found))
		if l.Remedy != "" {
			fmt.Fprintf(t, "\t\tto mend: %s\n", plain.Printable(l.Remedy))
		}
	}
	return t.Flush()
}
