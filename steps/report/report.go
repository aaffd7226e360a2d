// Package report is the kind "report": it gathers evaluations into one page, one table
// for the terminal, one for a spreadsheet and one for LaTeX. Call [Kind]; read
// collect.go first, which arranges the evaluations as splits by views.
//
// Names of hosts, profiles and reasons come from the recorded data and are not to be
// trusted: text.go makes them safe to show, and html/template escapes them.
package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("report", "1",
		"Gather evaluations into one self-contained page and tables",
		Params{Title: "Held-out evaluation", Listed: 300}, run)
}

// Params are the parameters of the kind.
type Params struct {
	Title  string `json:"title" doc:"heading of the page"`
	Listed int    `json:"listed" doc:"maximum number of episodes to list that were not accepted"`
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	if p.Title == "" {
		return errors.New("title is empty, want a heading for the page")
	}
	if p.Listed < 0 || p.Listed > 100_000 {
		return fmt.Errorf("listed is %d, want 0 to 100000", p.Listed)
	}
	return nil
}

// In is what the kind reads.
type In struct {
	Evals []step.Input `doc:"evaluations, one per split, view and model"`
	Index fs.FS        `doc:"the validation index"`
}

// Out is what the kind writes.
type Out struct {
	Page *os.Root `doc:"report.html, summary.txt, metrics.csv and metrics.tex"`
}

// run reads the evaluations and the index and writes them in four forms.
func run(ctx context.Context, p Params, in In, out Out) error {
	all, err := collect(in.Evals)
	if err != nil {
		return err
	}
	index, err := table.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	pg, err := newPage(p, all, newValidation(index, p.Listed))
	if err != nil {
		return err
	}
	step.Report(ctx).Count("evaluations", len(in.Evals))
	write := func(name string, f func(io.Writer) error) error { return files.Write(out.Page, name, f) }
	return errors.Join(
		write("report.html", pg.write),
		write("summary.txt", all.writeSummary),
		files.WriteCSV(out.Page, "metrics.csv", all.csvRows()),
		write("metrics.tex", all.writeTeX),
	)
}
