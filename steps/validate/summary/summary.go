// Package summary is the kind "validate/summary": it counts a validation index,
// for people. Call [Kind]; what is counted is in count.go.
package summary

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("validate/summary", "1", "Count the verdicts of a validation index and the reasons for them",
		Params{}, run)
}

// Params: there are none.
type Params struct{}

// In is what the kind reads.
type In struct {
	Index fs.FS `doc:"the validation index"`
}

// Out is what the kind writes.
type Out struct {
	Summary *os.Root `doc:"summary.txt: two tables for a terminal; summary.csv: host, profile, status, reason, episodes, times"`
}

// The names of the files in the output.
const (
	TextFile = "summary.txt"
	CSVFile  = "summary.csv"
)

// run counts the index and writes both forms of the summary.
func run(ctx context.Context, _ Params, in In, out Out) error {
	index, err := table.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c := count(index)
	text := func(w io.Writer) error { _, err := io.WriteString(w, c.text()); return err }
	return errors.Join(files.Write(out.Summary, TextFile, text), files.WriteCSV(out.Summary, CSVFile, c.csvRows()))
}
