package training

import (
	"slices"
	"sync/atomic"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// A doubler says twice of what it reads, and counts the windows.
type doubler struct{ windows atomic.Int64 }

func (*doubler) About() model.About { return model.About{} }

func (d *doubler) Predict(p, x []float32) {
	d.windows.Add(int64(len(p) / 3))
	for i := range p {
		p[i] = 2 * x[i/3*2+i%3%2]
	}
}

// TestPredictInPieces compares pieces, however many cores share them, with all windows at once.
func TestPredictInPieces(t *testing.T) {
	for _, n := range []int{0, 1, predictPiece - 1, predictPiece, predictPiece + 1, 5*predictPiece + 3} {
		x, want := make([]float32, 2*n), make([]float32, 3*n)
		for i := range x {
			x[i] = float32(i)
		}
		new(doubler).Predict(want, x)
		for _, workers := range []int{1, 2, 5} {
			team, m, got := f32.NewTeam(workers), new(doubler), make([]float32, 3*n)
			predictSummaries(team, m, got, 3, x, 2)
			team.Close()
			if !slices.Equal(got, want) || m.windows.Load() != int64(n) {
				t.Errorf("%d windows, %d workers: %v of %d windows, want %v", n, workers, got, m.windows.Load(), want)
			}
		}
	}
}
