package report

import (
	"slices"

	"assay/steps/internal/results"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
)

// maxPoints is how many points of a curve are drawn; more would not be seen.
const maxPoints = 120

func learningSection(d *document) *section {
	f := &figure.Figure{Name: "learning", Across: 4, Width: 208, Height: 180}
	var steps []string
	for _, t := range d.Trained {
		steps = results.AppendNew(steps, t.Step)
	}
	for _, s := range steps {
		var back, front []figure.Line
		for _, t := range d.Trained {
			if t.Step != s || len(t.Curve.Validation) < 2 {
				continue
			}
			x, train, validation, best := t.Curve.thin()
			back = append(back, figure.Line{Series: figure.Background, X: x, Y: train, Marked: figure.NoMark})
			view := max(slices.Index(d.Views, t.View), 0)
			front = append(front, figure.Line{Series: view, X: x, Y: validation, Marked: best})
		}
		if len(front) > 0 {
			f.Panels = append(f.Panels, figure.Lines(plain.Name(s), "Loss of "+plain.Name(s)+" by epoch or round", figure.Axes{XLabel: "epoch or round"},
				append(back, front...)))
		}
	}
	if len(f.Panels) == 0 {
		return nil
	}
	about := "Loss by epoch of a network or round of trees, a line for each split and view: coloured on the validation part, grey on the training part. " +
		"The mark is the model that was kept. A network's training loss is weighted and smoothed, so only its course can be compared."
	return panelSection("learning", "How training went", about, d.viewLegend(), f)
}

// thin returns the points of a curve to draw, at most some 120, and the index of the best
// among them.
func (c curve) thin() (x, train, validation []float64, best int) {
	step := (len(c.Validation) + maxPoints - 1) / maxPoints
	best = figure.NoMark
	for i := range c.Validation {
		if i%step != 0 && i != c.Best && i != len(c.Validation)-1 {
			continue
		}
		if i == c.Best {
			best = len(x)
		}
		x, train, validation = append(x, float64(i+1)), append(train, c.Train[i]), append(validation, c.Validation[i])
	}
	return x, train, validation, best
}
