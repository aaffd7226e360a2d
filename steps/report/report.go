// Package report is the kind "report": it gathers evaluations into one page, tables for
// papers and spreadsheets, figures, and a table for the terminal. Call [Kind]; read
// results.go first, which arranges the evaluations, then section.go: the page is a list of
// sections, a file each.
//
// Names of hosts, profiles and reasons come from the recorded data and are not to be
// trusted: text.go makes them safe to show, and html/template escapes them.
package report

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/internal/results"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("report", "2",
		"Gather evaluations into one self-contained page, tables and figures",
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
	Evals      []step.Input `step:"origin" doc:"evaluations, one per split, view, model and seed"`
	Index      fs.FS        `doc:"the validation index"`
	Comparison fs.FS        `step:"optional,match=comparison.json" doc:"the output of compare: which differences are real"`
	Models     []step.Input `step:"optional,origin,match=training.json|model.json" doc:"models: how their training went, and what trees look at"`
	Profiles   fs.FS        `step:"optional,match=attack_profiles_v1.parquet" doc:"the output of profiles: what attacks look like"`
	Recipe     []step.Input `step:"optional,origin" doc:"sources that hold the text of the recipe, to print it"`
}

// Out is what the kind writes.
type Out struct {
	Page *os.Root `doc:"report.html, summary.txt, tables as CSV and LaTeX, and figures/ as SVG and PNG"`
}

// run reads everything, then writes the page and what goes into a paper.
func run(ctx context.Context, p Params, in In, out Out) error {
	d, err := newDocument(p, in)
	if err != nil {
		return err
	}
	list, err := d.build()
	if err != nil {
		return err
	}
	step.Report(ctx).Count("evaluations", len(in.Evals))
	return errors.Join(
		files.Write(out.Page, "report.html", pageOf(d, list).write),
		files.Write(out.Page, "summary.txt", d.writeSummary),
		writeTables(out.Page, d),
		writeFigures(out.Page, list),
	)
}

// newDocument reads the inputs.
func newDocument(p Params, in In) (*document, error) {
	r, err := results.Collect(in.Evals, in.Comparison)
	if err != nil {
		return nil, err
	}
	index, err := table.ReadIndex(in.Index)
	if err != nil {
		return nil, err
	}
	d := &document{Params: p, Results: r, Validation: newValidation(index, p.Listed)}
	if d.Trained, err = readModels(in.Models); err != nil {
		return nil, err
	}
	if d.Profiles, err = readProfiles(in.Profiles); err != nil {
		return nil, err
	}
	d.Recipe, err = readRecipe(in.Recipe)
	return d, err
}
