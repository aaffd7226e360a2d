package gbt

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/model"
)

// goldenModel is the SHA-256 of the model file that TestGoldenModel trains. It
// was written down on amd64 and must come out on every machine; a change of it
// means that the kind's version must rise.
const goldenModel = "ddce72a07d8dbc4381cbdb7b22bd8dbac109e54a8068ccf7f67b0bc4cc35bd67"

func TestGoldenModel(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		if got := goldenTrained(t, workers); got != goldenModel {
			t.Errorf("with %d workers the model's SHA-256 is %s, want %s", workers, got, goldenModel)
		}
	}
}

// goldenTrained trains the model and returns its SHA-256.
func goldenTrained(t *testing.T, workers int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(12, 34))
	const rows, columns, classes = 300, 12, 4
	s, _ := problem(1, 1, columns, classes)
	set := func() model.Set {
		// Integers alone: even the drawing of a normal number may differ
		// between machines.
		x := model.Set{X: make([]float32, rows*columns), Y: make([]int32, rows)}
		for i := range x.Y {
			x.Y[i] = int32(rng.IntN(classes))
			for c := range columns {
				x.X[i*columns+c] = float32(rng.IntN(1000)+rng.IntN(1000)+int(x.Y[i])*(c%4)*200) / 7
			}
		}
		return x
	}
	p := defaults()
	p.Rounds, p.Subsample, p.ColsampleTree, p.ColsampleLevel = 20, 0.7, 0.8, 0.7
	p.ClassWeight, p.Gamma, p.Workers = Balanced, 0.1, workers
	fit, err := fitOf(t.Context(), p, s, set(), set(), nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(saved(t, fit.Model))
	return hex.EncodeToString(sum[:])
}
