package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/channel"
	detect "assay/steps/kit/live"
	"assay/steps/kit/model"
)

// publish sends a window, and what each model says of it.
func (v *detectVoice) publish(w *detect.Window) error {
	window := live.Window{Type: live.TypeWindow, Host: v.flags.host, Episode: v.flags.episode, T: w.Center,
		Span: v.flags.window.Seconds(), Phase: w.Label, Number: int(w.Number) + 1, Channels: map[string]*float64{}}
	for c := range channel.Count {
		mean := float64(w.X[c*channel.NumStats]) // the first statistic
		if !math.IsNaN(mean) && !math.IsInf(mean, 0) {
			window.Channels[channel.At(c).Name] = &mean
		}
	}
	events := []any{window}
	for i, p := range w.Each {
		said := live.Prediction{Type: live.TypePrediction, Model: v.names[i], View: v.views[i], Host: v.flags.host,
			Episode: v.flags.episode, T: w.Center, Phase: w.Label, Predicted: detect.Best(p), P: map[string]float64{}}
		for k, x := range p {
			said.P[channel.PhaseName(k)] = math.Round(float64(x)*10_000) / 10_000
		}
		events = append(events, said)
	}
	for _, e := range events {
		event, err := live.Encode(e)
		if err != nil {
			return fmt.Errorf("--publish-url: %w", err)
		}
		if err := v.sender.Send(event); err != nil {
			return err
		}
	}
	return nil
}

// viewOf returns the view that shows these features.
func viewOf(features []string) string {
	if slices.ContainsFunc(features, func(f string) bool { return !channel.Deployed(f) }) {
		return string(model.Oracle)
	}
	return string(model.Realistic)
}

// lastChance is how long detect waits at its end for a dashboard to take what is queued.
const lastChance = 3 * time.Second

// close sends what is queued, and says how much arrived.
func (v *detectVoice) close(ctx context.Context, w io.Writer) {
	if v.sender == nil {
		return
	}
	wait := lastChance
	if ctx.Err() != nil {
		wait = 300 * time.Millisecond
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait)
	defer cancel()
	failed := v.sender.Drain(last)
	v.sender.Close()
	n := v.sender.Stats()
	fmt.Fprintf(w, "sent %s", plain.Plural(n.Sent, "event"))
	if n.Dropped > 0 {
		fmt.Fprintf(w, ", dropped %d that waited for too long", n.Dropped)
	}
	if failed != nil {
		fmt.Fprint(w, "; the dashboard did not take the rest")
	}
	fmt.Fprintln(w)
}
