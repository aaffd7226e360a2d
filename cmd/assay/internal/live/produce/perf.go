package produce

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// How a model is timed.
const (
	batchSize  = 64
	warmUp     = 5                // windows that are predicted before
	timeLimit  = 10 * time.Second // for the windows of one model
	maxBatches = 20
)

// Accuracy returns the share of the test windows that a model was right about; nil if none
// was predicted.
func Accuracy(p *prediction.Set) *float64 {
	right, all := 0, 0
	for i := range p.Rows {
		if r := &p.Rows[i]; r.Part == table.Test {
			all++
			if r.Phase == r.Predicted {
				right++
			}
		}
	}
	if all == 0 {
		return nil
	}
	share := float64(right) / float64(all)
	return &share
}

// Measure times a model here and now, on at most n windows one by one and then in batches. The
// result is of this machine and this moment, so it belongs into no artifact.
func Measure(ctx context.Context, name Name, m model.Model, d *model.Data, n int, accuracy *float64) (live.Event,
	error) {
	inputs := windowsOf(d, n)
	if len(inputs) == 0 {
		return live.Event{}, errors.New("there is no window of the test or validation part to time the model with")
	}
	p := make([]float32, batchSize*len(m.About().Classes))
	one := p[:len(m.About().Classes)]
	for i := range warmUp {
		m.Predict(one, inputs[i%len(inputs)])
	}
	var took []float64
	began := time.Now()
	for _, x := range inputs {
		from := time.Now()
		m.Predict(one, x)
		took = append(took, microseconds(time.Since(from)))
		if ctx.Err() != nil {
			return live.Event{}, context.Cause(ctx)
		}
		if time.Since(began) > timeLimit {
			break
		}
	}
	batch, err := measureBatches(ctx, m, inputs, p)
	if err != nil {
		return live.Event{}, err
	}
	slices.Sort(took)
	return live.Encode(live.Perf{
		Type: live.TypePerf, Model: name.Model, View: name.View, Split: name.Split,
		Latency: quantile(took, 0.5), Tail: quantile(took, 0.95), Measured: len(took),
		Batch: batchSize, BatchUS: batch, Accuracy: accuracy, Machine: machine(),
	})
}

// windowsOf returns the inputs of at most n windows, of the test part first.
func windowsOf(d *model.Data, n int) [][]float32 {
	var list [][]float32
	for _, s := range []model.Set{d.Test, d.Validation} {
		for i, row := range s.Rows {
			if len(list) == n {
				return list
			}
			if d.Series != nil {
				list = append(list, d.Series.Window(row))
			} else {
				f := len(d.Features)
				list = append(list, s.X[i*f:(i+1)*f])
			}
		}
	}
	return list
}

// measureBatches returns the microseconds per window of the fastest of some batches.
func measureBatches(ctx context.Context, m model.Model, inputs [][]float32, p []float32) (float64, error) {
	var x []float32
	for i := range batchSize {
		x = append(x, inputs[i%len(inputs)]...)
	}
	best, began := math.Inf(1), time.Now()
	for i := 0; i < maxBatches && (i == 0 || time.Since(began) < timeLimit/4); i++ {
		from := time.Now()
		m.Predict(p, x)
		best = min(best, microseconds(time.Since(from))/batchSize)
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
	}
	return best, nil
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// quantile returns the value below which a share of the sorted values lies.
func quantile(sorted []float64, share float64) float64 {
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// machine says in short where this runs.
func machine() string { return runtime.GOOS + "/" + runtime.GOARCH }
