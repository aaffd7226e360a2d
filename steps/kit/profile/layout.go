package profile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/steps/kit/channel"
)

// The parts of a curve, in order.
const (
	lead = iota // clean, before the infection
	armed
	infecting
	running // with the dormant phases among it
	tail    // clean, after the infection
	numParts
)

// Points is the number of points of the original's curves.
const Points = 80

// parts have the names of the parts and the points of each, of 80.
var parts = [numParts]struct {
	name   string
	points int
}{
	{channel.Clean + "_lead", 10}, {channel.Armed, 5}, {channel.Infecting, 10}, {channel.Running, 40},
	{channel.Clean + "_tail", 15},
}

// A Layout says how many points of a curve each part has.
type Layout [numParts]int

// Bounds of the number of points: each part has one at least with 16.
const (
	minPoints = 16
	maxPoints = 4000
)

// NewLayout spreads points over the parts in the proportions of the original's 80: by
// largest remainder, and of equal ones the earlier part has it.
func NewLayout(points int) (Layout, error) {
	if points < minPoints || points > maxPoints {
		return Layout{}, fmt.Errorf("points is %d, want %d to %d: each phase needs one", points, minPoints, maxPoints)
	}
	var l Layout
	order := make([]int, numParts)
	left := points
	for i, p := range parts {
		order[i], l[i] = i, p.points*points/Points
		left -= l[i]
	}
	remainder := func(i int) int { return parts[i].points * points % Points }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainder(b), remainder(a)) })
	for _, i := range order[:left] {
		l[i]++
	}
	return l, nil
}

// Len returns the number of points.
func (l Layout) Len() int {
	n := 0
	for _, points := range l {
		n += points
	}
	return n
}

// A Part is a stretch of the points of a curve: [From, To).
type Part struct {
	Name     string
	From, To int
}

// Parts returns where the parts lie: clean_lead, armed, infecting, infected_running,
// clean_tail.
func (l Layout) Parts() []Part {
	list := make([]Part, numParts)
	at := 0
	for i, points := range l {
		list[i] = Part{parts[i].name, at, at + points}
		at += points
	}
	return list
}

// grid puts the times of the points into out, in seconds; NaN where the walk lacks a part.
// They go from a part's first instant to its last (numpy.linspace), or lie in the middles
// of equal pieces of it.
func (l Layout) grid(w walk, midpoints bool, out []float64) {
	for i, points := range l {
		spread(w[i], midpoints, out[:points])
		out = out[points:]
	}
}

// shortest is the length of a part, in seconds, below which it is not there.
const shortest = 1e-9

func spread(s span, midpoints bool, out []float64) {
	length := s.to - s.from
	for i := range out {
		switch {
		case !(length >= shortest):
			out[i] = math.NaN()
		case midpoints:
			out[i] = float64((float64(i)+0.5)/float64(len(out))*length) + s.from
		case len(out) == 1:
			out[i] = s.from
		default:
			out[i] = float64(float64(i)*(length/float64(len(out)-1))) + s.from
		}
	}
	if last := len(out) - 1; last > 0 && length >= shortest && !midpoints {
		out[last] = s.to // to the bit
	}
}
