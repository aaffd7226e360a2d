package nn

import (
	"errors"
	"fmt"
	"math"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// A Scaler makes the inputs of a network from what was recorded. A value x becomes
//
//	clip((sign(x)·log(1 + |x|) - Mean)·Inverse, ±6)
//
// and one that is missing becomes 0, the mean. Behind the values lies the mask: a
// column for each channel in Masks, 1 where the value is missing and 0 elsewhere.
// It is fitted to the training part alone.
type Scaler struct {
	Mean    []float32 `json:"mean"`    // C: of the logarithms
	Inverse []float32 `json:"inverse"` // C: 1 / their standard deviation; 0 where that is 0 or unknown
	Masks   []int     `json:"masks"`   // channels that are often missing
}

const (
	clipAt       = 6
	leastSpread  = 1e-6 // a lower standard deviation is that of a constant
	oftenMissing = 0.01 // a channel has a mask if this share of its values is missing in training
)

// Inputs returns the columns of a point.
func (s *Scaler) Inputs() int { return len(s.Mean) + len(s.Masks) }

// check returns an error unless the scaler is one for some channels.
func (s *Scaler) check(channels int) error {
	if len(s.Mean) != channels || len(s.Inverse) != channels || len(s.Masks) > channels {
		return fmt.Errorf("the scaler has %d means, %d deviations and %d masks for %d channels", len(s.Mean),
			len(s.Inverse), len(s.Masks), channels)
	}
	for c := range channels {
		if !kernel.Finite(s.Mean[c]) || !kernel.Finite(s.Inverse[c]) || s.Inverse[c] < 0 {
			return fmt.Errorf("the scaler's mean or deviation of channel %d is not a finite number", c)
		}
	}
	for i, c := range s.Masks {
		if c < 0 || c >= channels || i > 0 && c <= s.Masks[i-1] {
			return errors.New("the scaler's masks are not channels in ascending order")
		}
	}
	return nil
}

// fitScaler fits a scaler to the windows of the training part, as recorded. Values that
// are not finite count as missing.
func fitScaler(series *model.Series, rows []int) *Scaler {
	n := series.Columns
	s := &Scaler{Mean: make([]float32, n), Inverse: make([]float32, n)}
	sums, counts := make([]float64, n), make([]int, n)
	visit(series, rows, func(c int, x float64) {
		sums[c] += x
		counts[c]++
	})
	for c, count := range counts {
		if count > 0 {
			sums[c] /= float64(count)
		}
	}
	squares := make([]float64, n)
	visit(series, rows, func(c int, x float64) {
		d := x - sums[c]
		squares[c] += float64(d * d)
	})
	points := len(rows) * series.Points
	for c, count := range counts {
		s.Mean[c] = float32(sums[c])
		if deviation := math.Sqrt(squares[c] / float64(max(1, count))); deviation > leastSpread {
			s.Inverse[c] = float32(1 / deviation)
		}
		if float64(points-count) >= float64(oftenMissing*float64(points)) && count > 0 {
			s.Masks = append(s.Masks, c)
		}
	}
	return s
}

// visit calls f with the channel and the logarithm of every finite value of some
// windows.
func visit(s *model.Series, rows []int, f func(c int, x float64)) {
	logs := make([]float32, s.Points*s.Columns)
	for _, i := range rows {
		f32.SignLog(logs, s.Window(i))
		for at := 0; at < len(logs); at += s.Columns {
			for c, x := range logs[at : at+s.Columns] {
				if kernel.Finite(x) {
					f(c, float64(x))
				}
			}
		}
	}
}

// point makes the inputs of one point from the logarithms of its values.
func (s *Scaler) point(to, logs []float32) {
	for c, x := range logs {
		v := float32((x - s.Mean[c]) * s.Inverse[c])
		switch {
		case v > clipAt:
			v = clipAt
		case v < -clipAt:
			v = -clipAt
		case v != v:
			v = 0
		}
		to[c] = v
	}
	for i, c := range s.Masks {
		to[len(logs)+i] = 0
		if x := logs[c]; x != x {
			to[len(logs)+i] = 1
		}
	}
}

// window makes the inputs of a window, or of any points, from what was recorded. logs
// is memory for a point.
func (s *Scaler) window(to, x, logs []float32) {
	columns, inputs := len(s.Mean), s.Inputs()
	for t := 0; t*columns < len(x); t++ {
		f32.SignLog(logs, x[t*columns:(t+1)*columns])
		s.point(to[t*inputs:(t+1)*inputs], logs)
	}
}

// scaleChunk is how many rows a worker scales at a time.
const scaleChunk = 1 << 10

// scaled returns the inputs of all windows.
func (s *Scaler) scaled(series *model.Series, team *f32.Team) *model.Series {
	columns, rows := len(s.Mean), series.Rows()
	inputs := *series
	inputs.Columns = s.Inputs()
	inputs.Data = make([]float32, rows*inputs.Columns)
	team.Do((rows+scaleChunk-1)/scaleChunk, func(i int) {
		from, to := i*scaleChunk, min((i+1)*scaleChunk, rows)
		s.window(inputs.Data[from*inputs.Columns:to*inputs.Columns], series.Data[from*columns:to*columns],
			make([]float32, columns))
	})
	return &inputs
}
