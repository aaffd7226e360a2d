package model

import (
	"fmt"
	"math"

	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// Series are the channels of many windows over time. Windows of one episode that overlap
// share the rows that they have in common.
type Series struct {
	Columns int // channels of the view, and their context
	Points  int // rows of a window

	// Data has rows of Columns values, one row per point in time. NaN is missing. A value
	// that float32 cannot hold is an infinity.
	Data []float32

	// Start is the first row of each window, by the window's row in the table; -1 for the
	// windows of excluded episodes.
	Start []int
}

// Window returns the tensor of a window, given by its row in the table: Points×Columns,
// row-major, so time goes first. It must not be changed. The window must not be of an excluded
// episode.
func (s *Series) Window(i int) []float32 {
	from := s.Start[i] * s.Columns
	to := from + s.Points*s.Columns
	return s.Data[from:to:to]
}

// Rows returns the number of rows.
func (s *Series) Rows() int { return len(s.Data) / s.Columns }

// maxCells bounds the values of a series: 8 GiB.
const maxCells = 1 << 31

// A gatherer puts the tensors of episodes into a series.
type gatherer struct {
	series   *Series
	channels []int // which of the registry are the columns, or with context the first ones
	hz       float64

	past []causal.Running // of the means of each channel; nil without context
}

// reserve makes room for as many rows. It fails if they are too many.
func (g *gatherer) reserve(rows int) error {
	if rows > maxCells/g.series.Columns {
		return tooMany(rows, g.series.Columns)
	}
	g.series.Data = make([]float32, 0, rows*g.series.Columns)
	return nil
}

// tooMany says that the windows have more values than fit.
func tooMany(rows, columns int) error {
	return fmt.Errorf("the windows have %d points of %d channels, which is more than %d values; "+
		"take fewer points a second (hz) or fewer episodes", rows, columns, maxCells)
}

// add puts the tensors of an episode at the end. Its windows are the rows of the table from
// first on.
func (g *gatherer) add(t *signal.Tensors, first int) error {
	s := g.series
	clear(g.past)
	row := first
	for k := range t.Len() {
		g.remember(t, k)
		if t.Class[k] < 0 { // it is nobody's, and past all the same
			continue
		}
		shift := s.Points
		if k > 0 {
			shift = g.shift(t, k)
		}
		end := s.Rows()
		if end+shift > maxCells/s.Columns {
			return tooMany(end+shift, s.Columns)
		}
		s.Start[row] = end + shift - s.Points
		row++
		g.append(t, k, s.Points-shift)
	}
	return nil
}

// distance returns how many points a window begins after the one before, and at most as many
// as a window has, if their centres are these. With context, windows share no row: one point is at
// another distance from the mean in each of them.
func (g *gatherer) distance(before, center float64) int {
	if g.past != nil {
		return g.series.Points
	}
	shift := signal.Points(center-before, g.hz)
	if shift < 1 || shift > g.series.Points {
		return g.series.Points
	}
	return shift
}

// shift returns how many rows window k of an episode adds to those of the window before. These are
// all of them, unless what both show is the same to the bit.
func (g *gatherer) shift(t *signal.Tensors, k int) int {
	shift := g.distance(t.Center[k-1], t.Center[k])
	shared := t.Steps - shift
	for _, c := range g.channels {
		now := (k*channel.Count + c) * t.Steps
		was := now - channel.Count*t.Steps + shift
		for i := range shared {
			if math.Float32bits(t.X[now+i]) != math.Float32bits(t.X[was+i]) || t.Mask[now+i] != t.Mask[was+i] {
				return t.Steps
			}
		}
	}
	return shift
}

// append adds the points of window k from one of them on.
func (g *gatherer) append(t *signal.Tensors, k, from int) {
	s := g.series
	old := len(s.Data)
	n := (t.Steps - from) * s.Columns
	if old+n <= cap(s.Data) {
		s.Data = s.Data[:old+n]
	} else {
		s.Data = append(s.Data, make([]float32, n)...)
	}
	for column, c := range g.channels {
		at := (k*channel.Count + c) * t.Steps
		x, mask := t.X[at+from:at+t.Steps], t.Mask[at+from:at+t.Steps]
		for i, v := range x {
			if !mask[i] {
				v = float32(math.NaN())
			}
			s.Data[old+i*s.Columns+column] = v
		}
	}
	g.appendContext(s.Data[old:])
}
