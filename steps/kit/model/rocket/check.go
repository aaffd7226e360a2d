package rocket

import (
	"errors"
	"fmt"
)

// check returns an error unless a plan is one that could be drawn.
func (p *plan) check() error {
	switch n := len(p.Dilations); {
	case p.Points < 1 || p.Inputs < 1 || p.Points > mostValues/p.Inputs:
		return fmt.Errorf("windows have %d points of %d inputs; want 1 or more of each, and %d values or fewer", p.Points,
			p.Inputs, mostValues)
	case n < 1 || n > maxDilations || len(p.Biases) != n || len(p.Channels) != n*kernels:
		return fmt.Errorf("there are %d dilations, %d numbers of biases and %d lists of channels; want 1 to %d, as many, and "+
			"%d times as many", n, len(p.Biases), len(p.Channels), maxDilations, kernels)
	}
	features := 0
	for i, d := range p.Dilations {
		if d < 1 || d > p.widest() || i > 0 && d <= p.Dilations[i-1] {
			return fmt.Errorf("dilation %d is %d; want them ascending, from 1 to %d", i, d, p.widest())
		}
		if n := p.Biases[i]; n < 0 || n > mostFeatures/kernels-features {
			return fmt.Errorf("dilation %d has %d biases for each kernel; want 0 or more, and %d features or fewer in all", d, n,
				mostFeatures)
		}
		features += p.Biases[i]
	}
	if features == 0 {
		return errors.New("there are no features")
	}
	for i, list := range p.Channels {
		if err := p.checkChannels(list); err != nil {
			return fmt.Errorf("list %d of channels: %w", i, err)
		}
	}
	return nil
}

// checkChannels checks what a pair reads.
func (p *plan) checkChannels(list []int) error {
	if len(list) < 1 || len(list) > mostChannels {
		return fmt.Errorf("it has %d, want 1 to %d", len(list), mostChannels)
	}
	for i, c := range list {
		if c < 0 || c >= p.Inputs || i > 0 && c <= list[i-1] {
			return fmt.Errorf("%d is not right; want them ascending, from 0 to %d", c, p.Inputs-1)
		}
	}
	return nil
}
