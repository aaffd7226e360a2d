package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing/fstest"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/produce"
	"assay/engine/graph"
	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// newPublishPerf makes the verb publish perf.
func newPublishPerf() *cobra.Command {
	var p publishFlags
	var points int
	c := &cobra.Command{
		Use:   "perf RECIPE [NODE…]",
		Short: "time models and send what they cost",
		Long: `perf opens every model in the store, times its predictions of test windows, one by one
and in batches of 64, here and now, and sends model_perf with the share of test windows
that the model was right about. No latency is ever part of an artifact.`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkPoints(points); err != nil {
				return err
			}
			return p.publish(c, args, func(ctx context.Context, s *session) (cycle, error) {
				return s.publishPerf(ctx, args[1:], points, p.rate)
			})
		},
	}
	p.register(c, 0, eventRate)
	c.Flags().IntVar(&points, "n-points", 200, "time each model on at most this `number` of windows")
	return c
}

func checkPoints(n int) error {
	if n < 1 || n > 100_000 {
		return usagef("--n-points %d: want 1 to 100000", n)
	}
	return nil
}

// publishPerf returns a cycle that times the models in the store, again in each cycle.
func (s *session) publishPerf(ctx context.Context, targets []string, points int, rate float64) (cycle, error) {
	f, err := s.finds(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := f.nodes(targets, "a model (uses: train/…)", isTrainer)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, to sink) error {
		return f.timeAll(ctx, to, nodes, points, rate)
	}, nil
}

// timeAll times the models of some nodes, one after the other, and sends each figure.
func (f *finds) timeAll(ctx context.Context, to sink, nodes []*graph.Node, points int, rate float64) error {
	for _, n := range nodes {
		// One model at a time lies in memory.
		ev, err := f.perf(ctx, n, points)
		if err != nil {
			return fmt.Errorf("%s: %w", n.Name(), err)
		}
		if err := paced(ctx, to, rate, []live.Event{ev}); err != nil {
			return err
		}
	}
	return nil
}

func isTrainer(n *graph.Node) bool { return strings.HasPrefix(n.Kind.Name, "train/") }

// perf times the model of a node.
func (f *finds) perf(ctx context.Context, n *graph.Node, points int) (live.Event, error) {
	files, err := f.output(n, "model")
	if err != nil {
		return live.Event{}, err
	}
	m, err := saved.Open(files)
	if err != nil {
		return live.Event{}, err
	}
	d, err := f.few(ctx, n, m.About(), points)
	if err != nil {
		return live.Event{}, err
	}
	said, err := f.predictions(n)
	if err != nil {
		return live.Event{}, err
	}
	return produce.Measure(ctx, nameOf(n), m, d, points, produce.Accuracy(said))
}

func (f *finds) predictions(n *graph.Node) (*prediction.Set, error) {
	files, err := f.output(n, "predictions")
	if err != nil {
		return nil, err
	}
	return prediction.Read(files)
}

// gridParams are the parameters of a trainer that say how its windows were cut.
type gridParams struct {
	View   model.View    `json:"view"`
	Window step.Duration `json:"window"`
	Stride step.Duration `json:"stride"`
	Hz     float64       `json:"hz"`
	Cures  struct {
		RetimeNetflow       bool          `json:"retime_netflow"`
		MaxGap              step.Duration `json:"max_gap"`
		ResetsMissing       bool          `json:"resets_missing"`
		AbsentListsMissing  bool          `json:"absent_lists_missing"`
		ExactConstants      bool          `json:"exact_constants"`
		ExcludeUnknownPhase bool          `json:"exclude_unknown_phase"`
	} `json:"cures"`
}

// cures returns the cures in the units of their work.
func (p *gridParams) cures() channel.Cures {
	c := &p.Cures
	return channel.Cures{
		RetimeNetflow: c.RetimeNetflow, MaxGap: c.MaxGap.Seconds(), ResetsMissing: c.ResetsMissing,
		AbsentListsMissing: c.AbsentListsMissing, ExactConstants: c.ExactConstants,
		ExcludeUnknownPhase: c.ExcludeUnknownPhase,
	}
}

// few reads the inputs of a model for about as many windows as are wanted: of so many test
// episodes as that takes, since each episode of tensors costs time to read.
func (f *finds) few(ctx context.Context, n *graph.Node, about model.About, points int) (*model.Data, error) {
	var p gridParams
	if err := json.Unmarshal(n.Params, &p); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	windows, err := f.input(n, "windows")
	if err != nil {
		return nil, err
	}
	split, err := f.input(n, "split")
	if err != nil {
		return nil, err
	}
	if split, err = someOfTest(split, windows, points); err != nil {
		return nil, err
	}
	if about.Form == model.Summaries {
		return model.Apply(windows, split, p.View, about.Schema)
	}
	episodes, err := f.input(n, "episodes")
	if err != nil {
		return nil, err
	}
	g := model.Grid{Window: p.Window.Seconds(), Stride: p.Stride.Seconds(), Hz: about.Hz, Cures: p.cures()}
	return model.ApplyTensors(ctx, episodes, windows, split, p.View, about, g, runtime.GOMAXPROCS(0))
}

// someOfTest returns the split with no more test episodes than have so many windows together,
// and nothing else.
func someOfTest(split, windows fs.FS, points int) (fs.FS, error) {
	a, err := table.ReadAssignment(split)
	if err != nil {
		return nil, err
	}
	w, err := table.ReadTruth(windows)
	if err != nil {
		return nil, err
	}
	keep, left := map[table.Key]bool{}, points
	for _, e := range w.Episode {
		key := w.Episodes[e].Key
		if left > 0 && a.Part(key) == table.Test {
			keep[key] = true
			left--
		}
	}
	rows := make([]table.AssignmentRow, len(a.Rows))
	for i, r := range a.Rows {
		if rows[i] = r; !keep[r.Key] {
			rows[i].Part = table.Excluded
		}
	}
	var b bytes.Buffer
	if err := table.WriteAssignment(&b, rows); err != nil {
		return nil, err
	}
	info, err := json.Marshal(map[string]string{"by": a.Info.By})
	return fstest.MapFS{
		table.AssignmentFile: {Data: b.Bytes()}, table.SplitInfoFile: {Data: info},
	}, err
}
