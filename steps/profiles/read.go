package profiles

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"assay/engine/step"
	"assay/steps/kit/episode"
	"assay/steps/kit/profile"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// A reader turns episodes into curves.
type reader struct {
	episodes *episode.Reader
	store    fs.FS
	signals  signal.Set
	aligner  profile.Aligner

	report      step.Reporter
	done, total int
}

func newReader(p *Params, store fs.FS, report step.Reporter, total int) (*reader, error) {
	layout, err := profile.NewLayout(p.Points)
	if err != nil {
		return nil, err
	}
	// Validation has read these very bytes: the index is of this store, whose files
	// the engine knows by their digests.
	episodes, err := episode.NewTrustingReader(episode.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return &reader{
		episodes: episodes, store: store, signals: signal.Set{Cures: p.Cures.InSeconds()},
		aligner: profile.Aligner{Layout: layout, Cures: p.curveCures()}, report: report, total: total,
	}, nil
}

func (r *reader) close() { r.episodes.Close() }

// envelope reads the episodes of a profile and returns its envelope, nil if no episode has
// a curve. Why an episode has none goes into reasons.
func (r *reader) envelope(ctx context.Context, t task, reasons map[table.Key]string) (*profile.Envelope, error) {
	channel, err := profile.ChannelIndex(t.Channel)
	if err != nil {
		return nil, err
	}
	var curves [][]float64
	for _, k := range t.episodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		curve, err := r.curve(k, channel)
		var why profile.Unused
		switch {
		case errors.As(err, &why):
			reasons[k] = why.Error()
		case err != nil:
			return nil, err
		default:
			curves = append(curves, curve)
		}
		r.done++
		r.report.Progress(r.done, r.total)
	}
	if len(curves) == 0 {
		return nil, nil
	}
	e := profile.Aggregate(t.Subject, curves, r.aligner.Cures.MissingPoints)
	e.Attempted = len(t.episodes)
	return e, nil
}

// curve reads an episode.
func (r *reader) curve(k table.Key, channel int) ([]float64, error) {
	e, err := r.episodes.Read(r.store, k.Host+"/"+k.Episode+episode.Suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: the index knows it, the episode store does not have it; validate this store again",
			err)
	case err != nil:
		return nil, fmt.Errorf("%w; validate this store again", err)
	}
	r.signals.Load(e)
	curve := make([]float64, r.aligner.Layout.Len())
	return curve, r.aligner.Curve(e, r.signals.Series(channel), curve)
}
