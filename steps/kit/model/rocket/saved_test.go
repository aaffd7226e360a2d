package rocket

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/model"
	"assay/steps/kit/model/modeltest"
)

// TestSaved saves and opens a model, and compares what both predict: together, alone, and from a
// window that holds nothing.
func TestSaved(t *testing.T) {
	d := tones(60, 1)
	m := train(t, settings(), d).Model
	again, err := Open(modeltest.Save(t, m))
	if err != nil {
		t.Fatal(err)
	}
	x := append([]float32(nil), d.Series.Data[:7*120]...)
	x[0], x[4] = float32(math.Inf(1)), float32(math.Inf(-1))
	for i := range 120 {
		x[6*120+i] = float32(math.NaN())
	}
	p, q, one := make([]float32, 28), make([]float32, 28), make([]float32, 4)
	m.Predict(p, x)
	again.Predict(q, x)
	for i := range p {
		if p[i] != q[i] || !(p[i] >= 0 && p[i] <= 1) {
			t.Fatalf("probability %d is %v, and %v after the model was opened", i, p[i], q[i])
		}
	}
	for i := range 7 {
		again.Predict(one, x[i*120:(i+1)*120])
		if [4]float32(one) != [4]float32(p[4*i:]) {
			t.Errorf("window %d alone has %v, among others %v", i, one, p[4*i:4*i+4])
		}
	}
	modeltest.NoAllocs(t, func() { again.Predict(q, x) })
	about := again.About()
	if about.Family != "rocket" || about.Hash() != m.Hash() || about.Points != 40 || about.Hz != 4 || about.Form != model.Tensors {
		t.Errorf("about %+v", about)
	}
}

// TestOpenRefuses opens models that were changed.
func TestOpenRefuses(t *testing.T) {
	files := modeltest.Save(t, train(t, settings(), tones(60, 1)).Model)
	edit := func(old, new string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			text := string(f[File].Data)
			if !strings.Contains(text, old) {
				t.Fatalf("the file has no %q", old)
			}
			f[File] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, new, 1))}
		}
	}
	weights := func(old, new string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			f[WeightsFile] = &fstest.MapFile{Data: []byte(strings.Replace(string(f[WeightsFile].Data), old, new, 1))}
		}
	}
	const inputs, points = `"inputs": 4`, `"points": 40`
	for want, spoil := range map[string]func(fstest.MapFS){
		"rocket.safetensors: open":          func(f fstest.MapFS) { delete(f, WeightsFile) },
		"rocket.json: ":                     func(f fstest.MapFS) { f[File] = &fstest.MapFile{Data: []byte("{")} },
		"the format is 2":                   edit(`"format": 1`, `"format": 2`),
		"hz is 0":                           edit(`"hz": 4`, `"hz": 0`),
		"it was edited or damaged":          edit(`"x"`, `"w"`),
		"there are 0 classes":               edit(`"classes": [`, `"classes": [], "was": [`),
		"the scaler or the convolutions":    edit(`"scaler"`, `"scaled"`),
		"the scaler has 3 means":            edit(`"a",`, ``),
		"have 5 inputs, the scaler makes 4": edit(inputs, `"inputs": 5`),
		"windows have 0 points":             edit(points, `"points": 0`),
		"windows have 100000000 points":     edit(points, `"points": 100000000`),
		"windows have 40 points of 0":       edit(inputs, `"inputs": 0`),
		"there are 2 dilations, 4 numbers":  edit(`"dilations": [`, `"dilations": [1, 2], "was": [`),
		"there are 0 dilations":             edit(`"dilations": [`, `"dilations": [], "was": [`),
		"dilation 0 is 0; want them asc":    edit(`"dilations": [`, `"dilations": [0, 2, 3, 4], "was": [`),
		"dilation 1 is 1; want them asc":    edit(`"dilations": [`, `"dilations": [1, 1, 3, 4], "was": [`),
		"dilation 3 is 5; want them asc":    edit(`"dilations": [`, `"dilations": [1, 2, 3, 5], "was": [`),
		"dilation 1 has -1 biases":          edit(`"biases": [`, `"biases": [-1, 2, 3, 4], "was": [`),
		"dilation 2 has 9999999 biases":     edit(`"biases": [`, `"biases": [1, 9999999, 3, 4], "was": [`),
		"there are no features":             edit(`"biases": [`, `"biases": [0, 0, 0, 0], "was": [`),
		"have 840 features, the file says":  edit(`"features": 840`, `"features": 841`),
		"list 0 of channels: it has 0":      func(f fstest.MapFS) { relist(t, f, []int{}) },
		"list 0 of channels: 2 is not":      func(f fstest.MapFS) { relist(t, f, []int{3, 2}) },
		"list 0 of channels: 4 is not":      func(f fstest.MapFS) { relist(t, f, []int{4}) },
		`tensor 0 is "biaseq", want`:        weights("biases", "biaseq"),
		"tensor weights has the shape":      weights("[4,840]", "[840,4]"),
		"its shape [841] needs 3364 bytes":  weights("[840]", "[841]"),
	} {
		changed := fstest.MapFS{File: files[File], WeightsFile: files[WeightsFile]}
		spoil(changed)
		if _, err := Open(changed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// relist replaces the first list of channels.
func relist(t *testing.T, f fstest.MapFS, list []int) {
	t.Helper()
	var d description
	if err := json.Unmarshal(f[File].Data, &d); err != nil {
		t.Fatal(err)
	}
	d.Plan.Channels[0] = list
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	f[File] = &fstest.MapFile{Data: text}
}

// TestOpenRefusesNumbers opens numbers that cannot be.
func TestOpenRefusesNumbers(t *testing.T) {
	for want, spoil := range map[string]func(m *Model){
		"tensor weights holds a number":        func(m *Model) { m.linear.weights[3] = float32(math.NaN()) },
		"tensor intercepts holds a number":     func(m *Model) { m.linear.intercepts[0] = 1e13 },
		"bias 1 is 648.00195; want a multiple": func(m *Model) { m.biases[1] = reach + 1 },
	} {
		m := train(t, settings(), tones(60, 1)).Model
		spoil(m)
		if _, err := Open(modeltest.Save(t, m)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := integers([]float32{0.3}); err == nil {
		t.Error("a bias of 0.3 was taken")
	}
}

// FuzzOpen opens models of any description, and predicts with those that it takes.
func FuzzOpen(f *testing.F) {
	files := modeltest.Save(f, train(f, settings(), tones(60, 1)).Model)
	f.Add(files[File].Data)
	f.Add([]byte(`{"format": 1, "scaler": {}, "convolutions": {}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Open(fstest.MapFS{File: &fstest.MapFile{Data: text}, WeightsFile: files[WeightsFile]})
		if err != nil {
			return
		}
		if m.plan.Points*m.plan.Inputs > 1<<12 {
			return // right, and slow
		}
		p := make([]float32, len(m.Classes))
		m.Predict(p, make([]float32, m.plan.Points*len(m.scaler.Mean)))
		for _, v := range p {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("probabilities %v", p)
			}
		}
	})
}
