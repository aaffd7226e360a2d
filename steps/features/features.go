// Package features is the kind "features": it reads the usable episodes of a validation
// index and writes the summary features of their windows, and of each whole episode.
// Call [Kind]; write.go is what it writes, and signal.Summarizer computes the
// numbers.
package features

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"assay/engine/step"
	"assay/steps/internal/cures"
	"assay/steps/kit/episode"
	"assay/steps/kit/parquet"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("features", "3", "Summarize every usable episode, and its windows", Defaults(), run)
}

// Params are the geometry of the windows, and which quirks of the original are
// corrected.
type Params struct {
	Window step.Duration `json:"window" doc:"length of a window"`
	Stride step.Duration `json:"stride" doc:"distance between the starts of two windows"`
	Cures  cures.Params  `json:"cures" doc:"quirks of the original to correct; by default none"`

	// Off, it leaves no trace in an action.
	Context bool `json:"context,omitempty" doc:"give each value of a window its causal context too: its change since the window before, and its distance to the mean and to the maximum of the episode's windows so far"`
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
	return errors.Join(append(errs, p.Cures.Check())...)
}

// In is what the kind reads.
type In struct {
	Episodes fs.FS `step:"shard,match=*/*.tar.zst" doc:"the episode store: <host>/<episode>.tar.zst"`
	Index    fs.FS `step:"shard" doc:"the validation index of the same store"`
}

// Out is what the kind writes.
type Out struct {
	Windows *os.Root `doc:"windows.parquet: one row per window, 46 channels × 5 statistics; with context four columns for each of these"`
	Vectors *os.Root `doc:"vectors.parquet: one row per episode, the same features over all of it"`
}

// run reads the index of this shard and writes both tables. They are closed whatever
// happens.
func run(ctx context.Context, p Params, in In, out Out) (err error) {
	index, err := table.ReadIndex(in.Index)
	if errors.Is(err, parquet.ErrNoTable) {
		return fmt.Errorf(`%w for this shard; an index in one file needs "shards: 1" in the recipe`, err)
	}
	if err != nil {
		return err
	}
	w, err := newTables(p, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := episodes(ctx, p, in.Episodes, usable(index), w); err != nil {
		return err
	}
	return w.finish()
}

// usable lists the episodes that are used, in their order. The index says much more of
// them, and may be long: it is not kept.
func usable(index []table.Episode) []table.EpisodeRef {
	list := make([]table.EpisodeRef, 0, len(index))
	for _, row := range index {
		if row.Status.Usable() {
			list = append(list, table.EpisodeRef{Key: row.Key, Profile: row.Profile, Sample: row.SampleName})
		}
	}
	return list
}

// episodes reads each usable episode and writes its windows and its vector. It needs the
// memory of one episode: signals are reused for the next.
func episodes(ctx context.Context, p Params, store fs.FS, list []table.EpisodeRef, w *tables) error {
	limits := episode.DefaultLimits()
	// Validation has read these very bytes: the index is of this store, whose files
	// the engine knows by their digests.
	reader, err := episode.NewTrustingReader(limits)
	if err != nil {
		return err
	}
	defer reader.Close()
	summary := signal.Summarizer{Window: p.Window.Seconds(), Stride: p.Stride.Seconds(), MaxWindows: limits.Windows,
		Unknown: p.Context}
	signals := signal.Set{Cures: p.Cures.InSeconds()}
	report := step.Report(ctx)
	past := newPast(p.Context)
	short := shorter{window: p.Window}
	defer short.tell(report)
	for i, ref := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := read(reader, store, ref.Key)
		if err != nil {
			return err
		}
		signals.Load(e)
		windows, err := summary.Summarize(e, &signals)
		if err != nil {
			return fmt.Errorf("%w; lower max_duration of validate, or take a longer stride", err)
		}
		windows = past.add(windows)
		if err := w.windows(ref, windows); err != nil {
			return err
		}
		if err := w.vector(ref, summary.Vector(e, &signals)); err != nil {
			return err
		}
		short.add(len(windows.Center))
		report.Count("windows", len(windows.Center))
		report.Progress(i+1, len(list))
	}
	return nil
}

// A shorter counts the episodes in which no window fits.
type shorter struct {
	window     step.Duration
	episodes   int
	windowless int
}

func (s *shorter) add(windows int) {
	s.episodes++
	if windows == 0 {
		s.windowless++
	}
}

// tell warns if no episode has a window. A table without windows is easily mistaken for
// a split without episodes by whoever trains on it.
func (s *shorter) tell(r step.Reporter) {
	if s.windowless > 0 {
		r.Count("episodes shorter than a window", s.windowless)
	}
	if s.windowless == s.episodes && s.episodes > 0 {
		r.Warnf("a window of %v is longer than every episode of a shard, so the shard has no windows; take a shorter window",
			time.Duration(s.window)) // the same text for every shard, so it is shown once
	}
}

func read(r *episode.Reader, store fs.FS, k table.Key) (*episode.Episode, error) {
	e, err := r.Read(store, k.Host+"/"+k.Episode+episode.Suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: the index knows it, the episode store does not have it; validate this store again",
			err)
	case err != nil:
		return nil, fmt.Errorf("%w; validate this store again", err)
	}
	return e, nil
}
