package features

import (
	"errors"
	"fmt"
	"os"

	"assay/steps/kit/dataset"
	"assay/steps/kit/telemetry"
)

// The names of the tables in the outputs.
const (
	WindowsFile = "windows.parquet"
	VectorsFile = dataset.VectorsFile
)

// tables are the two tables while they are written.
type tables struct {
	cures telemetry.Cures
	files [2]*os.File
	w     *dataset.WindowsWriter
	v     *dataset.VectorsWriter
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
	cures := p.Cures.Telemetry()
	names := telemetry.FeatureNames()
	ofWindows := telemetry.Schema{Window: p.Window.Seconds(), Cures: cures}
	ofVectors := telemetry.Schema{Cures: cures}
	return &tables{
		cures: cures,
		files: [2]*os.File{windows, vectors},
		w:     dataset.NewWindowsWriter(windows, names, ofWindows.Hash()),
		v:     dataset.NewVectorsWriter(vectors, names, ofVectors.Hash()),
	}, nil
}

// windows adds the windows of an episode.
func (t *tables) windows(ref dataset.EpisodeRef, w telemetry.Windows) error {
	classes := make([]int32, len(w.Phase))
	for i, phase := range w.Phase {
		classes[i] = t.cures.Class(phase)
	}
	if err := t.w.Append(ref, w.Center, classes, w.X); err != nil {
		return fmt.Errorf("windows of %s/%s: %w", ref.Host, ref.Episode, err)
	}
	return nil
}

// vector adds an episode as a whole.
func (t *tables) vector(ref dataset.EpisodeRef, x []float32) error {
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
