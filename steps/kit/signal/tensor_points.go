package signal

import (
	"math"
	"slices"
)

// points are where the points of a grid lie among the stamps of a source, which
// its channels have in common.
type points struct {
	finite bool      // all stamps are finite, else the rest is not known
	at     []int32   // the last row that is not after the point; -1 if it is outside
	dx, dt []float64 // from there to the point and, if that is not 0, to the next row
}

// locate finds the points of an ascending grid that lie on a row or, unless gap is
// 0, between rows no further apart than gap.
func (p *points) locate(t, grid []float64, gap float64) {
	n := len(t)
	p.finite = n == 0 || !notFinite(t[0]) && !notFinite(t[n-1])
	if !p.finite {
		return
	}
	p.at, p.dx, p.dt = resize(p.at, len(grid)), resize(p.dx, len(grid)), resize(p.dt, len(grid))
	j := -1
	if n > 0 && len(grid) > 0 {
		j = lastAt(t, grid[0])
	}
	for i, x := range grid {
		for j+1 < n && t[j+1] <= x {
			j++
		}
		p.at[i], p.dx[i], p.dt[i] = -1, 0, 0
		switch {
		case j < 0:
		case t[j] == x:
			p.at[i] = int32(j)
		case j+1 < n:
			if dt := t[j+1] - t[j]; gap == 0 || dt <= gap {
				p.at[i], p.dx[i], p.dt[i] = int32(j), x-t[j], dt
			}
		}
	}
}

// fill interpolates the finite values v of a channel whose series lacks the
// first rows of its source, as many as lost says. It is [interp] with the search
// done before.
func (p *points) fill(v []float64, lost int, x []float32, mask []bool) {
	dx, dt := p.dx[:len(p.at)], p.dt[:len(p.at)]
	x, mask = x[:len(p.at)], mask[:len(p.at)]
	for i, at := range p.at {
		j := int(at) - lost
		if j < 0 {
			x[i], mask[i] = 0, false
			continue
		}
		y := v[j]
		if d := dx[i]; d != 0 {
			slope := (v[j+1] - y) / dt[i]
			y = float64(slope*d) + y
		}
		set(y, &x[i], &mask[i])
	}
}

// set stores a value that is finite; any other is missing.
func set(y float64, x *float32, mask *bool) {
	if notFinite(y) {
		*x, *mask = 0, false
		return
	}
	*x, *mask = float32(y), true
}

// A finiteSeries is the finite samples of a channel.
type finiteSeries struct {
	all        bool // every sample is finite
	t, v       []float64
	ownT, ownV []float64 // memory for those of a channel that has others too
	y          []float64
}

// keep takes the finite samples of a series.
func (f *finiteSeries) keep(s Series) {
	if f.all = !slices.ContainsFunc(s.V, notFinite); f.all {
		f.t, f.v = s.T, s.V
		return
	}
	f.ownT, f.ownV = f.ownT[:0], f.ownV[:0]
	for i, x := range s.V {
		if !notFinite(x) {
			f.ownT, f.ownV = append(f.ownT, s.T[i]), append(f.ownV, x)
		}
	}
	f.t, f.v = f.ownT, f.ownV
}

// fill interpolates by itself.
func (f *finiteSeries) fill(grid []float64, gap float64, x []float32, mask []bool) {
	f.y = resize(f.y, len(grid))
	interp(grid, f.t, f.v, f.y)
	for i, y := range f.y {
		if gap != 0 && inGap(grid[i], f.t, gap) {
			y = math.NaN()
		}
		set(y, &x[i], &mask[i])
	}
}

// inGap reports whether x lies between two samples further apart than gap.
func inGap(x float64, t []float64, gap float64) bool {
	j := lastAt(t, x)
	return j >= 0 && j+1 < len(t) && t[j] != x && t[j+1]-t[j] > gap
}
