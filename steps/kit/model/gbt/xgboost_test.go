package gbt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestXGBoost reads the models that .ci/xgboost_sets.py made in the folder ASSAY_XGBOOST. Their
// margins must be XGBoost's to the bit. Each is saved as NAME.ours with its margins beside it,
// for XGBoost to read back.
func TestXGBoost(t *testing.T) {
	dir := os.Getenv("ASSAY_XGBOOST")
	if dir == "" {
		t.Skip("ASSAY_XGBOOST names no folder of models")
	}
	s := openSets(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		reason, refuse := strings.CutSuffix(name, ".refused")
		switch ext := filepath.Ext(file); {
		case refuse:
			_, err := Load(bytes.NewReader(bytesOf(t, file)))
			if err == nil {
				t.Errorf("%s %s: loaded, want it refused", s.XGBoost, name)
				continue
			}
			t.Logf("%-8s %-28s refused: %v", s.XGBoost, reason, err)
		case (ext == ".json" || ext == ".ubj") && name != "about":
			s.compare(t, file, strings.TrimSuffix(file, ext))
		}
	}
}

// xgbSets are the rows that models of a folder are compared on.
type xgbSets struct {
	XGBoost  string
	Rows     int
	Features []string
	x        []float32
}

func openSets(t *testing.T, dir string) *xgbSets {
	t.Helper()
	s := new(xgbSets)
	if err := json.Unmarshal(bytesOf(t, filepath.Join(dir, "about.json")), s); err != nil {
		t.Fatal(err)
	}
	s.x = float32sOf(t, filepath.Join(dir, "rows.f32"))
	return s
}

func bytesOf(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func float32sOf(t *testing.T, file string) []float32 {
	t.Helper()
	b := bytesOf(t, file)
	list := make([]float32, len(b)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

// compare compares one model, and saves it for the way back.
func (s *xgbSets) compare(t *testing.T, file, stem string) {
	t.Helper()
	name := filepath.Base(stem)
	m, err := Load(bytes.NewReader(bytesOf(t, file)))
	if err != nil {
		t.Errorf("%s %s: %v", s.XGBoost, name, err)
		return
	}
	k, f := len(m.Classes), len(m.Features)
	got := make([]float32, s.Rows*k)
	for i := range s.Rows {
		m.Margins(s.x[i*f:(i+1)*f], got[i*k:(i+1)*k])
	}
	want := float32sOf(t, stem+".margins")
	if n := differing(got, want, k); n > 0 {
		t.Errorf("%s %s: %d of %d margins differ", s.XGBoost, name, n, len(want))
		return
	}
	t.Logf("%-8s %-28s equal", s.XGBoost, name)
	write(t, stem+".ours", saved(t, m))
	raw, err := binary.Append(nil, binary.LittleEndian, got)
	if err != nil {
		t.Fatal(err)
	}
	write(t, stem+".want", raw)
}

func write(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// differing counts margins that have other bits. XGBoost gives one for two classes.
func differing(got, want []float32, k int) (n int) {
	step, first := 1, 0
	if len(want)*2 == len(got) && k == 2 {
		step, first = 2, 1
	}
	for i, w := range want {
		if math.Float32bits(got[first+i*step]) != math.Float32bits(w) {
			n++
		}
	}
	return n
}
