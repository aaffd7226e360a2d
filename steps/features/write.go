package features

import (
	"errors"
	"fmt"
	"os"

	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// The names of the tables in the outputs.
const (
	WindowsFile = "windows.parquet"
	VectorsFile = table.VectorsFile
)

// tables are the two tables while they are written.
type tables struct {
	files [2]*os.File
	w     *table.WindowsWriter
	v     *table.VectorsWriter
}

// newTables creates both files and writes the hash of the feature schema into each,
// so that a model refuses features that mean something else.
func newTables(p Params, out Out) (*tables, error) {
	windows, err := out.Windows.Create(WindowsFile)
	if err != nil {
		return nil, fmt.Errorf("windows: %w", err)
	}
	vectors, err := out.Vectors.Create(VectorsFile)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("vectors: %w", err), windows.Close())
	}
	cures := p.Cures.InSeconds()
	names := channel.FeatureNames()
	columns, ofWindows := names, channel.Schema{Window: p.Window.Seconds(), Cures: cures}
	if p.Context {
		columns, ofWindows.Context = channel.InContext(names, channel.Contexts()...), p.Stride.Seconds()
	}
	ofVectors := channel.Schema{Cures: cures}
	return &tables{
		files: [2]*os.File{windows, vectors},
		w:     table.NewWindowsWriter(windows, columns, ofWindows.Hash()),
		v:     table.NewVectorsWriter(vectors, names, ofVectors.Hash()),
	}, nil
}

// windows adds the windows of an episode.
func (t *tables) windows(ref table.EpisodeRef, w signal.Windows) error {
	if err := t.w.Append(ref, w.Center, w.Class, w.X); err != nil {
		return fmt.Errorf("windows of %s/%s: %w", ref.Host, ref.Episode, err)
	}
	return nil
}

// vector adds an episode as a whole.
func (t *tables) vector(ref table.EpisodeRef, x []float32) error {
	if err := t.v.Append(ref, x); err != nil {
		return fmt.Errorf("vector of %s/%s: %w", ref.Host, ref.Episode, err)
	}
	return nil
}

// finish writes what is buffered.
func (t *tables) finish() error {
	if err := t.w.Close(); err != nil {
		return fmt.Errorf("windows: %w", err)
	}
	if err := t.v.Close(); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	return nil
}

func (t *tables) close() error { return errors.Join(t.files[0].Close(), t.files[1].Close()) }
