package episode

import (
	"bytes"
	"sort"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/pyjson"
)

// A Label says that a phase begins.
type Label struct {
	T       float64 // seconds since the episode's zero
	UnixNs  int64   // wall clock
	MonoNs  int64   // episode clock; 0 if the row has none
	Phase   string  // "" if null or no string
	Prev    string  // the phase before, by the row's own account; "" if null
	HasPrev bool    // the key prev is there
}

// Labels are the rows of labels.jsonl in the order of the file. The first one
// is the episode's zero.
type Labels struct {
	Present bool
	Rows    []Label
	Lost    Lost
}

// Zero returns the episode's zero, Unix ns; 0 without labels.
func (l *Labels) Zero() int64 {
	if len(l.Rows) == 0 {
		return 0
	}
	return l.Rows[0].UnixNs
}

// PhaseAt returns the phase at a time in seconds: that of the last label at or
// before it, "clean" before the first one.
func (l *Labels) PhaseAt(t float64) string {
	// A bisection even where rows are out of order: so does the reference.
	n := sort.Search(len(l.Rows), func(i int) bool { return !(l.Rows[i].T <= t) })
	if n == 0 {
		return channel.Clean
	}
	return l.Rows[n-1].Phase
}

func (l *Labels) fill(data []byte, lim Limits) {
	for n := 1; len(data) > 0; n++ {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		switch {
		case isBlank(line):
		case len(line) > lim.Line:
			l.Lost.add(&l.Lost.TooLong, n)
		case len(l.Rows) >= lim.Labels:
			l.Lost.add(&l.Lost.Excess, n)
		default:
			l.row(line, n)
		}
	}
}

// row adds the label in a line, or counts why there is none.
func (l *Labels) row(line []byte, n int) {
	m, err := pyjson.ParseObject(line)
	if err != nil {
		l.Lost.add(&l.Lost.Syntax, n)
		return
	}
	wall := pyjson.AsNumber(m["t_wall_ns"])
	if wall.Absent() {
		l.Lost.add(&l.Lost.NoClock, n)
		return
	}
	ns, ok := wall.Unix()
	phase, hasPhase := m["phase"]
	if !ok || !hasPhase {
		l.Lost.add(&l.Lost.Refused, n)
		return
	}
	zero := ns
	if len(l.Rows) > 0 {
		zero = l.Zero()
	}
	row := Label{UnixNs: ns}
	row.T, _ = wall.Since(zero)
	row.MonoNs, _ = pyjson.AsNumber(m["t_mono_ns"]).Unix()
	row.Phase = name(phase)
	row.Prev = name(m["prev"])
	_, row.HasPrev = m["prev"]
	l.Rows = append(l.Rows, row)
}

// name is a value as the name of a phase. Names are short: what is longer is cut
// and so no phase that anyone knows.
func name(v any) string {
	s, _ := v.(string)
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}
