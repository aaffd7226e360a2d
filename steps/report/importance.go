package report

import (
	"cmp"
	"slices"

	"assay/steps/internal/results"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
)

// maxImportances is how many features are shown.
const maxImportances = 15

func importanceSection(d *document) *section {
	f := &figure.Figure{Name: "importances", Across: 2, Width: 440, Height: figure.BarsHeight(maxImportances)}
	var steps []string
	for _, t := range d.Trained {
		if t.Trees != nil {
			steps = results.AppendNew(steps, t.Step)
		}
	}
	for _, s := range steps {
		for i, v := range d.Views {
			if bars := d.importances(s, v); len(bars) > 0 {
				f.Panels = append(f.Panels, figure.Bars(plain.Name(s)+", "+plain.Name(v)+" view", "Features with the highest share of the gain", i, bars))
			}
		}
	}
	if len(f.Panels) == 0 {
		return nil
	}
	about := "The share that each feature has in the gain of all splits of the trees, the mean over the held-out splits: what the model looks at, not what " +
		"causes anything. Of features that say the same, one can have it all."
	return panelSection("importances", "What the trees look at", about, nil, f)
}

// importances returns the features with the highest mean share of the gain.
func (d *document) importances(step, view string) []figure.Bar {
	models, shares := 0, map[string]float64{}
	for _, t := range d.Trained {
		if t.Trees != nil && t.Step == step && t.View == view {
			models++
			for name, share := range t.gains() {
				shares[name] += share
			}
		}
	}
	var list []figure.Bar
	for feature, share := range shares {
		list = append(list, figure.Bar{Name: plain.Text(feature, 34), Value: share / float64(models)})
	}
	slices.SortFunc(list, func(a, b figure.Bar) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Name, b.Name))
	})
	return list[:min(len(list), maxImportances)]
}

// gains returns the share of each feature in the total gain.
func (t *trained) gains() map[string]float64 {
	total, gain := 0.0, make([]float64, len(t.Trees.Features))
	for _, tree := range t.Trees.Trees {
		for _, n := range tree {
			if n.Left != 0 && int(n.Feature) < len(gain) {
				gain[n.Feature] += float64(n.Gain)
				total += float64(n.Gain)
			}
		}
	}
	out := map[string]float64{}
	for i, g := range gain {
		if g > 0 && total > 0 {
			out[t.Trees.Features[i]] = g / total
		}
	}
	return out
}
