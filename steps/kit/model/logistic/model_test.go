package logistic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/modeltest"
)

func schema() model.Schema {
	return model.Schema{Features: []string{"a", "b", "c"}, Classes: channel.Phases(), Meaning: "m"}
}

// windows makes some of three classes, which lie in three directions.
func windows(n int, seed uint64) model.Set {
	rng := rand.New(rand.NewPCG(seed, 1))
	var s model.Set
	for i := range n {
		y := i % 3
		s.Y = append(s.Y, int32(y))
		for f := range 3 {
			v := rng.NormFloat64() / 2
			if f == y {
				v += 2
			}
			s.X = append(s.X, float32(v*math.Pow(1000, float64(f))))
		}
	}
	return s
}

func settings() Settings { return Settings{Balance: 0.75, Iterations: 1000, Workers: 2} }

func quiet(int, int, Solution) {}

func trained(t testing.TB, s Settings) *Fit {
	t.Helper()
	fit, err := Train(t.Context(), s, schema(), windows(400, 1), windows(100, 2), quiet)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

// TestTrain tries all penalties, and tells windows apart that it has not seen.
func TestTrain(t *testing.T) {
	told := 0
	fit, err := Train(t.Context(), settings(), schema(), windows(400, 1), windows(100, 2), func(done, of int, s Solution) {
		if told++; done != told || of != len(Lambdas()) || s.Lambda != Lambdas()[told-1] {
			t.Errorf("told %d of %d, %+v", done, of, s)
		}
	})
	if err != nil || told != len(Lambdas()) || len(fit.Path) != told {
		t.Fatalf("told %d times, %v", told, err)
	}
	total := 0
	for i, s := range fit.Path {
		if !s.Converged() || s.Train <= 0 || s.Validation <= 0 || s.MacroF1 > fit.Path[fit.Best].MacroF1 {
			t.Errorf("solution %d of %d, best %d: %+v", i, told, fit.Best, s)
		}
		if i > 0 && s.Train >= fit.Path[i-1].Train {
			t.Errorf("penalty %v has the training loss %v, a stronger one %v", s.Lambda, s.Train, fit.Path[i-1].Train)
		}
		if total += s.Iterations; i == fit.Best && fit.Model.Iterations != total {
			t.Errorf("the model says %d iterations, want %d", fit.Model.Iterations, total)
		}
	}
	test := windows(300, 3)
	if _, f1 := fit.Model.judge(test, []float64{1, 1, 1, 0, 0, 0}); f1 < 0.97 {
		t.Errorf("macro F1 %v", f1)
	}
}

// TestWorkers: the model does not depend on the number of workers.
func TestWorkers(t *testing.T) {
	s := settings()
	s.Workers = 1
	want, got := trained(t, s), (*Fit)(nil)
	for _, s.Workers = range []int{2, 5, 30} {
		got = trained(t, s)
		if fmt.Sprint(got.Path) != fmt.Sprint(want.Path) || fmt.Sprint(got.Model.weights) != fmt.Sprint(want.Model.weights) {
			t.Errorf("%d workers make another model", s.Workers)
		}
	}
}

// TestBalance: with full balance a rare class counts as much as a common one, and without
// weights it is hardly ever said.
func TestBalance(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var s model.Set
	for i := range 1000 {
		y := int32(0)
		if i%50 == 0 {
			y = 1
		}
		s.Y = append(s.Y, y)
		s.X = append(s.X, float32(rng.NormFloat64()+float64(y)), 0, 0)
	}
	said := func(balance float64) (rare int) {
		fit, err := Train(t.Context(), Settings{Lambda: 0.001, Balance: balance, Iterations: 500, Workers: 1}, schema(), s, s, quiet)
		if err != nil {
			t.Fatal(err)
		}
		p := make([]float32, len(s.Y)*6)
		fit.Model.Predict(p, s.X)
		for i := range s.Y {
			if highest(p[i*6:(i+1)*6]) == 1 {
				rare++
			}
		}
		return rare
	}
	if none, full := said(0), said(1); none > 20 || full < 250 || full > 450 {
		t.Errorf("a class of 20 windows in 1000 is said %d times without weights and %d times with", none, full)
	}
}

// TestOneClass: even windows of a single class have a best model.
func TestOneClass(t *testing.T) {
	s := windows(30, 1)
	for i := range s.Y {
		s.Y[i] = 4
	}
	other := windows(30, 2) // all of classes that training lacks
	fit, err := Train(t.Context(), settings(), schema(), s, other, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range fit.Path {
		if !found.Converged() || found.Validation != 0 {
			t.Errorf("%+v", found)
		}
	}
	p := make([]float32, 6)
	if fit.Model.Predict(p, s.X[:3]); p[4] < 0.5 {
		t.Errorf("probabilities %v", p)
	}
}

func TestTrainEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, settings(), schema(), windows(9, 1), windows(9, 2), quiet); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	s := settings()
	s.Lambda, s.Iterations = 0.0005, 2
	fit := trained(t, s)
	if len(fit.Path) != 1 || fit.Path[0].Converged() || fit.Path[0].Lambda != 0.0005 || fit.Path[0].Iterations != 2 {
		t.Errorf("after two iterations: %+v", fit.Path)
	}
}

