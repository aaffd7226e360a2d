package nn

import (
	"errors"
	"fmt"
)

// Settings say how a network is trained.
type Settings struct {
	Epochs       int     // at most
	Patience     int     // epochs without a better validation score before training stops
	Batch        int     // windows of a step
	Rate         float64 // highest learning rate
	Decay        float64 // weight decay of matrices
	Warmup       float64 // share of the steps in which the rate rises from 0
	Clip         float64 // largest norm of a gradient
	Smoothing    float64 // of the targets
	Balance      float64 // a class of n windows weighs n^-Balance
	DropChannels float64 // share of the inputs that each window lacks in training
	Seed         uint64
	Workers      int // goroutines; they show nowhere
}

// smallest is the lowest rate and norm that make a difference.
const smallest = 1e-12

// Check returns every mistake at once.
func (s Settings) Check() error {
	var errs []error
	within := func(name string, x, least, most float64) {
		if !(x >= least && x <= most) {
			errs = append(errs, fmt.Errorf("%s is %v, want %v to %v", name, x, least, most))
		}
	}
	within("epochs", float64(s.Epochs), 1, 1e6)
	within("patience", float64(s.Patience), 1, 1e6)
	within("batch", float64(s.Batch), 1, 1<<16)
	within("rate", s.Rate, smallest, 10)
	within("weight_decay", s.Decay, 0, 10)
	within("warmup", s.Warmup, 0, 1)
	within("clip", s.Clip, smallest, 1e6)
	within("smoothing", s.Smoothing, 0, 0.9)
	within("class_weights", s.Balance, 0, 2)
	within("drop_channels", s.DropChannels, 0, 0.9)
	return errors.Join(errs...)
}
