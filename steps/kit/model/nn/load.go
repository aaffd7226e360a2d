package nn

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/files"
	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

const (
	maxWeights = 1 << 26 // numbers of a network that is read: 256 MiB
	maxHz      = 1e6
	slack      = 2 << 20 // bytes of a file of weights beside the weights
)

// Open reads a model that SaveTo wrote. It believes nothing: sizes are bounded and
// must fit each other, and every number must be finite.
func Open(fsys fs.FS) (*Model, error) {
	var d description
	if err := files.ReadJSON(fsys, File, &d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	net := New(d.Network, 0)
	if err := readWeights(fsys, net.saved()); err != nil {
		return nil, fmt.Errorf("%s: %w", WeightsFile, err)
	}
	return build(d.schema(), d.Hz, d.Epochs, net, d.Scaler), nil
}

func (d *description) schema() model.Schema {
	return model.Schema{Features: d.Columns, Classes: d.Classes, Meaning: d.Meaning}
}

// check returns an error unless a description is one that SaveTo could have written.
func (d *description) check() error {
	if d.Format != formatVersion {
		return fmt.Errorf("the format is %d, this assay reads %d", d.Format, formatVersion)
	}
	if err := d.Network.Check(); err != nil {
		return err
	}
	if d.Network.size() > maxWeights {
		return fmt.Errorf("the network has more than %d weights", maxWeights)
	}
	if d.Scaler == nil {
		return errors.New("the scaler is missing")
	}
	if err := d.Scaler.check(len(d.Columns)); err != nil {
		return err
	}
	switch n := d.Network; {
	case n.Inputs != d.Scaler.Inputs():
		return fmt.Errorf("the network has %d inputs, the scaler makes %d", n.Inputs, d.Scaler.Inputs())
	case n.Classes != len(d.Classes):
		return fmt.Errorf("the network has %d outputs for %d classes", n.Classes, len(d.Classes))
	case !(d.Hz >= 0 && d.Hz <= maxHz) || (d.Hz == 0) != (n.Family == MLP):
		return fmt.Errorf("hz is %v, which does not fit a %s", d.Hz, n.Family)
	case d.Epochs < 1:
		return fmt.Errorf("epochs is %d, want 1 or more", d.Epochs)
	}
	if h := d.schema().Hash(); h != d.Schema {
		return fmt.Errorf("the columns and classes have the schema %.12s, the file says %.12s; it was edited or damaged",
			h, d.Schema)
	}
	return nil
}

// size returns about how many weights a network has, without making them.
func (n Network) size() int {
	h := n.Hidden
	switch n.Family {
	case MLP:
		return h * (n.Inputs + h)
	case CNN:
		return taps * h * (n.Inputs + 2*h)
	case Transformer:
		return h * (n.Inputs + n.Points + 16*h)
	}
	return 4 * h * (n.Inputs + h)
}

// readWeights reads the weights of a network, all of them and no others.
func readWeights(fsys fs.FS, want []*weight) error {
	f, err := fsys.Open(WeightsFile)
	if err != nil {
		return err
	}
	defer f.Close()
	limit := int64(slack)
	shapes := make([]safetensors.Tensor, len(want))
	for i, w := range want {
		limit += int64(4 * w.rows * w.cols)
		shapes[i] = safetensors.Tensor{Name: w.name, Shape: w.shape}
	}
	got, err := safetensors.Read(f, limit)
	if err != nil {
		return err
	}
	if err := safetensors.Match(got, shapes); err != nil {
		return err
	}
	for i, w := range want {
		if slices.ContainsFunc(got[i].Data, func(x float32) bool { return !kernel.Finite(x) }) {
			return fmt.Errorf("tensor %s holds a number that is not finite", w.name)
		}
		w.set(got[i].Data)
	}
	return nil
}
