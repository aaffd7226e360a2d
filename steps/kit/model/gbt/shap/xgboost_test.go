package shap

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"assay/steps/kit/model/gbt"
)

// TestXGBoost compares SHAP values and importances with XGBoost's, which .ci/xgboost_sets.py
// wrote into the folder ASSAY_XGBOOST. XGBoost computes in float32.
func TestXGBoost(t *testing.T) {
	dir := os.Getenv("ASSAY_XGBOOST")
	if dir == "" {
		t.Skip("ASSAY_XGBOOST names no folder of models")
	}
	f, err := os.Open(filepath.Join(dir, "explained.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := gbt.Load(f)
	if err != nil {
		t.Fatal(err)
	}
	want := floatsOf(t, filepath.Join(dir, "explained.shap"))
	n := len(want) / (len(m.Classes) * (len(m.Features) + 1))
	phi := explain(t, m, floatsOf(t, filepath.Join(dir, "rows.f32"))[:n*len(m.Features)], 2)
	worst := 0.0
	for i, v := range phi {
		worst = max(worst, math.Abs(v-float64(want[i])))
	}
	if n == 0 || !(worst <= 1e-4) {
		t.Errorf("values of %d rows are at most %v apart", n, worst)
	}
	t.Logf("SHAP values of %d rows at most %.2g apart", n, worst)
	compareScores(t, m, filepath.Join(dir, "explained.scores"))
}

func floatsOf(t *testing.T, file string) []float32 {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	list := make([]float32, len(b)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

// compareScores compares importances with those of get_score.
func compareScores(t *testing.T, m *gbt.Model, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var scores map[string]map[string]float64
	if err := json.Unmarshal(b, &scores); err != nil {
		t.Fatal(err)
	}
	for i, got := range Importances(m) {
		for kind, v := range map[string]float64{"weight": float64(got.Splits), "gain": got.Gain(),
			"total_gain": got.TotalGain, "cover": got.Cover(), "total_cover": got.TotalCover} {
			if want := scores[kind][m.Features[i]]; !(math.Abs(v-want) <= 1e-5*math.Abs(want)) {
				t.Errorf("%s of %s is %v, want %v", kind, m.Features[i], v, want)
			}
		}
	}
}
