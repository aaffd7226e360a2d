package knn

import (
	"errors"
	"io"
	"os"

	"assay/steps/kit/files"
	"assay/steps/kit/model/safetensors"
)

// The files of a saved model.
const (
	File     = "neighbours.json"        // what the model is
	RowsFile = "neighbours.safetensors" // its numbers, see [Model.Tensors]
)

// formatVersion is that of neighbours.json.
const formatVersion = 1

// A description is the file neighbours.json.
type description struct {
	Format  int      `json:"format"`
	Params  Params   `json:"params"`
	Rows    int      `json:"rows"`
	Schema  string   `json:"schema"` // hash of the next three
	Meaning string   `json:"meaning"`
	Classes []string `json:"classes"`
	Columns []string `json:"columns"`
}

// SaveTo implements [model.Saver].
func (m *Model) SaveTo(root *os.Root) error {
	d := description{
		Format: formatVersion, Params: m.Params, Rows: m.Rows(),
		Schema: m.Hash(), Meaning: m.Meaning, Classes: m.Classes, Columns: m.Features,
	}
	return errors.Join(
		files.WriteJSON(root, File, d),
		files.Write(root, RowsFile, func(w io.Writer) error { return safetensors.Write(w, m.Tensors()) }),
	)
}

// Tensors returns the numbers of the model: mean and inverse [F], with which windows are
// standardised; directions [D, F] of the sketches; rows [N, F], the standardised windows
// of the training part; and classes [N], theirs, as numbers. They must not be changed.
func (m *Model) Tensors() []safetensors.Tensor {
	columns := len(m.Features)
	classes := make([]float32, len(m.classes))
	for i, k := range m.classes {
		classes[i] = float32(k)
	}
	return []safetensors.Tensor{
		{Name: "mean", Shape: []int{columns}, Data: m.scaler.mean},
		{Name: "inverse", Shape: []int{columns}, Data: m.scaler.inverse},
		{Name: "directions", Shape: []int{directionsOf(columns), columns}, Data: m.directions},
		{Name: "rows", Shape: []int{m.Rows(), columns}, Data: m.index.rows},
		{Name: "classes", Shape: []int{m.Rows()}, Data: classes},
	}
}
