package explain

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strconv"

	"assay/steps/kit/channel"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/gbt/shap"
	"assay/steps/kit/parquet"
)

// An importance is a row of importances.parquet and of importances.csv.
type importance struct {
	Feature    string  `parquet:"feature"`
	Shap       float64 `parquet:"mean_abs_shap"` // sum of those of the classes
	Splits     int64   `parquet:"splits"`
	Gain       float64 `parquet:"gain"`
	TotalGain  float64 `parquet:"total_gain"`
	Cover      float64 `parquet:"cover"`
	TotalCover float64 `parquet:"total_cover"`
	Clean      float64 `parquet:"shap_clean"`
	Armed      float64 `parquet:"shap_armed"`
	Infecting  float64 `parquet:"shap_infecting"`
	Running    float64 `parquet:"shap_infected_running"`
	Dormant    float64 `parquet:"shap_dormant"`
	Failed     float64 `parquet:"shap_failed"`

	column int // of the model
}

// A ranking is all features, the most important first: by the mean of the absolute SHAP values,
// then by gain, then as the model has them.
type ranking []importance

// ranked makes the ranking of a model and the N×K×(F+1) SHAP values of windows.
func ranked(m *gbt.Model, values []float32, windows int) ranking {
	means := meanAbs(values, len(m.Features), windows)
	var list ranking
	for i, one := range shap.Importances(m) {
		c := means[i]
		r := importance{
			Feature: m.Features[i], Splits: int64(one.Splits), Gain: one.Gain(), TotalGain: one.TotalGain,
			Cover: one.Cover(), TotalCover: one.TotalCover, column: i,
			Clean: c[0], Armed: c[1], Infecting: c[2], Running: c[3], Dormant: c[4], Failed: c[5],
		}
		for _, v := range c {
			r.Shap += v
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b importance) int {
		return cmp.Or(cmp.Compare(b.Shap, a.Shap), cmp.Compare(b.TotalGain, a.TotalGain))
	})
	return list
}

// meanAbs returns the mean over windows of the absolute values, by feature and class.
func meanAbs(values []float32, features, windows int) [][channel.NumPhases]float64 {
	means := make([][channel.NumPhases]float64, features)
	for w := range windows {
		for k := range channel.NumPhases {
			at := (w*channel.NumPhases + k) * (features + 1)
			for f, v := range values[at : at+features] {
				means[f][k] += math.Abs(float64(v))
			}
		}
	}
	for f := range means {
		for k := range means[f] {
			means[f][k] /= float64(windows)
		}
	}
	return means
}

// parquet writes the ranking.
func (l ranking) parquet(w io.Writer) error { return parquet.Write(w, "importance", l) }

// csv returns the ranking as texts.
func (l ranking) csv() [][]string {
	head := []string{"feature", "mean_abs_shap", "splits", "gain", "total_gain", "cover", "total_cover"}
	for _, phase := range channel.Phases() {
		head = append(head, "shap_"+phase)
	}
	rows := [][]string{head}
	for _, r := range l {
		row := []string{r.Feature, number(r.Shap), strconv.FormatInt(r.Splits, 10)}
		for _, v := range []float64{r.Gain, r.TotalGain, r.Cover, r.TotalCover, r.Clean, r.Armed, r.Infecting,
			r.Running, r.Dormant, r.Failed} {
			row = append(row, number(v))
		}
		rows = append(rows, row)
	}
	return rows
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }
