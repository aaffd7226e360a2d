package signal

import (
	"fmt"
	"math"
	"sort"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// Windows are the features of one episode's windows, in the order of time.
type Windows struct {
	Center []float64 // N: seconds since the episode's zero
	Class  []int32   // N: of the phase at the centre, see [channel.Phases]; -1 is unknown
	X      []float32 // N×channel.NumFeatures row-major; NaN is missing
}

// A geometry places windows in an episode. They begin at the multiples of the
// stride and are half open: [start, start+window). Units are seconds.
type geometry struct {
	window, stride float64
	most           int  // windows of one episode
	unknown        bool // place those of no known phase too, whatever the cures
}

// A placement is where the windows of an episode lie, and what they show.
type placement struct {
	start  []float64
	center []float64
	class  []int32
}

// place finds the windows of an episode: as many as fit into its duration, none
// if the episode has no labels. Those of no known phase are left out if the
// signals' cures say so and the geometry does not want them.
func (p *placement) place(m geometry, e *episode.Episode, g *Set) error {
	p.start, p.center, p.class = p.start[:0], p.center[:0], p.class[:0]
	n, err := m.count(e, g)
	if err != nil {
		return err
	}
	half := float64(m.window / 2) // by itself: a division by two is a product to the compiler
	for k := range n {
		start := float64(float64(k) * m.stride)
		class := g.Cures.Class(e.Labels.PhaseAt(start + half))
		if class < 0 && !m.unknown {
			continue
		}
		p.start = append(p.start, start)
		p.center = append(p.center, start+half)
		p.class = append(p.class, class)
	}
	return nil
}

// only places one window, of no known phase.
func (p *placement) only(start, window float64) {
	p.start = append(p.start[:0], start)
	p.center = append(p.center[:0], start+float64(window/2))
	p.class = append(p.class[:0], -1)
}

// count returns how many windows fit: ceil((duration - window + 1 ns) / stride).
func (m geometry) count(e *episode.Episode, g *Set) (int, error) {
	if len(e.Labels.Rows) == 0 {
		return 0, nil
	}
	d := Duration(e, g)
	n := Fit(d, m.window, m.stride)
	if !(n <= float64(m.most)) {
		return 0, fmt.Errorf("episode %s/%s: %v seconds make %v windows, at most %d are computed", e.Host, e.ID, d, n,
			m.most)
	}
	return int(n), nil
}

// Fit returns how many windows fit into a duration d. All are in seconds.
func Fit(d, window, stride float64) float64 {
	if d < window {
		return 0
	}
	return math.Ceil((d - window + 1e-9) / stride)
}

// Duration returns the seconds that an episode's windows have to fit into: what
// meta.json says, or else the time of the last row of any source.
func Duration(e *episode.Episode, g *Set) float64 {
	if e.Meta.Duration > 0 {
		return e.Meta.Duration
	}
	last := 0.0
	for s := range channel.Source(channel.NumSources) {
		if t := g.Times(s); len(t) > 0 {
			if end := t[len(t)-1]; end > last { // false for NaN
				last = end
			}
		}
	}
	return last
}

// firstAt returns the index of the first stamp that is not before t. Stamps that
// are NaN stand last and are before nothing.
func firstAt(times []float64, t float64) int {
	return sort.Search(len(times), func(i int) bool { return !(times[i] < t) })
}
