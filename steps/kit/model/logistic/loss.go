package logistic

import (
	"slices"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
)

// A problem is what is minimised over the weights W, F+1 rows of K:
//
//	Σᵢ share[yᵢ] · (log Σₖ exp(zᵢₖ) - zᵢᵧ) + λ/2 · ‖W‖²,  zᵢ = (xᵢ, 1)·W
//
// The shares of all windows add up to 1. The biases are penalised like the rest, which
// makes the minimum unique even where a class does not occur in training.
type problem struct {
	x        []float32 // N×F: scaled
	y        []int32   // N
	share    []float64 // K: of one window of a class
	features int
	classes  int
	lambda   float64

	team   *f32.Team
	pieces []piece
	at     []float64 // the weights that the pieces look at
	work   func(int) // computes a piece
}

// A piece is some windows, one after the other, and what they add to loss and gradient.
type piece struct {
	from, to int
	loss     float64
	gradient []float64
}

// maxPieces is how many pieces the windows are cut into at most, whatever the number of
// cores: sums go window by window within a piece, and then piece by piece.
const maxPieces = 16

// newProblem makes a problem without a penalty.
func newProblem(x []float32, y []int32, share []float64, features int, team *f32.Team) *problem {
	p := &problem{x: x, y: y, share: share, features: features, classes: len(share), team: team}
	each := (len(y) + maxPieces - 1) / maxPieces
	for from := 0; from < len(y); from += each {
		p.pieces = append(p.pieces, piece{from: from, to: min(from+each, len(y)), gradient: make([]float64, p.size())})
	}
	p.work = func(i int) { p.compute(&p.pieces[i]) }
	return p
}

// size is the number of weights.
func (p *problem) size() int { return (p.features + 1) * p.classes }

// evaluate returns the loss at some weights, and sets its gradient.
func (p *problem) evaluate(gradient, w []float64) float64 {
	p.at = w
	p.team.Do(len(p.pieces), p.work)
	loss, squares := 0.0, 0.0
	for i, v := range w {
		squares += float64(v * v)
		gradient[i] = float64(p.lambda * v)
	}
	for _, piece := range p.pieces {
		loss += piece.loss
		for i, g := range piece.gradient {
			gradient[i] += g
		}
	}
	return loss + float64(p.lambda/2*squares)
}

// compute sets the loss and gradient of a piece.
func (p *problem) compute(piece *piece) {
	clear(piece.gradient)
	piece.loss = 0
	k := p.classes
	var memory [maxClasses]float64
	z := memory[:k]
	bias := piece.gradient[p.features*k:]
	for i := piece.from; i < piece.to; i++ {
		share := p.share[p.y[i]]
		if share == 0 {
			continue
		}
		x := p.x[i*p.features : (i+1)*p.features]
		p.linear(z, x)
		right := z[p.y[i]]
		piece.loss += float64(share * (softmax(z) - right))
		z[p.y[i]]--
		for c := range z {
			z[c] = float64(z[c] * share)
			bias[c] += z[c]
		}
		spread(piece.gradient, x, z)
	}
}

// linear sets z to the linear functions of a window.
func (p *problem) linear(z []float64, x []float32) {
	k := len(z)
	copy(z, p.at[p.features*k:])
	for f, v := range x {
		v, w := float64(v), p.at[f*k:][:k]
		for c := range z {
			z[c] += float64(v * w[c])
		}
	}
}

// softmax replaces z by exp(z[i]) / Σ exp(z[j]) and returns log Σ exp(z[j]). It is
// [kernel.Softmax] for float64: logits of float32 would make steps of the loss, on which
// the last iterations stumble.
func softmax(z []float64) (logSum float64) {
	top := slices.Max(z)
	sum := 0.0
	for i, v := range z {
		z[i] = kernel.Exp(v - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
	return top + kernel.Log(sum)
}

// spread adds the product of a window and what is wrong with each class to a gradient.
func spread(gradient []float64, x []float32, wrong []float64) {
	k := len(wrong)
	for f, v := range x {
		v, g := float64(v), gradient[f*k:][:k]
		for c, r := range wrong {
			g[c] += float64(v * r)
		}
	}
}
