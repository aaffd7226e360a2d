package profile

import (
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// An Unused is a reason why an episode has no curve.
type Unused string

// The reasons.
const (
	NoLabels     Unused = "it has no labels"
	TooFew       Unused = "fewer than 4 phases follow each other in its labels"
	NeverArmed   Unused = "it is never armed"
	NeverRunning Unused = "it is never infected_running"
	NotDirect    Unused = "it is never infected_running directly after armed or infecting"
	TooShort     Unused = "the channel has fewer than 2 samples"
)

// Error makes a reason an error.
func (u Unused) Error() string { return string(u) }

// A span is a stretch of an episode, in seconds from its zero. If to is not above from, it
// is not there.
type span struct{ from, to float64 }

// A walk is where the parts of a curve lie in an episode.
type walk [numParts]span

// A segment is a span of one phase.
type segment struct {
	phase string
	span
}

// segments returns the phases between the labels, in their order. The last one ends with
// the episode. Labels without a phase begin none, but end the one before. A segment that
// ends before it begins is left out, as are all but the last of labels at one instant.
// If the episode, duration seconds long, ends before the last label, the original makes
// up a second for it; so does invent.
func segments(rows []episode.Label, duration float64, invent bool) []segment {
	var list []segment
	for i, l := range rows {
		end := l.T
		switch {
		case i+1 < len(rows):
			end = rows[i+1].T
		case duration > l.T:
			end = duration
		case invent:
			end = l.T + 1
		}
		if l.Phase != "" && end > l.T {
			list = append(list, segment{l.Phase, span{l.T, end}})
		}
	}
	return list
}

// walkOf finds the parts of a curve in the labels of an episode.
func walkOf(rows []episode.Label, duration float64, c Cures) (walk, error) {
	if len(rows) == 0 {
		return walk{}, NoLabels
	}
	if c.ContiguousSegments {
		known := slices.DeleteFunc(slices.Clone(rows), func(l episode.Label) bool {
			return channel.PhaseIndex(l.Phase) < 0
		})
		return contiguous(segments(known, duration, false))
	}
	invent := !c.NoInventedSegments
	return stretched(segments(rows, duration, invent), duration, invent)
}

// stretched is the original's walk: a phase lasts from its first start to the first start of
// the next, infected_running to the last end of it or of dormant, and the tail to the end of
// the episode. invent makes up 0.1 s for armed if infecting is missing, and for a tail that
// is missing.
func stretched(list []segment, duration float64, invent bool) (walk, error) {
	if len(list) < 4 {
		return walk{}, TooFew
	}
	of := map[string]span{} // from the first start to the last end
	for _, s := range list {
		if first, ok := of[s.phase]; ok {
			s.from = first.from
		}
		of[s.phase] = s.span
	}
	if _, ok := of[channel.Armed]; !ok {
		return walk{}, NeverArmed
	}
	if _, ok := of[channel.Running]; !ok {
		return walk{}, NeverRunning
	}
	w := walk{lead: {0, of[channel.Armed].from}, running: of[channel.Running]}
	if s, ok := of[channel.Dormant]; ok {
		w[running].to = max(w[running].to, s.to)
	}
	w[armed], w[infecting] = before(of, w[running].from, invent)
	w[tail] = after(w[running].to, duration, invent)
	return w, nil
}

// before returns where armed and infecting lie before the time at which the attack runs.
func before(of map[string]span, runs float64, invent bool) (armed, infecting span) {
	armed = of[channel.Armed]
	first, ok := of[channel.Infecting]
	switch {
	case ok:
		armed.to = first.from
	case invent:
		armed.to = armed.from + invented
	default:
		return armed, span{}
	}
	return armed, span{armed.to, runs}
}

// invented is the length in seconds that the original makes up for a part.
const invented = 0.1

// after returns where the tail lies.
func after(end, duration float64, invent bool) span {
	if !(duration > end) && invent {
		return span{end, end + invented}
	}
	return span{end, duration}
}
