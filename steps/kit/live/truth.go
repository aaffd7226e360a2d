package live

import "slices"

// A truth is the labels of a stream, if it has any.
type truth struct {
	t     []float64
	phase []string
}

// maxLabels is how many labels are kept that lie ahead.
const maxLabels = 1000

func (l *truth) add(t float64, phase string) {
	if len(l.t) >= maxLabels {
		l.t, l.phase = slices.Delete(l.t, 0, 1), slices.Delete(l.phase, 0, 1)
	}
	l.t, l.phase = append(l.t, t), append(l.phase, phase)
}

// at returns the phase at a time: that of the last label before it, "" if there is none.
func (l *truth) at(t float64) string {
	for i := len(l.t) - 1; i >= 0; i-- {
		if l.t[i] <= t {
			return l.phase[i]
		}
	}
	return ""
}

// forget drops the labels that no time from start on has.
func (l *truth) forget(start float64) {
	n := 0
	for n+1 < len(l.t) && l.t[n+1] <= start {
		n++
	}
	l.t, l.phase = slices.Delete(l.t, 0, n), slices.Delete(l.phase, 0, n)
}
