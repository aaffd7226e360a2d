package logistic

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"assay/steps/kit/files"
	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
)

// File is the name of the model's file in an artifact.
const File = "logistic.json"

const (
	formatVersion = 1
	maxFeatures   = 1 << 20
)

// A description is the file logistic.json.
type description struct {
	Format     int         `json:"format"`
	Iterations int         `json:"iterations"`
	Schema     string      `json:"schema"` // hash of the next three
	Meaning    string      `json:"meaning"`
	Classes    []string    `json:"classes"`
	Features   []string    `json:"features"`
	Scaler     *Scaler     `json:"scaler"`
	Weights    [][]float32 `json:"weights"` // K×F, of the scaled features
	Biases     []float32   `json:"biases"`  // K
}

// SaveTo implements [model.Saver].
func (m *Model) SaveTo(root *os.Root) error {
	features, classes := len(m.Features), len(m.Classes)
	d := description{
		Format: formatVersion, Iterations: m.Iterations,
		Schema: m.Hash(), Meaning: m.Meaning, Classes: m.Classes, Features: m.Features,
		Scaler: m.scaler, Biases: m.weights[features*classes:],
	}
	for k := range classes {
		row := make([]float32, features)
		for f := range row {
			row[f] = m.weights[f*classes+k]
		}
		d.Weights = append(d.Weights, row)
	}
	return files.WriteJSON(root, File, d)
}

// Open reads a model that SaveTo wrote. It believes nothing: sizes must fit each other, and
// every number must be finite.
func Open(fsys fs.FS) (*Model, error) {
	var d description
	if err := files.ReadJSON(fsys, File, &d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	m := &Model{Schema: d.schema(), Iterations: d.Iterations, scaler: d.Scaler}
	for f := range d.Features {
		for k := range d.Classes {
			m.weights = append(m.weights, d.Weights[k][f])
		}
	}
	m.weights = append(m.weights, d.Biases...)
	return m, nil
}

func (d *description) schema() model.Schema {
	return model.Schema{Features: d.Features, Classes: d.Classes, Meaning: d.Meaning}
}

// check returns an error unless a description is one that SaveTo could have written.
func (d *description) check() error {
	features, classes := len(d.Features), len(d.Classes)
	switch {
	case d.Format != formatVersion:
		return fmt.Errorf("the format is %d, this assay reads %d", d.Format, formatVersion)
	case features < 1 || features > maxFeatures:
		return fmt.Errorf("it has %d features, want 1 to %d", features, maxFeatures)
	case classes < 2 || classes > maxClasses:
		return fmt.Errorf("it has %d classes, want 2 to %d", classes, maxClasses)
	case d.Iterations < 0:
		return fmt.Errorf("iterations is %d, want 0 or more", d.Iterations)
	case d.Scaler == nil:
		return errors.New("the scaler is missing")
	case len(d.Weights) != classes || len(d.Biases) != classes:
		return fmt.Errorf("it has weights of %d classes and %d biases for %d classes", len(d.Weights), len(d.Biases), classes)
	}
	if err := d.Scaler.check(features); err != nil {
		return err
	}
	for k, row := range append(slices.Clone(d.Weights), d.Biases) {
		if k < classes && len(row) != features {
			return fmt.Errorf("class %d has %d weights for %d features", k, len(row), features)
		}
		if slices.ContainsFunc(row, func(x float32) bool { return !kernel.Finite(x) }) {
			return errors.New("a weight or bias is not a finite number")
		}
	}
	if h := d.schema().Hash(); h != d.Schema {
		return fmt.Errorf("the features and classes have the schema %.12s, the file says %.12q; it was edited or damaged",
			h, d.Schema)
	}
	return nil
}
