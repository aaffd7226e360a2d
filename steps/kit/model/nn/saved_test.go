package nn

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/model"
	"assay/steps/kit/model/modeltest"
)

// trained returns a model of a family that was trained for a moment, and some windows.
func trained(t testing.TB, family string) (*Model, []float32) {
	t.Helper()
	n, s, d := tiny(family, 24)
	s.Epochs = 2
	fit, err := Train(t.Context(), n, s, d, nil, func(int, Epoch) {})
	if err != nil {
		t.Fatal(err)
	}
	schema := model.Schema{Features: []string{"a", "b", "c", "d", "e"}, Classes: []string{"x", "y", "z"}, Meaning: "m"}
	hz := 5.0
	if family == MLP {
		hz = 0
	}
	x := append([]float32(nil), d.Series.Data...)
	x[1], x[7] = float32(math.NaN()), float32(math.Inf(-1))
	return NewModel(schema, hz, fit), x
}

// TestSaved saves and opens every family, and compares what they predict: alone, in
// pieces, and for single windows.
func TestSaved(t *testing.T) {
	for _, family := range allFamilies() {
		m, x := trained(t, family)
		files := modeltest.Save(t, m)
		again, err := Open(files)
		if err != nil {
			t.Fatal(family, err)
		}
		size := m.net.Points * 5
		count := len(x) / size
		p, q, one := make([]float32, 3*count), make([]float32, 3*count), make([]float32, 3)
		m.Predict(p, x)
		again.Predict(q, x)
		for i := range p {
			if p[i] != q[i] || !(p[i] >= 0 && p[i] <= 1) {
				t.Fatalf("%s: probability %d is %v, and %v after it was opened", family, i, p[i], q[i])
			}
		}
		again.Predict(one, x[:size])
		if one[0] != p[0] || one[2] != p[2] {
			t.Errorf("%s: a window alone has %v, among others %v", family, one, p[:3])
		}
		modeltest.NoAllocs(t, func() { again.Predict(one, x[:size]) })
		about := again.About()
		if about.Family != family || about.Hash() != m.Hash() || about.Points != m.net.Points || about.Rounds != m.Epochs {
			t.Errorf("about %+v", about)
		}
	}
}

// TestOpenRefuses opens models that were changed.
func TestOpenRefuses(t *testing.T) {
	m, _ := trained(t, GRU)
	files := modeltest.Save(t, m)
	edit := func(old, new string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			text := strings.Replace(string(f[File].Data), old, new, 1)
			f[File] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	for want, spoil := range map[string]func(fstest.MapFS){
		"model.safetensors: open":              func(f fstest.MapFS) { delete(f, WeightsFile) },
		"network.json: ":                       func(f fstest.MapFS) { f[File] = &fstest.MapFile{Data: []byte("{")} },
		"the format is 2":                      edit(`"format": 1`, `"format": 2`),
		`the network is a "rnn"`:               edit(`"gru"`, `"rnn"`),
		"hidden is 33":                         edit(`"hidden": 32`, `"hidden": 33`),
		"has the shape [96 5], want [192 5]":   edit(`"hidden": 32`, `"hidden": 64`),
		"the network has 6 inputs":             edit(`"inputs": 5`, `"inputs": 6`),
		"points is 100000000":                  edit(`"points": 12`, `"points": 100000000`),
		"hz is 0":                              edit(`"hz": 5`, `"hz": 0`),
		"it was edited or damaged":             edit(`"x"`, `"w"`),
		"the scaler has 5 means, 5 deviations": edit(`"a",`, ``),
		"the network has 3 outputs for 2":      edit(`"x",`, ``),
		"epochs is 0":                          edit(`"epochs": `, `"epochs": 0, "was": `),
		"the scaler is missing":                edit(`"scaler"`, `"scaled"`),
		"it has 6 tensors, want 17":            edit(`"gru"`, `"cnn"`),
		"tensor 2 is \"rnn.bias_hh_l0\", want": func(f fstest.MapFS) { swapNames(f, "rnn.bias_ih_l0", "rnn.bias_hh_l0") },
		"masks are not channels in ascending":  edit(`"masks": null`, `"masks": [3, 1]`),
	} {
		changed := fstest.MapFS{File: files[File], WeightsFile: files[WeightsFile]}
		spoil(changed)
		if _, err := Open(changed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// swapNames exchanges two names of equal length in the file of the weights.
func swapNames(f fstest.MapFS, a, b string) {
	text := string(f[WeightsFile].Data)
	f[WeightsFile] = &fstest.MapFile{Data: []byte(strings.NewReplacer(a, b, b, a).Replace(text))}
}

// TestOpenRefusesNumbers opens weights that are no numbers.
func TestOpenRefusesNumbers(t *testing.T) {
	m, _ := trained(t, CNN)
	m.net.saved()[2].data[0] = float32(math.Inf(1))
	if _, err := Open(modeltest.Save(t, m)); err == nil || !strings.Contains(err.Error(), "holds a number that is not finite") {
		t.Errorf("error %v", err)
	}
}

// FuzzDescription opens models with any description.
func FuzzDescription(f *testing.F) {
	m, _ := trained(f, MLP)
	files := modeltest.Save(f, m)
	f.Add(files[File].Data)
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{File: &fstest.MapFile{Data: text}, WeightsFile: files[WeightsFile]}
		again, err := Open(fsys)
		if err != nil {
			return
		}
		if b, err := json.Marshal(again.Network()); err != nil || len(b) == 0 {
			t.Error(err)
		}
	})
}
