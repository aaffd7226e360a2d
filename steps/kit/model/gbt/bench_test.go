package gbt

import "testing"

// BenchmarkTrain is a training of the size the recorded corpus gives.
func BenchmarkTrain(b *testing.B) {
	p := Params{Rounds: 100, Patience: 100, MaxDepth: 6, MaxBin: 256, LearningRate: 0.1, Lambda: 1, MinChildWeight: 1, Subsample: 1, ColsampleTree: 1, ColsampleLevel: 1, ClassWeight: Unweighted, Workers: 1}
	for b.Loop() {
		train(b, p, 1500, 230, 6)
	}
}

// BenchmarkPredict predicts 6,400 windows with a model of that size: 200 rounds of 6 classes.
func BenchmarkPredict(b *testing.B) {
	p := Params{Rounds: 200, Patience: 200, MaxDepth: 6, MaxBin: 64, LearningRate: 0.1, Lambda: 1, MinChildWeight: 1, Subsample: 1, ColsampleTree: 1, ColsampleLevel: 1, ClassWeight: Unweighted, Workers: 1}
	fit, _ := train(b, p, 4000, 230, 6)
	_, set := problem(3, 6400, 230, 6)
	said := make([]float32, 6400*6)
	for name, f := range map[string]func(p, x []float32){"forest": fit.Model.Predict, "plain": fit.Model.predictFew} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f(said, set.X)
			}
		})
	}
}
