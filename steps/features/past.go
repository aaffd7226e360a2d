package features

import (
	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// A past adds causal context to the windows of one episode after the other. nil adds none.
type past struct {
	context *causal.Context
	out     signal.Windows // its memory is used again
}

func newPast(wanted bool) *past {
	if !wanted {
		return nil
	}
	return &past{context: causal.New(channel.NumFeatures)}
}

// add returns the windows of known phase, each with its features and behind them their context. A
// window of unknown phase is left out only now: a detector does not know phases, so the window
// counts as past for those after it.
func (p *past) add(w signal.Windows) signal.Windows {
	if p == nil {
		return w
	}
	p.context.Reset()
	p.out = signal.Windows{Center: p.out.Center[:0], Class: p.out.Class[:0], X: p.out.X[:0]}
	var context [causal.Kinds * channel.NumFeatures]float32
	for i, class := range w.Class {
		x := w.X[i*channel.NumFeatures : (i+1)*channel.NumFeatures]
		p.context.Next(context[:], x)
		if class < 0 {
			continue
		}
		p.out.Center, p.out.Class = append(p.out.Center, w.Center[i]), append(p.out.Class, class)
		p.out.X = append(append(p.out.X, x...), context[:]...)
	}
	return p.out
}
