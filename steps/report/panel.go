package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"assay/steps/kit/score"
)

// A panel is one evaluation.
type panel struct {
	ID, View, Model    string
	F1, Accuracy, Loss string
	Rounds, Features   int
	Classes            []classRow
	Labels             []string
	Confusion          []confusionRow
	Profiles           []profileRow
}

type classRow struct {
	Class                 string
	Precision, Recall, F1 string
	Width                 int
	Support               int
}

type confusionRow struct {
	Class string
	Cells []confusionCell
}

type confusionCell struct {
	N     int
	Shade int  // share of the row, per cent
	Dark  bool // so dark that the text must be light
	Right bool // on the diagonal
	Says  string
}

type profileRow struct {
	Profile           string
	F1                string
	Width             int
	Windows, Episodes int
}

// newPanel makes the details of one evaluation. The id is the anchor that links to
// it.
func newPanel(id string, m *score.Metrics) panel {
	p := panel{
		ID: id, View: name(m.View), Model: name(m.Model), F1: three(m.Value("macro_f1")), Accuracy: three(m.Value("accuracy")),
		Loss:   three(m.Value("log_loss")),
		Rounds: m.Rounds, Features: m.Features,
	}
	for _, l := range m.Labels {
		p.Labels = append(p.Labels, phase(l))
	}
	for _, c := range m.Classes {
		p.Classes = append(p.Classes, classRow{
			Class: phase(c.Class), Precision: two(value(c.Measures, "precision")), Recall: two(value(c.Measures, "recall")),
			F1: two(value(c.Measures, "f1")), Width: percent(value(c.Measures, "f1")), Support: c.Support,
		})
	}
	for i, counts := range m.Confusion {
		p.Confusion = append(p.Confusion, newConfusionRow(i, counts, p.Labels))
	}
	for _, f := range m.Groups {
		if f.By != "profile" {
			continue
		}
		p.Profiles = append(p.Profiles, profileRow{
			Profile: name(f.Name), F1: two(value(f.Measures, "macro_f1")), Width: percent(value(f.Measures, "macro_f1")), Windows: f.Windows,
			Episodes: f.Episodes,
		})
	}
	return p
}

// dark is the shade, in per cent, from which text on it must be light.
const dark = 55

func newConfusionRow(i int, counts []int, labels []string) confusionRow {
	row := confusionRow{Class: labels[i]}
	for j, n := range counts {
		share := percent(share(n, counts))
		row.Cells = append(row.Cells, confusionCell{
			N: n, Shade: share, Dark: share >= dark, Right: i == j,
			Says: fmt.Sprintf("%s predicted as %s: %d (%d %%)", labels[i], labels[j], n, share),
		})
	}
	return row
}

// share returns the share of n in the sum of counts; 0 if the sum is 0.
func share(n int, counts []int) float64 {
	all := 0
	for _, c := range counts {
		all += c
	}
	if all == 0 {
		return 0
	}
	return float64(n) / float64(all)
}

// percent returns a share in whole per cent, 0 to 100.
func percent(x float64) int { return int(min(max(math.RoundToEven(x*100), 0), 100)) }

func two(x float64) string   { return strconv.FormatFloat(x, 'f', 2, 64) }
func three(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }

// phase returns a class as words, "infected running".
func phase(s string) string { return strings.ReplaceAll(name(s), "_", " ") }
