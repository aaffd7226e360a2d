package report

import (
	"fmt"
	"math"
	"slices"

	"assay/steps/kit/compare"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
)

func calibrationSection(d *document) *section {
	f := &figure.Figure{Name: "calibration", Across: 4, Width: 208, Height: 200}
	for _, m := range d.Models {
		diagonal := []float64{0, 1}
		lines := []figure.Line{{Series: figure.Background, X: diagonal, Y: diagonal,
			Marked: figure.NoMark, Dashed: true}}
		title := plain.Name(m) + ", ECE"
		for i, v := range d.Views {
			line := figure.Line{Series: i, Marked: figure.AllMark}
			line.X, line.Y = d.pooledBins(m, v)
			if ece := d.pooled(m, v, "ece"); len(line.X) > 0 {
				lines = append(lines, line)
				title += fmt.Sprintf(" %s", plain.Brief(ece))
			}
		}
		if len(lines) > 1 {
			f.Panels = append(f.Panels, figure.Lines(title, "Accuracy by confidence of "+plain.Name(m),
				figure.Axes{XMax: 1, YMax: 1, XLabel: "confidence"}, lines))
		}
	}
	if len(f.Panels) == 0 {
		return nil
	}
	about := "How often the likeliest class is the true one, by how likely the model said it was, over the test windows of all splits. A model on the " +
		"dashed line can be believed; below it, it is too sure. ECE, the expected calibration error, is the mean over the splits for each view."
	return panelSection("calibration", "Can the probabilities be believed", about, d.viewLegend(), f)
}

// pooledBins returns confidence and accuracy of each bin, over all evaluations of a model
// and view.
func (d *document) pooledBins(model, view string) (confidence, accuracy []float64) {
	type sums struct{ windows, confidence, accuracy float64 }
	bins := map[float64]*sums{}
	var lows []float64
	for _, e := range d.Evals {
		if e.Model != model || e.View != view {
			continue
		}
		for _, b := range e.Calibration {
			if bins[b.Low] == nil {
				bins[b.Low] = &sums{}
				lows = append(lows, b.Low)
			}
			s, n := bins[b.Low], float64(b.Windows)
			s.windows += n
			s.confidence += float64(n * b.Confidence)
			s.accuracy += float64(n * b.Accuracy)
		}
	}
	slices.Sort(lows)
	for _, low := range lows {
		if s := bins[low]; s.windows >= 10 { // fewer say nothing
			confidence, accuracy = append(confidence, s.confidence/s.windows), append(accuracy, s.accuracy/s.windows)
		}
	}
	return confidence, accuracy
}

// pooled returns the mean of a measure over the evaluations of a model and view.
func (d *document) pooled(model, view, measure string) float64 {
	var list []float64
	for _, e := range d.Evals {
		if v := e.Value(measure); e.Model == model && e.View == view && !math.IsNaN(v) {
			list = append(list, v)
		}
	}
	return compare.Mean(list)
}
