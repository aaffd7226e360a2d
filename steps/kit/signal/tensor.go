package signal

import (
	"fmt"
	"math"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// Tensors are one episode's windows, in the order of time, each with every
// channel on a uniform grid.
type Tensors struct {
	Steps  int       // points of a window
	Center []float64 // N: seconds since the episode's zero
	Class  []int32   // N: of the phase at the centre, see [channel.Phases]; -1 is unknown
	X      []float32 // N×channel.Count×Steps row-major; 0 where missing
	Mask   []bool    // of the same shape: whether the value is there
}

// Len returns N, the number of windows.
func (t *Tensors) Len() int { return len(t.Class) }

// At returns where the values of channel c in window k begin in X and Mask. There are Steps.
func (t *Tensors) At(k, c int) int { return (k*channel.Count + c) * t.Steps }

// maxCells bounds the values of one episode's tensors: a day of them at 10 Hz.
const maxCells = 1 << 27

// A Tensorizer makes the tensors of episodes. Windows begin at the multiples of
// Stride; point i of a window is at its start + i/Hz, and the point at its end
// belongs to the next. A value is interpolated between the two finite samples
// around it (numpy.interp); outside of a channel's samples it is missing.
type Tensorizer struct {
	Window, Stride float64 // seconds, above 0
	Hz             float64 // points a second, above 0
	MaxWindows     int     // of one episode; see Limits.Windows
	Unknown        bool    // as of [Summarizer]

	placed  placement
	grid    []float64
	before  []float64 // the grid of the window before
	points  [channel.NumSources]points
	channel [channel.Count]finiteSeries
}

// Tensorize puts the tensors of an episode, whose signals are loaded, into out,
// whose memory it uses again. It fails if they would be more than MaxWindows or
// take too much memory.
func (z *Tensorizer) Tensorize(e *episode.Episode, g *Set, out *Tensors) error {
	if err := z.prepare(e, g, out); err != nil {
		return err
	}
	z.tensorize(g, out)
	return nil
}

// TensorizeAt puts the tensor of the one window that begins at start, in seconds, into out. It has
// the bits that [Tensorizer.Tensorize] gives that window, also if the signals hold no more than its
// samples and, of each channel, a finite one on either side. The window has no class.
func (z *Tensorizer) TensorizeAt(g *Set, start float64, out *Tensors) error {
	steps, err := z.steps()
	if err != nil {
		return err
	}
	z.placed.only(start, z.Window)
	z.reserve(out, steps)
	z.tensorize(g, out)
	return nil
}

// tensorize fills the windows that are placed.
func (z *Tensorizer) tensorize(g *Set, out *Tensors) {
	for c := range channel.Count {
		z.channel[c].keep(g.Series(c))
	}
	for k := range z.placed.start {
		z.window(g, k, out)
	}
}

// steps returns the points of a window.
func (z *Tensorizer) steps() (int, error) {
	steps := Points(z.Window, z.Hz)
	if steps < 1 || steps > maxCells/channel.Count {
		return 0, fmt.Errorf("windows of %v s at %v Hz have no points, or more than %d", z.Window, z.Hz,
			maxCells/channel.Count)
	}
	return steps, nil
}

// prepare places the windows and makes room for their values.
func (z *Tensorizer) prepare(e *episode.Episode, g *Set, out *Tensors) error {
	steps, err := z.steps()
	if err != nil {
		return err
	}
	if err := z.placed.place(geometry{z.Window, z.Stride, z.MaxWindows, z.Unknown}, e, g); err != nil {
		return err
	}
	n := len(z.placed.start)
	if n > maxCells/channel.Count/steps {
		return fmt.Errorf("episode %s/%s: %d windows of %d points are too many; take a longer stride or fewer points a second", e.Host, e.ID, n, steps)
	}
	z.reserve(out, steps)
	return nil
}

// reserve makes room for the windows that are placed.
func (z *Tensorizer) reserve(out *Tensors, steps int) {
	n := len(z.placed.start)
	out.Steps = steps
	out.Center = append(out.Center[:0], z.placed.center...)
	out.Class = append(out.Class[:0], z.placed.class...)
	out.X = resize(out.X, n*channel.Count*out.Steps)
	out.Mask = resize(out.Mask, n*channel.Count*out.Steps)
}

// window fills window k. What it shares with the one before is copied; the rest
// is interpolated, with one search among the stamps of a source for all of its
// channels.
func (z *Tensorizer) window(g *Set, k int, out *Tensors) {
	z.before, z.grid = z.grid, z.before
	z.makeGrid(z.placed.start[k], out.Steps)
	shift := out.Steps
	if k > 0 {
		shift = z.shift(z.placed.start[k]-z.placed.start[k-1], out.Steps)
	}
	shared := out.Steps - shift
	grid := z.grid[shared:]
	for s := range channel.Source(channel.NumSources) {
		z.points[s].locate(g.Times(s), grid, g.Cures.MaxGap)
	}
	for c := range channel.Count {
		at := (k*channel.Count + c) * out.Steps
		x, mask := out.X[at:at+out.Steps], out.Mask[at:at+out.Steps]
		if shared > 0 {
			was := at - channel.Count*out.Steps
			copy(x, out.X[was+shift:was+out.Steps])
			copy(mask, out.Mask[was+shift:was+out.Steps])
		}
		z.fill(g, c, grid, x[shared:], mask[shared:])
	}
}

func (z *Tensorizer) makeGrid(start float64, steps int) {
	z.grid = resize(z.grid, steps)
	for i := range z.grid {
		z.grid[i] = start + float64(i)/z.Hz
	}
}

// shift returns how many points the window's grid lies after the one before, if
// the points they share are the same to the bit; else, all of them.
func (z *Tensorizer) shift(stride float64, steps int) int {
	shift := Points(stride, z.Hz)
	if shift < 1 || shift >= steps {
		return steps
	}
	for i, x := range z.before[shift:] {
		if z.grid[i] != x {
			return steps
		}
	}
	return shift
}

// Points returns how many points of a tensor are in some seconds; 0 if that is no number, or
// more than a tensor may have.
func Points(seconds, hz float64) int {
	n := math.RoundToEven(seconds * hz)
	if !(n >= 0 && n <= maxCells) {
		return 0
	}
	return int(n)
}

// fill makes the values of a channel at the points of the grid.
func (z *Tensorizer) fill(g *Set, c int, grid []float64, x []float32, mask []bool) {
	p := &z.points[channel.At(c).Source]
	if f := &z.channel[c]; !f.all || !p.finite {
		f.fill(grid, g.Cures.MaxGap, x, mask)
		return
	}
	lost := 0
	if channel.At(c).Kind == channel.Counter { // its series lacks the first sample
		lost = 1
	}
	p.fill(g.Series(c).V, lost, x, mask)
}
