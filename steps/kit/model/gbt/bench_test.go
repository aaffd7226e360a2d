package gbt

import "testing"

// BenchmarkTrain is a training of the size the recorded corpus gives.
func BenchmarkTrain(b *testing.B) {
	p := Params{Rounds: 100, Patience: 100, MaxDepth: 6, MaxBin: 256, LearningRate: 0.1, Lambda: 1, MinChildWeight: 1, Subsample: 1, ColsampleTree: 1, ColsampleLevel: 1, ClassWeight: Unweighted, Workers: 1}
	for b.Loop() {
		train(b, p, 1500, 230, 6)
	}
}
