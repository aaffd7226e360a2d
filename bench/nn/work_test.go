//go:build linux

package nn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"assay/bench/turns"
	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
)

// work is what a process of assay does: "step FAMILY THREADS SECONDS" or "window
// FAMILY SECONDS", as peer.py takes them. It writes a result.
func work(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("no such work: %q", args)
	}
	long, err := time.ParseDuration(args[len(args)-1] + "s")
	if err != nil {
		return err
	}
	var r turns.Result
	switch {
	case len(args) == 4 && args[0] == "step":
		threads, e := strconv.Atoi(args[2])
		if e != nil {
			return e
		}
		r, err = step(args[1], threads, long)
	case len(args) == 3 && args[0] == "window":
		r, err = window(args[1], long)
	default:
		err = fmt.Errorf("no such work: %q", args)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

const (
	batch   = 256
	classes = 6
)

// network is what is measured of a family, as sizes in peer.py has it.
func network(family string) nn.Network {
	if family == nn.MLP {
		return nn.Network{Family: family, Points: 1, Inputs: 230, Hidden: 256, Classes: classes}
	}
	return nn.Network{Family: family, Points: 100, Inputs: 46, Hidden: 64, Classes: classes}
}

// data is steps batches of windows, and a window to be validated. Each batch is the
// same windows in another order.
func data(n nn.Network, steps int) nn.Data {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &model.Series{Columns: n.Inputs, Points: n.Points, Data: make([]float32, batch*n.Points*n.Inputs)}
	for i := range s.Data {
		s.Data[i] = float32(rng.NormFloat64() * 10)
	}
	d := nn.Data{Series: s, Classes: classes, Validation: model.Set{Rows: []int{0}, Y: []int32{0}}}
	for i := range batch {
		s.Start = append(s.Start, i*n.Points)
	}
	for i := range steps * batch {
		d.Train.Rows = append(d.Train.Rows, i%batch)
		d.Train.Y = append(d.Train.Y, int32(i%batch%classes))
	}
	return d
}

func settings(epochs, threads int) nn.Settings {
	return nn.Settings{Epochs: epochs, Patience: epochs, Batch: batch, Rate: 2e-3, Decay: 0.05, Warmup: 0.05, Clip: 1,
		Smoothing: 0.05, Balance: 0.5, Seed: 1, Workers: threads}
}

// step measures training as it is called: each epoch is a few steps, with all that
// belongs to an epoch, such as the validation of one window.
func step(family string, threads int, long time.Duration) (turns.Result, error) {
	n := network(family)
	steps := 1
	if family == nn.MLP {
		steps = 8
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	m := meter{per: steps}
	var end time.Time
	m.start()
	_, err := nn.Train(ctx, n, settings(1e6, threads), data(n, steps), nil, func(int, nn.Epoch) {
		m.stop()
		if end.IsZero() { // the first epoch grows buffers
			m = meter{per: steps}
			end = time.Now().Add(long)
		}
		if time.Now().After(end) && len(m.wall) >= 5 {
			stop()
		}
		m.start()
	})
	if !errors.Is(err, context.Canceled) {
		return turns.Result{}, fmt.Errorf("training ended by itself: %w", err)
	}
	return m.result(), nil
}

// window measures the prediction of one window.
func window(family string, long time.Duration) (turns.Result, error) {
	net, x, err := trained(family)
	if err != nil {
		return turns.Result{}, err
	}
	p := make([]float32, classes)
	const repeats = 20
	m := meter{per: repeats}
	for begin := time.Now(); time.Since(begin) < long; {
		m.start()
		for range repeats {
			net.Predict(p, x)
		}
		m.stop()
	}
	return m.result(), nil
}

// trained returns a network after one step, and a window for it.
func trained(family string) (*nn.Model, []float32, error) {
	n := network(family)
	d := data(n, 1)
	fit, err := nn.Train(context.Background(), n, settings(1, 1), d, nil, func(int, nn.Epoch) {})
	if err != nil {
		return nil, nil, err
	}
	hz := 10.0
	if family == nn.MLP {
		hz = 0
	}
	schema := model.Schema{Features: make([]string, n.Inputs), Classes: make([]string, classes)}
	for _, names := range [][]string{schema.Features, schema.Classes} {
		for i := range names {
			names[i] = fmt.Sprint(i)
		}
	}
	return nn.NewModel(schema, hz, fit), d.Series.Window(1), nil
}

// A meter takes the times of some calls together.
type meter struct {
	per       int
	cpu, wall []float64 // milliseconds per call
	cpuThen   time.Duration
	wallThen  time.Time
}

func (m *meter) start() { m.cpuThen, m.wallThen = turns.ProcessTime(), time.Now() }

func (m *meter) stop() {
	wall, cpu := time.Since(m.wallThen), turns.ProcessTime()-m.cpuThen
	m.wall = append(m.wall, wall.Seconds()*1e3/float64(m.per))
	m.cpu = append(m.cpu, cpu.Seconds()*1e3/float64(m.per))
}

func (m *meter) result() turns.Result {
	return turns.ResultOf("assay", m.cpu, m.wall, len(m.cpu)*m.per)
}
