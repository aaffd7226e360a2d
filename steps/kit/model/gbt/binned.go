package gbt

import (
	"errors"
	"runtime/debug"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// Binned are rows to train on: of every value its bin, a byte, a quarter of what the value took.
// Several trainings may use them at once.
type Binned struct {
	schema model.Schema
	y      []int32
	bins   *bins
}

// Bin finds the bins of the columns of train, p.MaxBin of each at most, and those of the values. Columns
// and classes are those of s. Training does not need train.X any more: let go of it, since with many rows it is most
// of the memory.
//
// Bin fails on invalid params, schema or rows.
func Bin(p Params, s model.Schema, train model.Set) (*Binned, error) {
	if err := errors.Join(p.Check(), checkSchema(s), checkSet(train, s, "training")); err != nil {
		return nil, err
	}
	team := f32.NewTeam(p.Workers)
	defer team.Close()
	return &Binned{schema: s, y: train.Y, bins: newBins(train.X, len(s.Features), p.MaxBin, team)}, nil
}

// manyRows is from how many rows on memory that nobody uses any more is given back at once.
const manyRows = 100_000

// tidy gives back memory that nobody uses any more. By itself that happens only once there is as
// much of it as of what is in use.
func (b *bins) tidy() {
	if b.rows >= manyRows {
		debug.FreeOSMemory()
	}
}
