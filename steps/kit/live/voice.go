package live

import (
	"fmt"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/signal"
)

// A Voice is a model by a name.
type Voice struct {
	Name  string
	Model model.Model
}

// A speaker is a model with what it is fed with.
type speaker struct {
	Voice
	about  model.About
	feed   *model.Feed
	tensor *tensor // nil for a model of summaries
	p      [channel.NumPhases]float32
}

// A tensor is the points of a window, which all models of one grid read.
type tensor struct {
	maker signal.Tensorizer
	out   signal.Tensors
}

// speakers opens the feeds of models. Models of the same points share their tensors.
func speakers(o Options) (list []*speaker, tensors []*tensor, err error) {
	for _, v := range o.Models {
		s := &speaker{Voice: v, about: v.Model.About()}
		if s.feed, err = model.NewFeed(s.about, o.View, o.Grid); err != nil {
			return nil, nil, fmt.Errorf("model %s: %w", v.Name, err)
		}
		if s.about.Form == model.Tensors {
			s.tensor, tensors = tensorOf(tensors, o.Grid, s.about.Hz)
		}
		list = append(list, s)
	}
	return list, tensors, nil
}

// tensorOf returns the tensors of so many points a second, which are made unless they are listed.
func tensorOf(list []*tensor, g model.Grid, hz float64) (*tensor, []*tensor) {
	for _, t := range list {
		if t.maker.Hz == hz {
			return t, list
		}
	}
	t := &tensor{maker: signal.Tensorizer{Window: g.Window, Stride: g.Stride, Hz: hz}}
	return t, append(list, t)
}

// say predicts a window, whose features are x and whose tensors are made.
func (s *speaker) say(x []float32) error {
	input := x
	if s.tensor == nil {
		input = s.feed.Summary(x)
	} else {
		var err error
		if input, err = s.feed.Tensor(&s.tensor.out); err != nil {
			return fmt.Errorf("model %s: %w", s.Name, err)
		}
	}
	s.Model.Predict(s.p[:], input)
	return nil
}

// mean returns the mean of what models say, as the kind average computes it; of one model, what
// it says.
func mean(list []*speaker) (p [channel.NumPhases]float32) {
	if len(list) == 1 {
		return list[0].p
	}
	for k := range p {
		sum := 0.0
		for _, s := range list {
			sum += float64(s.p[k])
		}
		p[k] = float32(sum / float64(len(list)))
	}
	return p
}
