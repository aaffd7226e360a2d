package nn

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

// TestTwinsAreWritten writes what bench/nn/twin.py compares with PyTorch into a folder
// for each family: a network after some steps of training, windows, logits and
// gradients. ASSAY_TWINS names where the folders go; .ci/twins.sh sets it.
func TestTwinsAreWritten(t *testing.T) {
	folder := os.Getenv("ASSAY_TWINS")
	if folder == "" {
		t.Skip("ASSAY_TWINS names no folder for the twins; .ci/twins.sh does")
	}
	for _, n := range benched() {
		t.Run(n.Family, func(t *testing.T) { writeTwin(t, n, filepath.Join(folder, n.Family)) })
	}
}

// gappy are windows, a channel of which is often missing, one never there, and one
// constant.
func gappy(n Network, windows int) Data {
	rng := rand.New(rand.NewPCG(8, 9))
	s := &model.Series{Columns: n.Inputs, Points: n.Points, Data: make([]float32, windows*n.Points*n.Inputs)}
	for i := range s.Data {
		s.Data[i] = float32(rng.NormFloat64() * math.Exp(rng.NormFloat64()*2))
		switch c := i % n.Inputs; {
		case c == 0 && rng.IntN(4) == 0, c == 1, rng.IntN(5000) == 0:
			s.Data[i] = float32(math.NaN())
		case c == 2:
			s.Data[i] = 3
		}
	}
	d := Data{Series: s, Classes: n.Classes}
	for i := range windows {
		s.Start = append(s.Start, i*n.Points)
		d.Train.Rows = append(d.Train.Rows, i)
		d.Train.Y = append(d.Train.Y, int32(i*i%n.Classes))
	}
	d.Validation = model.Set{Rows: d.Train.Rows[:9], Y: d.Train.Y[:9]}
	return d
}

func writeTwin(t *testing.T, n Network, folder string) {
	d := gappy(n, 70)
	fit, err := Train(context.Background(), n, Settings{Epochs: 3, Patience: 3, Batch: 16, Rate: 2e-3, Decay: 0.05,
		Clip: 1, Smoothing: 0.05, Balance: 0.5, Seed: 1, Workers: 2}, d, nil, func(Epoch) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	hz := 10.0
	if n.Family == MLP {
		hz = 0
	}
	m := NewModel(model.Schema{}, hz, fit)
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data any) {
		b, err := binary.Append(nil, binary.LittleEndian, data)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), b, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("x.f32", d.Series.Data)
	write("y.i32", d.Train.Y)
	write("logits.f32", logitsOf(m, d.Series))
	l := Loss{Weights: Balance(d.Train.Counts()[:n.Classes], 0.5), Smoothing: 0.05}
	about, err := json.Marshal(map[string]any{"weights": l.Weights, "smoothing": l.Smoothing})
	if err != nil {
		t.Fatal(err)
	}
	write("loss.json", about)
	writeGradients(t, fit, l, d, folder)
}

// logitsOf returns the logits of all windows, without what pads them.
func logitsOf(m *Model, s *model.Series) []float32 {
	var all []float32
	e := m.passes.Get().(*evalPass)
	for i := range s.Start {
		all = append(all, m.logits(e, s.Window(i), 1)[:m.net.Classes]...)
	}
	return all
}

// writeGradients writes the gradients of one batch of all windows, and the running
// statistics behind it.
func writeGradients(t *testing.T, fit *Fit, l Loss, d Data, folder string) {
	team := f32.NewTeam(2)
	defer team.Close()
	inputs := fit.Scaler.scaled(logarithms(d.Series, team), team)
	r := newRunner(fit.Net, team, len(d.Train.Y), l)
	r.gradients(Batch{Fill: func(to []float32, i int) { copy(to, inputs.Window(i)) }, Y: d.Train.Y}, 0)
	var gradients, statistics []safetensors.Tensor
	for _, w := range fit.Net.weights {
		g := *w
		g.data = r.shards[0].grads[w.at : w.at+len(w.data)]
		gradients = append(gradients, safetensors.Tensor{Name: w.name, Shape: w.shape, Data: g.tensor()})
	}
	for _, j := range fit.Net.joints {
		for _, w := range j.running() {
			statistics = append(statistics, safetensors.Tensor{Name: w.name, Shape: w.shape, Data: w.tensor()})
		}
	}
	writeTensors(t, filepath.Join(folder, "gradients.safetensors"), gradients)
	if len(statistics) > 0 {
		writeTensors(t, filepath.Join(folder, "statistics.safetensors"), statistics)
	}
}

func writeTensors(t *testing.T, path string, list []safetensors.Tensor) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := safetensors.Write(f, list); err != nil {
		t.Fatal(err)
	}
}
