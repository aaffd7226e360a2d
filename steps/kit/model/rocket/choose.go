package rocket

import (
	"slices"

	"assay/steps/kit/kernel/f32"
)

// choose returns the classifier that is best on the validation part, calibrated.
func (t *trainer) choose(candidates []linear) (*Fit, linear, error) {
	logits := make([][]float32, len(candidates))
	n := len(t.Validation.Rows)
	for i := range logits {
		logits[i] = make([]float32, n*t.classes)
	}
	for from := 0; from < n; from += rowPiece {
		rows := t.Validation.Rows[from:min(from+rowPiece, n)]
		x := f32.NewMatrix(len(rows), len(t.biases))
		if err := t.extract(rows, x.Row); err != nil {
			return nil, linear{}, err
		}
		t.team.Do(len(candidates), func(c int) {
			for i := range rows {
				candidates[c].logits(logits[c][(from+i)*t.classes:][:t.classes], x.Row(i))
			}
		})
	}
	fit := &Fit{}
	j := &judge{t.Validation.Y, t.classWeights(), t.classes}
	for i, z := range logits {
		try := Try{Ridge: t.Ridges[i], MacroF1: j.macroF1(z)}
		try.Factor, try.Loss = j.calibrate(z)
		fit.Tries = append(fit.Tries, try)
		if try.Loss < fit.Tries[fit.Best].Loss {
			fit.Best = i
		}
	}
	t.told(1)
	best := candidates[fit.Best]
	best.scale(fit.Tries[fit.Best].Factor)
	return fit, best, nil
}

// flat reports whether the logits are the same for all features.
func (l *linear) flat() bool {
	return !slices.ContainsFunc(l.weights, func(w float32) bool { return w != 0 })
}

// scale multiplies the logits.
func (l *linear) scale(factor float64) {
	for i, w := range l.weights {
		l.weights[i] = float32(float64(w) * factor)
	}
	for i, b := range l.intercepts {
		l.intercepts[i] = float32(float64(b) * factor)
	}
}

// extractPiece is how many windows a worker takes at a time.
const extractPiece = 8 * lanes

// extract computes the features of windows, given by their rows in the table, into row(0), row(1)
// and so on.
func (t *trainer) extract(windows []int, row func(int) []float32) error {
	t.team.Do((len(windows)+extractPiece-1)/extractPiece, func(piece int) {
		if t.ctx.Err() != nil {
			return
		}
		e := newExtractor(t.plan, t.thresholds)
		end := min((piece+1)*extractPiece, len(windows))
		for i := piece * extractPiece; i < end; i += lanes {
			clear(e.block)
			var rows [][]float32
			for k := i; k < min(i+lanes, end); k++ {
				e.add(t.inputs.Window(windows[k]), k-i)
				rows = append(rows, row(k))
			}
			e.features(rows)
		}
	})
	return t.ctx.Err()
}
