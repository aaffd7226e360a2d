package rocket

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

const (
	mostValues  = 1 << 24 // of a window
	mostClasses = 64
	mostWeight  = 1e12 // with which no logit overflows
	maxHz       = 1e6
	slack       = 2 << 20 // bytes of a file of numbers beside the numbers
)

// Open reads a model that SaveTo wrote. It believes nothing: sizes are bounded and must fit each
// other, and every number must be finite.
func Open(fsys fs.FS) (*Model, error) {
	var d description
	if err := files.ReadJSON(fsys, File, &d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	tensors, err := d.readNumbers(fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", WeightsFile, err)
	}
	biases, err := integers(tensors[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", WeightsFile, err)
	}
	return newModel(d.schema(), d.Hz, d.Scaler, d.Plan, biases, linear{tensors[1], tensors[2]}), nil
}

func (d *description) schema() model.Schema {
	return model.Schema{Features: d.Columns, Classes: d.Classes, Meaning: d.Meaning}
}

// check returns an error unless a description is one that SaveTo could have written.
func (d *description) check() error {
	if d.Format != formatVersion {
		return fmt.Errorf("the format is %d, this assay reads %d", d.Format, formatVersion)
	}
	if d.Scaler == nil || d.Plan == nil {
		return errors.New("the scaler or the convolutions are missing")
	}
	if err := errors.Join(d.Scaler.Check(len(d.Columns)), d.Plan.check()); err != nil {
		return err
	}
	switch {
	case d.Plan.Inputs != d.Scaler.Inputs():
		return fmt.Errorf("the convolutions have %d inputs, the scaler makes %d", d.Plan.Inputs, d.Scaler.Inputs())
	case d.Plan.features() != d.Features:
		return fmt.Errorf("the convolutions have %d features, the file says %d", d.Plan.features(), d.Features)
	case len(d.Classes) < 1 || len(d.Classes) > mostClasses:
		return fmt.Errorf("there are %d classes, want 1 to %d", len(d.Classes), mostClasses)
	case !(d.Hz > 0 && d.Hz <= maxHz):
		return fmt.Errorf("hz is %v, want a number above 0 and up to %v", d.Hz, float64(maxHz))
	}
	if h := d.schema().Hash(); h != d.Schema {
		return fmt.Errorf("the columns and classes have the schema %.12s, the file says %.12s; it was edited or damaged",
			h, d.Schema)
	}
	return nil
}

// readNumbers reads the tensors, all of them and no others.
func (d *description) readNumbers(fsys fs.FS) ([][]float32, error) {
	f, err := fsys.Open(WeightsFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	classes := len(d.Classes)
	want := []safetensors.Tensor{
		{Name: biasesName, Shape: []int{d.Features}},
		{Name: weightsName, Shape: []int{classes, d.Features}},
		{Name: interceptsName, Shape: []int{classes}},
	}
	got, err := safetensors.Read(f, slack+4*int64(d.Features+classes*d.Features+classes))
	if err != nil {
		return nil, err
	}
	if err := safetensors.Match(got, want); err != nil {
		return nil, err
	}
	var list [][]float32
	for _, t := range got {
		if slices.ContainsFunc(t.Data, func(x float32) bool { return !(math.Abs(float64(x)) <= mostWeight) }) {
			return nil, fmt.Errorf("tensor %s holds a number that is not finite, or larger than %v", t.Name,
				float64(mostWeight))
		}
		list = append(list, t.Data)
	}
	return list, nil
}

// integers returns biases as the integers that they stand for.
func integers(biases []float32) ([]int32, error) {
	list := make([]int32, len(biases))
	for i, b := range biases {
		n := float64(float64(b) * unit)
		if n != math.Floor(n) || math.Abs(n) > reach {
			return nil, fmt.Errorf("bias %d is %v; want a multiple of 1/%d between %v and %v", i, b, unit,
				-float64(reach)/unit, float64(reach)/unit)
		}
		list[i] = int32(n)
	}
	return list, nil
}
