package knn

import (
	"errors"
	"fmt"
	"io/fs"

	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

const (
	maxRows    = 1 << 24
	maxColumns = 1 << 12
	maxClasses = 1 << 10
	maxValues  = 1 << 28 // rows × columns: 1 GiB
	slackBytes = 2 << 20 // of a file of numbers beside the numbers
	mostSkew   = 1e-3    // see skew; float32 is below 1e-5
)

// checkSize returns an error for what a model cannot hold.
func checkSize(rows, columns int) error {
	switch {
	case rows < 1 || columns < 1:
		return fmt.Errorf("a model of neighbours needs rows and columns, got %d and %d", rows, columns)
	case rows > maxRows || columns > maxColumns || rows > maxValues/columns:
		return fmt.Errorf("%d rows of %d columns are too many for a model of neighbours: at most %d rows, %d columns "+
			"and %d values; train on fewer windows", rows, columns, maxRows, maxColumns, maxValues)
	}
	return nil
}

// Open reads a model that SaveTo wrote. It believes nothing: sizes are bounded and must fit
// each other, numbers are finite, and the sketches are made of the rows that are there, so
// that no file can make a search miss a neighbour.
func Open(fsys fs.FS) (*Model, error) {
	var d description
	if err := files.ReadJSON(fsys, File, &d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", File, err)
	}
	m, err := d.read(fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", RowsFile, err)
	}
	return m, nil
}

func (d *description) schema() model.Schema {
	return model.Schema{Features: d.Columns, Classes: d.Classes, Meaning: d.Meaning}
}

// check returns an error unless a description is one that SaveTo could have written.
func (d *description) check() error {
	if d.Format != formatVersion {
		return fmt.Errorf("the format is %d, this assay reads %d", d.Format, formatVersion)
	}
	if err := errors.Join(d.Params.Check(), checkSize(d.Rows, len(d.Columns))); err != nil {
		return err
	}
	if n := len(d.Classes); n < 1 || n > maxClasses {
		return fmt.Errorf("it has %d classes, want 1 to %d", n, maxClasses)
	}
	if h := d.schema().Hash(); h != d.Schema {
		return fmt.Errorf("the columns and classes have the schema %.12s, the file says %.12s; it was edited or "+
			"damaged; train again", h, d.Schema)
	}
	return nil
}

// read reads the numbers of a description that was checked.
func (d *description) read(fsys fs.FS) (*Model, error) {
	f, err := fsys.Open(RowsFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	columns := len(d.Columns)
	want := []safetensors.Tensor{
		{Name: "mean", Shape: []int{columns}}, {Name: "inverse", Shape: []int{columns}},
		{Name: "directions", Shape: []int{directionsOf(columns), columns}},
		{Name: "rows", Shape: []int{d.Rows, columns}}, {Name: "classes", Shape: []int{d.Rows}},
	}
	limit := int64(slackBytes) + 4*(int64(d.Rows+mostDirections+2)*int64(columns)+int64(d.Rows))
	got, err := safetensors.Read(f, limit)
	if err != nil {
		return nil, err
	}
	if err := safetensors.Match(got, want); err != nil {
		return nil, err
	}
	sc, directions, rows := scaler{got[0].Data, got[1].Data}, got[2].Data, got[3].Data
	if err := errors.Join(sc.check(), checkRows(rows)); err != nil {
		return nil, err
	}
	classes, err := classesOf(got[4].Data, len(d.Classes))
	if err != nil {
		return nil, err
	}
	return build(d.Params, d.schema(), sc, directions, rows, classes)
}
