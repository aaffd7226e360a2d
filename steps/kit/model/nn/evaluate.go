package nn

import (
	"assay/steps/kit/kernel"
)

// evalPiece is how many windows a network that takes any number looks at together.
const evalPiece = 32

// pieceOf returns how many windows go through the network together outside of
// training. It changes nothing but the time taken.
func (n *Net) pieceOf() int {
	if n.arch.piece > 0 {
		return n.arch.piece
	}
	return evalPiece
}

// ready packs the weights for [Net.apply].
func (n *Net) ready() {
	for _, l := range n.layers {
		l.pack(false)
	}
}

// apply returns the padded logits of the windows that were placed in a pass. They are
// good until its next use.
func (n *Net) apply(p *pass) []float32 {
	for k := range p.spans {
		p.forward(k)
	}
	return p.value
}

// probabilities sets p to the softmax of padded logits, a row for each window.
func (n *Net) probabilities(p, logits []float32) {
	var memory [maxClasses]float64
	wide := memory[:n.Classes]
	for i := 0; i*n.Classes < len(p); i++ {
		kernel.Softmax(wide, logits[i*n.logits():][:n.Classes])
		for k, v := range wide {
			p[i*n.Classes+k] = float32(v)
		}
	}
}
