// Package prediction holds the predictions of a model for the windows it was not trained
// on, the artifact of a trainer. Call [Write] and [Read]; [TestPart] checks predictions,
// also those made elsewhere, against a split and its windows.
package prediction

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// AboutFile is the file beside the table that says what made the predictions.
const AboutFile = "predictions.json"

// About says what made a set of predictions. It is the file predictions.json.
type About struct {
	Model    string   `json:"model"`    // see [ModelName]
	View     string   `json:"view"`     // realistic or oracle
	Rounds   int      `json:"rounds"`   // rounds or epochs of training up to the saved model
	Features int      `json:"features"` // columns it saw
	Schema   string   `json:"schema"`   // hash of the columns and classes
	Classes  []string `json:"classes"`  // in the order of the probabilities
}

// inContext marks the name of a model that reads causal context.
const inContext = " + context"

// ModelName returns what a model is called: its family, such as "gbt", and whether it reads causal
// context. A report tells models apart by it.
func ModelName(family string, context bool) string {
	if context {
		return family + inContext
	}
	return family
}

// Context reports whether the model, or one of those it is the average of, reads causal context.
func (a *About) Context() bool { return strings.HasSuffix(a.Model, inContext) }

// A Set is the predictions of a model for the windows it was not trained on.
type Set struct {
	About About
	Rows  []table.Prediction // in the order of part, then of the windows table
}

// Add appends the given rows of a windows table with their probabilities, K per row. It
// fails if their number does not fit.
func (p *Set) Add(w *table.Windows, part table.Part, rows []int, probs []float32) error {
	const k = channel.NumPhases
	if len(probs) != k*len(rows) {
		return fmt.Errorf("%d probabilities for %d windows of part %s, want %d for each", len(probs), len(rows), part,
			k)
	}
	for i, r := range rows {
		e := w.Episodes[w.Episode[r]]
		row := table.Prediction{
			Key: e.Key, Profile: e.Profile, Part: part, Center: w.Center[r], Phase: w.Phase[r],
			P: [k]float32(probs[i*k : (i+1)*k]),
		}
		row.Predicted = row.Best()
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// Write writes the two files of a predictions artifact into root. The same
// predictions are the same bytes.
func Write(root *os.Root, p *Set) error {
	if !slices.Equal(p.About.Classes, channel.Phases()) {
		return fmt.Errorf("predictions: the classes are %q, want %q", p.About.Classes, channel.Phases())
	}
	rows := func(w io.Writer) error { return table.WritePredictions(w, p.Rows) }
	if err := files.Write(root, table.PredictionsFile, rows); err != nil {
		return err
	}
	return files.WriteJSON(root, AboutFile, p.About)
}

// Read reads what [Write] wrote. It fails on the first inconsistent row and names it.
func Read(fsys fs.FS) (*Set, error) {
	p := &Set{}
	switch err := files.ReadJSON(fsys, AboutFile, &p.About); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf(`predictions: there is no %s; write one that says at least {"classes": [%s]}`,
			AboutFile, `"`+strings.Join(channel.Phases(), `", "`)+`"`)
	case err != nil:
		return nil, err
	}
	if !slices.Equal(p.About.Classes, channel.Phases()) {
		return nil, fmt.Errorf("%s: the classes are %q, want %q", AboutFile, p.About.Classes, channel.Phases())
	}
	var err error
	p.Rows, err = table.ReadPredictions(fsys)
	return p, err
}
