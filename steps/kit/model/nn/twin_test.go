package nn

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

// TestWriteTwin writes what bench/nn/twin.py and train_twin.py compare with PyTorch,
// into the folder that ASSAY_TWIN names. That holds, as assay export and links make
// them, the folders model, windows, split and, for tensors, episodes. ASSAY_TWIN_HZ
// and ASSAY_TWIN_VIEW say which tensors the model reads.
func TestWriteTwin(t *testing.T) {
	dir := os.Getenv("ASSAY_TWIN")
	if dir == "" {
		t.Skip("ASSAY_TWIN names no folder")
	}
	m, err := Open(os.DirFS(filepath.Join(dir, "model")))
	if err != nil {
		t.Fatal(err)
	}
	w := &twinWriter{t: t, dir: dir, model: m, data: twinData(t, dir, m)}
	w.parts()
	w.outputs()
	w.gradients()
}

// twinData reads the windows that a model was trained on.
func twinData(t *testing.T, dir string, m *Model) *model.Data {
	view := model.View(os.Getenv("ASSAY_TWIN_VIEW"))
	part := func(name string) string { return filepath.Join(dir, name) }
	windows, split := os.DirFS(part("windows")), os.DirFS(part("split"))
	var d *model.Data
	var err error
	if m.Hz == 0 {
		d, err = model.Load(windows, split, view)
	} else {
		d, err = model.LoadTensors(t.Context(), os.DirFS(part("episodes")), windows, split, view,
			model.Grid{Window: 10, Stride: 5, Hz: m.Hz}, 2)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A twinWriter writes windows and what a model makes of them.
type twinWriter struct {
	t     *testing.T
	dir   string
	model *Model
	data  *model.Data
}

// twinWindows is how many windows are compared.
const twinWindows = 256

func (w *twinWriter) write(name string, data any) {
	w.t.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		w.t.Fatal(err)
	}
	switch data := data.(type) {
	case []safetensors.Tensor:
		err = safetensors.Write(f, data)
	case []float32, []int32:
		err = binary.Write(f, binary.LittleEndian, data)
	default:
		err = json.NewEncoder(f).Encode(data)
	}
	if err != nil || f.Close() != nil {
		w.t.Fatal(name, err)
	}
}

// window returns window i of a set, as recorded.
func (w *twinWriter) window(s model.Set, i int) []float32 {
	if w.data.Series == nil {
		f := len(w.data.Features)
		return s.X[i*f : (i+1)*f]
	}
	return w.data.Series.Window(s.Rows[i])
}

// inputs returns what the scaler makes of a window.
func (w *twinWriter) inputs(s model.Set, i int) []float32 {
	to := make([]float32, w.model.net.width())
	w.model.scaler.window(to, w.window(s, i), make([]float32, len(w.model.scaler.Mean)))
	return to
}

// parts writes the inputs of all windows, and their classes.
func (w *twinWriter) parts() {
	n := w.model.net
	w.write("meta.json", map[string]int{"points": n.Points, "inputs": n.Inputs, "classes": n.Classes})
	for name, s := range map[string]model.Set{
		"train": w.data.Train, "validation": w.data.Validation, "test": w.data.Test,
	} {
		var x []float32
		for i := range s.Y {
			x = append(x, w.inputs(s, i)...)
		}
		w.write(name+"/x.f32", x)
		w.write(name+"/y.i32", s.Y)
	}
}

// outputs writes some windows as recorded, their logits, and the model beside them.
func (w *twinWriter) outputs() {
	s, m := w.data.Test, w.model
	var x, logits []float32
	e := m.passes.Get().(*evalPass)
	for i := range min(twinWindows, len(s.Y)) {
		x = append(x, w.window(s, i)...)
		logits = append(logits, m.logits(e, w.window(s, i), 1)[:m.net.Classes]...)
	}
	w.write("x.f32", x)
	w.write("logits.f32", logits)
	for _, name := range []string{File, WeightsFile} {
		from, err := os.Open(filepath.Join(w.dir, "model", name))
		if err != nil {
			w.t.Fatal(err)
		}
		to, err := os.Create(filepath.Join(w.dir, name))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := io.Copy(to, from); err != nil {
			w.t.Fatal(err)
		}
		from.Close()
		to.Close()
	}
}

// gradients writes those of the mean loss of the same windows in training, without
// dropout, and the running statistics behind that.
func (w *twinWriter) gradients() {
	s := w.data.Test
	windows := min(twinWindows, len(s.Y))
	network := w.model.net.Network
	network.Dropout = 0
	net := New(network, 1)
	net.restore(w.model.net.state())
	team := f32.NewTeam(2)
	defer team.Close()
	loss := Loss{Weights: Balance(w.data.Train.Counts(), 0.5), Smoothing: 0.05}
	r := newRunner(net, team, windows, loss)
	got := r.gradients(Batch{Fill: func(to []float32, i int) { copy(to, w.inputs(s, i)) }, Y: s.Y[:windows]}, 0)
	if math.IsNaN(got) {
		w.t.Fatal("the loss is not a number")
	}
	w.write("y.i32", s.Y[:windows])
	w.write("loss.json", map[string]any{"weights": loss.Weights, "smoothing": loss.Smoothing, "loss": got})
	var list, statistics []safetensors.Tensor
	for _, v := range net.weights {
		g := *v
		g.data = r.shards[0].grads[v.at : v.at+len(v.data)]
		list = append(list, safetensors.Tensor{Name: v.name, Shape: v.shape, Data: g.tensor()})
	}
	for _, j := range net.joints {
		for _, v := range j.running() {
			statistics = append(statistics, safetensors.Tensor{Name: v.name, Shape: v.shape, Data: v.tensor()})
		}
	}
	w.write("gradients.safetensors", list)
	if len(statistics) > 0 {
		w.write("statistics.safetensors", statistics)
	}
}
