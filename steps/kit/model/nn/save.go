package nn

import (
	"errors"
	"io"
	"os"

	"assay/steps/kit/files"
	"assay/steps/kit/model/safetensors"
)

// The files of a saved model.
const (
	File        = "network.json"      // what the model is
	WeightsFile = "model.safetensors" // its weights, by the names and shapes of PyTorch's modules
)

// formatVersion is that of network.json.
const formatVersion = 1

// A description is the file network.json.
type description struct {
	Format  int      `json:"format"`
	Network Network  `json:"network"`
	Epochs  int      `json:"epochs"` // of training, up to the saved one
	Hz      float64  `json:"hz"`     // points a second; 0 for summaries
	Schema  string   `json:"schema"` // hash of the next three
	Meaning string   `json:"meaning"`
	Classes []string `json:"classes"`
	Columns []string `json:"columns"` // channels, or features
	Scaler  *Scaler  `json:"scaler"`
}

// SaveTo implements [model.Saver].
func (m *Model) SaveTo(root *os.Root) error {
	d := description{
		Format: formatVersion, Network: m.net.Network, Epochs: m.Epochs, Hz: m.Hz,
		Schema: m.Hash(), Meaning: m.Meaning, Classes: m.Classes, Columns: m.Features, Scaler: m.scaler,
	}
	return errors.Join(
		files.WriteJSON(root, File, d),
		files.Write(root, WeightsFile, func(w io.Writer) error { return safetensors.Write(w, m.Weights()) }),
	)
}

// Weights returns copies of all weights, by the names and shapes of PyTorch's modules.
func (m *Model) Weights() []safetensors.Tensor {
	var list []safetensors.Tensor
	for _, w := range m.net.saved() {
		list = append(list, safetensors.Tensor{Name: w.name, Shape: w.shape, Data: w.tensor()})
	}
	return list
}
