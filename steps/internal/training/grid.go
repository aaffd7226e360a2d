package training

import (
	"errors"
	"fmt"
	"time"

	"assay/engine/step"
	"assay/steps/internal/cures"
	"assay/steps/kit/model"
)

// Grid are the parameters of every kind whose models read tensors. The windows table does not
// say where its windows lie, so the kind has the parameters of the step that made them.
type Grid struct {
	Window step.Duration `json:"window" doc:"length of a window, as of the step that made the windows"`
	Stride step.Duration `json:"stride" doc:"distance between the starts of two windows, as of the step that made the windows"`
	Hz     float64       `json:"hz" doc:"points per second of a window"`
	Cures  cures.Params  `json:"cures" doc:"quirks of the original to correct, as in the step that made the windows"`

	// Off, it leaves no trace in an action.
	Context bool `json:"context,omitempty" doc:"give each channel two more, its causal context: the distance to the mean and to the maximum of the means of the episode's windows so far"`
}

// GridDefaults returns the windows of the paper, as features does: 10 s, half overlapping, of
// 10 points per second.
func GridDefaults() Grid {
	return Grid{Window: step.Duration(10 * time.Second), Stride: step.Duration(5 * time.Second), Hz: 10}
}

// CheckGrid returns every mistake at once.
func (g *Grid) CheckGrid() error {
	spans := CheckSpans(g.Window, g.Stride)
	errs := []error{spans}
	switch points, _ := g.InSeconds().Points(); {
	case !(g.Hz > 0):
		errs = append(errs, fmt.Errorf("hz is %v, want more than 0", g.Hz))
	case points < 1 && spans == nil:
		errs = append(errs, fmt.Errorf("hz is %v, so a window of %v has no points, or too many", g.Hz,
			time.Duration(g.Window)))
	}
	return errors.Join(append(errs, g.Cures.Check())...)
}

// CheckSpans returns what is wrong with the length of windows and their distance.
func CheckSpans(window, stride step.Duration) error {
	var errs []error
	for _, p := range []struct {
		name string
		is   step.Duration
	}{{"window", window}, {"stride", stride}} {
		if p.is <= 0 {
			errs = append(errs, fmt.Errorf("%s is %v, want more than 0s", p.name, time.Duration(p.is)))
		}
	}
	return errors.Join(errs...)
}

// InSeconds returns the grid in the units of its work.
func (g *Grid) InSeconds() model.Grid {
	return model.Grid{Window: g.Window.Seconds(), Stride: g.Stride.Seconds(), Hz: g.Hz, Cures: g.Cures.InSeconds(),
		Context: g.Context}
}
