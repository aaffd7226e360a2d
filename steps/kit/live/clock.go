package live

import "math"

// A clock knows which times are past. Its watermark is the time of the newest row less the
// lateness, and never goes back: a row before it is late.
//
// A row far ahead of all others is either a wrong clock or the end of a long pause. It is held
// until as many rows in a row agree; till then nobody believes it.
type clock struct {
	lateness float64
	newest   float64
	mark     float64 // the watermark
	held     []heldRow
}

// A heldRow is one that came from far ahead.
type heldRow struct {
	source int
	row
}

const (
	farAhead = 600 // seconds
	agree    = 8   // rows that make a jump true
)

func newClock(lateness float64) clock {
	return clock{lateness: lateness, newest: math.Inf(-1), mark: math.Inf(-1)}
}

// far reports whether a time is far ahead.
func (c *clock) far(t float64) bool { return t-c.newest > farAhead && !math.IsInf(c.newest, -1) }

// see takes note of the time of a row.
func (c *clock) see(t float64) {
	c.newest = max(c.newest, t)
	c.mark = max(c.mark, c.newest-c.lateness)
}

// hold keeps a row from far ahead. It returns all that are held when they are enough to be
// believed, and how many earlier ones they contradict.
func (c *clock) hold(r heldRow) (believed []heldRow, dropped int) {
	if n := len(c.held); n > 0 && math.Abs(r.t-c.held[n-1].t) > farAhead {
		dropped = n
		c.held = nil
	}
	r.v = append([]float64(nil), r.v...)
	c.held = append(c.held, r)
	if len(c.held) < agree {
		return nil, dropped
	}
	believed = c.held
	c.held = nil
	return believed, dropped
}

// release gives up what is held, since a row came that is not far ahead.
func (c *clock) release() (dropped int) {
	dropped = len(c.held)
	c.held = nil
	return dropped
}
