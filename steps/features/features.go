// Package features is the kind "features": it reads the usable episodes of a
// validation index and writes the summary features of their windows. Call
// [Kind]; the numbers themselves are made in telemetry.Summarizer.
package features

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"assay/engine/step"
	"assay/steps/internal/dataset"
	"assay/steps/internal/telemetry"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("features", "1", "Summarize the windows of every usable episode", Defaults(), run)
}

// Params are the geometry of the windows.
type Params struct {
	Window step.Duration `json:"window" doc:"length of a window"`
	Stride step.Duration `json:"stride" doc:"distance between the starts of two windows"`
}

// Defaults returns the windows of the paper: 10 s, half overlapping.
func Defaults() Params {
	return Params{Window: step.Duration(10 * time.Second), Stride: step.Duration(5 * time.Second)}
}

// Check returns every mistake at once.
func (p *Params) Check() error {
	var errs []error
	if p.Window <= 0 {
		errs = append(errs, fmt.Errorf("window is %v, want more than 0s", time.Duration(p.Window)))
	}
	if p.Stride <= 0 {
		errs = append(errs, fmt.Errorf("stride is %v, want more than 0s", time.Duration(p.Stride)))
	}
	return errors.Join(errs...)
}

// In is what the kind reads.
type In struct {
	Episodes fs.FS `step:"shard,match=*/*.tar.zst" doc:"the episode store: <host>/<episode>.tar.zst"`
	Index    fs.FS `step:"shard" doc:"the validation index of the same store"`
}

// Out is what the kind writes.
type Out struct {
	Windows *os.Root `doc:"windows.parquet: one row a window, 46 channels × 5 statistics"`
}

// File is the name of the table in the output.
const File = "windows.parquet"

func run(ctx context.Context, p Params, in In, out Out) (err error) {
	index, err := dataset.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	index = usable(index)
	f, err := out.Windows.Create(File)
	if err != nil {
		return fmt.Errorf("windows: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := dataset.NewWindowsWriter(f, telemetry.FeatureNames(), telemetry.SchemaHash())
	if err := episodes(ctx, p, in.Episodes, index, w); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("windows: %w", err)
	}
	return nil
}

// usable keeps the rows that take part in a data set, in their order.
func usable(index []dataset.Episode) []dataset.Episode {
	list := make([]dataset.Episode, 0, len(index))
	for _, row := range index {
		if row.Status.Usable() {
			list = append(list, row)
		}
	}
	return list
}

func episodes(ctx context.Context, p Params, store fs.FS, index []dataset.Episode, w *dataset.WindowsWriter) error {
	limits := telemetry.DefaultLimits()
	reader, err := telemetry.NewReader(limits)
	if err != nil {
		return err
	}
	defer reader.Close()
	summary := telemetry.Summarizer{Window: p.Window.Seconds(), Stride: p.Stride.Seconds(), MaxWindows: limits.Windows}
	var signals telemetry.Signals
	report := step.Report(ctx)
	for i, row := range index {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := read(reader, store, row.Key)
		if err != nil {
			return err
		}
		signals.Load(e)
		windows, err := summary.Summarize(e, &signals)
		if err != nil {
			return fmt.Errorf("%w; lower max_duration of validate, or take a longer stride", err)
		}
		if err := w.Append(ref(row), windows.Center, classes(windows.Phase), windows.X); err != nil {
			return fmt.Errorf("windows of %s/%s: %w", row.Host, row.Episode, err)
		}
		report.Count("windows", len(windows.Center))
		report.Progress(i+1, len(index))
	}
	return nil
}

func read(r *telemetry.Reader, store fs.FS, k dataset.Key) (*telemetry.Episode, error) {
	e, err := r.Read(store, k.Host+"/"+k.Episode+telemetry.Suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: the index knows it, the episode store does not have it; validate this store again", err)
	case err != nil:
		return nil, fmt.Errorf("%w; validate this store again", err)
	}
	return e, nil
}

func ref(row dataset.Episode) dataset.EpisodeRef {
	return dataset.EpisodeRef{Key: row.Key, Profile: row.Profile, Sample: row.SampleName}
}

// classes turns phases into classes. A phase of no known name is clean, as in
// the original; validation lets no such label through.
func classes(phases []string) []int32 {
	list := make([]int32, len(phases))
	for i, p := range phases {
		list[i] = int32(max(0, dataset.PhaseIndex(p)))
	}
	return list
}
