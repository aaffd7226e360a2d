package nn

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"assay/steps/kit/model"
)

// TestWriteTwins does for a network of each family what TestWriteTwin does for a saved
// model: they are trained for three epochs on made-up windows. ASSAY_TWINS names the
// folder for their folders; .ci/twins.sh sets it and compares.
func TestWriteTwins(t *testing.T) {
	folder := os.Getenv("ASSAY_TWINS")
	if folder == "" {
		t.Skip("ASSAY_TWINS names no folder; .ci/twins.sh does")
	}
	for _, n := range benched() {
		t.Run(n.Family, func(t *testing.T) { writeTwin(t, n, filepath.Join(folder, n.Family)) })
	}
}

func writeTwin(t *testing.T, n Network, folder string) {
	d := gappy(n, 70)
	fit, _ := train(t, n, Settings{Epochs: 3, Patience: 3, Batch: 16, Rate: 2e-3, Decay: 0.05, Clip: 1, Smoothing: 0.05,
		Balance: 0.5, Seed: 1, Workers: 2}, d, nil)
	hz := 10.0
	if n.Family == MLP {
		hz = 0
	}
	if err := os.MkdirAll(filepath.Join(folder, "model"), 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(filepath.Join(folder, "model"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m := NewModel(model.Schema{}, hz, fit)
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	w := &twinWriter{t: t, dir: folder, model: m, data: &model.Data{Series: d.Series, Train: d.Train,
		Validation: d.Validation, Test: d.Train}}
	w.parts()
	w.outputs()
	w.gradients()
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
