package rocket

import (
	"errors"
	"io"
	"os"

	"assay/steps/kit/files"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/safetensors"
)

// The files of a saved model.
const (
	File        = "rocket.json"        // what the model is
	WeightsFile = "rocket.safetensors" // its numbers: biases F, weights K × F, intercepts K
)

// formatVersion is that of rocket.json.
const formatVersion = 1

// A description is the file rocket.json.
type description struct {
	Format   int        `json:"format"`
	Hz       float64    `json:"hz"`     // points a second
	Schema   string     `json:"schema"` // hash of the next three
	Meaning  string     `json:"meaning"`
	Classes  []string   `json:"classes"`
	Columns  []string   `json:"columns"` // channels
	Scaler   *nn.Scaler `json:"scaler"`
	Features int        `json:"features"`
	Plan     *plan      `json:"convolutions"`
}

// The tensors, in the order of the file. A bias is in units of the scaled inputs: a multiple of
// 1/512.
const (
	biasesName     = "biases"
	weightsName    = "weights"
	interceptsName = "intercepts"
)

// SaveTo implements [model.Saver].
func (m *Model) SaveTo(root *os.Root) error {
	d := description{
		Format: formatVersion, Hz: m.Hz, Schema: m.Hash(), Meaning: m.Meaning, Classes: m.Classes, Columns: m.Features,
		Scaler: m.scaler, Features: len(m.biases), Plan: m.plan,
	}
	biases := make([]float32, len(m.biases))
	for i, b := range m.biases {
		biases[i] = float32(b) / unit
	}
	tensors := []safetensors.Tensor{
		{Name: biasesName, Shape: []int{len(biases)}, Data: biases},
		{Name: weightsName, Shape: []int{len(m.Classes), len(biases)}, Data: m.linear.weights},
		{Name: interceptsName, Shape: []int{len(m.Classes)}, Data: m.linear.intercepts},
	}
	return errors.Join(
		files.WriteJSON(root, File, d),
		files.Write(root, WeightsFile, func(w io.Writer) error { return safetensors.Write(w, tensors) }),
	)
}