func TestCheck(t *testing.T) {
	for _, good := range []Settings{{0, 0, 1, 1}, {1e-6, 2, 1, 1}} {
		if err := good.Check(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	bad := Settings{Lambda: -1, Balance: math.NaN(), Iterations: 0}
	err := bad.Check()
	for _, want := range []string{"lambda is -1, want 0.000001 to 1e6, or 0", "class_weights is NaN, want 0 to 2",
		"iterations is 0, want 1 to"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// save returns the file of a model.
func save(t testing.TB, m *Model) []byte {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	b, err := root.ReadFile(File)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(b []byte) (*Model, error) { return Open(fstest.MapFS{File: {Data: b}}) }

// TestSaved saves and opens a model, and compares what they predict.
func TestSaved(t *testing.T) {
	m := trained(t, settings()).Model
	b := save(t, m)
	again, err := load(b)
	if err != nil {
		t.Fatal(err)
	}
	if a := again.About(); a.Family != "logistic" || a.Rounds != m.Iterations || a.Hash() != m.Hash() || a.Form != model.Summaries {
		t.Errorf("about %+v", a)
	}
	x := append(windows(60, 9).X, float32(math.NaN()), float32(math.Inf(1)), -math.MaxFloat32)
	p, q, one := make([]float32, 61*6), make([]float32, 61*6), make([]float32, 6)
	m.Predict(p, x)
	again.Predict(q, x)
	for i := range p {
		if p[i] != q[i] || !(p[i] >= 0 && p[i] <= 1) {
			t.Fatalf("probability %d is %v, and %v after it was opened", i, p[i], q[i])
		}
	}
	if again.Predict(one, x[:3]); one[0] != p[0] || one[5] != p[5] {
		t.Errorf("a window alone has %v, among others %v", one, p[:6])
	}
	modeltest.NoAllocs(t, func() { again.Predict(q, x) })
	if !bytes.Equal(save(t, again), b) {
		t.Error("the model that was opened is saved as other bytes")
	}
}

// TestOpenRefuses opens files that were damaged.
func TestOpenRefuses(t *testing.T) {
	good := save(t, trained(t, settings()).Model)
	for want, spoil := range map[string]func(d map[string]any){
		"the format is 2, this assay reads 1":         func(d map[string]any) { d["format"] = 2 },
		"it has 0 features, want 1 to":                func(d map[string]any) { d["features"] = nil },
		"it has 1 classes, want 2 to":                 func(d map[string]any) { d["classes"] = []string{"x"} },
		"iterations is -1":                            func(d map[string]any) { d["iterations"] = -1 },
		"the scaler is missing":                       func(d map[string]any) { d["scaler"] = nil },
		"weights of 0 classes and 6 biases for 6":     func(d map[string]any) { delete(d, "weights") },
		"weights of 6 classes and 0 biases for 6":     func(d map[string]any) { delete(d, "biases") },
		"class 2 has 1 weights for 3 features":        func(d map[string]any) { d["weights"].([]any)[2] = []float32{1} },
		"0 means and 0 deviations for 3 features":     func(d map[string]any) { d["scaler"] = map[string]any{} },
		"deviation of feature 1 is not a finite":      func(d map[string]any) { d["scaler"].(map[string]any)["inverse"].([]any)[1] = -1 },
		"it was edited or damaged":                    func(d map[string]any) { d["meaning"] = "other" },
		"logistic.json: json: cannot unmarshal":       func(d map[string]any) { d["biases"] = []any{1e39, 0, 0, 0, 0, 0} },
		"the features and classes have the schema":    func(d map[string]any) { d["features"].([]any)[0] = "z" },
		"cannot unmarshal string into Go struct fiel": func(d map[string]any) { d["weights"] = "x" },
	} {
		var d map[string]any
		if err := json.Unmarshal(good, &d); err != nil {
			t.Fatal(err)
		}
		spoil(d)
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := load(b); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), File) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// FuzzOpen: whatever the bytes, a model that opens predicts probabilities.
func FuzzOpen(f *testing.F) {
	fit, err := Train(f.Context(), settings(), schema(), windows(30, 1), windows(30, 2), quiet)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(save(f, fit.Model))
	f.Add([]byte(`{"format":1,"classes":["x","y"],"features":["a"],"scaler":{"mean":[0],"inverse":[1e38]},` +
		`"weights":[[3e38],[-3e38]],"biases":[3e38,0],` +
		`"schema":"` + (model.Schema{Features: []string{"a"}, Classes: []string{"x", "y"}}).Hash() + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := load(b)
		if err != nil {
			return
		}
		x := make([]float32, 2*len(m.Features))
		for i := range x {
			x[i] = []float32{0, math.MaxFloat32, float32(math.NaN()), -1, float32(math.Inf(-1))}[i%5]
		}
		p := make([]float32, 2*len(m.Classes))
		m.Predict(p, x)
		for _, v := range p {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("probabilities %v", p)
			}
		}
	})
}
