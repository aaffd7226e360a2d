package episode

import (
	"bytes"
	"io"
	"math"

	"assay/steps/kit/pyjson"
)

// A Table is what one source recorded, row by row in the order of the file.
type Table struct {
	Present bool      // the entry exists
	Width   int       // columns: the source's channels, in order
	T       []float64 // N: seconds since the episode's zero, by t_wall_ns
	Mono    []float64 // N: t_mono_ns in seconds; NaN where a row has none
	V       []float64 // N×Width row-major; NaN is missing

	Earliest, Latest int64 // t_wall_ns of the rows, Unix ns; 0 and 0 without rows

	Lost      Lost // rows that are not in here
	Texts     int  // strings in place of numbers; Python's float() reads them
	NotFinite int  // NaN and infinities, which JSON knows nothing of
}

// Lost counts the rows of a file that were left out.
type Lost struct {
	Syntax  int // not a JSON object: cut, torn, not UTF-8, a bare value
	TooLong int // longer than Limits.Line
	NoClock int // t_wall_ns absent or null
	Refused int // t_wall_ns is no number, or a value has no meaning as one
	Excess  int // beyond Limits.Rows

	FirstLine int // line number, from 1, of the first one; 0 if none
}

// Total returns the number of rows left out.
func (l Lost) Total() int { return l.Syntax + l.TooLong + l.NoClock + l.Refused + l.Excess }

func (l *Lost) add(reason *int, line int) {
	*reason++
	if l.FirstLine == 0 {
		l.FirstLine = line
	}
}

// Len returns N, the number of rows.
func (t *Table) Len() int { return len(t.T) }

func (t *Table) reset(width int) {
	*t = Table{Width: width, T: reuse(t.T), Mono: reuse(t.Mono), V: reuse(t.V)}
}

// fill decodes a JSON-lines file. zero is the episode's zero, Unix ns. Blank
// lines do not count; any other line is a row or is counted as lost.
func (t *Table) fill(data []byte, r *rowScanner, zero int64, l Limits) {
	r.texts, r.notFinite = 0, 0
	t.lines(data, 1, r, zero, l)
	r.settle()
	t.Texts, t.NotFinite = r.texts, r.notFinite
}

// lines decodes whole lines, of which the first has the number n, and returns the
// number of the line after them.
func (t *Table) lines(data []byte, n int, r *rowScanner, zero int64, l Limits) int {
	for ; len(data) > 0; n++ {
		line := data
		if k := bytes.IndexByte(data, '\n'); k >= 0 {
			line, data = data[:k], data[k+1:]
		} else {
			data = nil
		}
		switch {
		case isBlank(line):
		case len(line) > l.Line:
			t.Lost.add(&t.Lost.TooLong, n)
		case len(t.T) < l.Rows:
			t.row(line, n, r, zero)
		case pyjson.Valid(line):
			t.Lost.add(&t.Lost.Excess, n)
		default:
			t.Lost.add(&t.Lost.Syntax, n)
		}
	}
	return n
}

// fillFrom is fill for a file that is not kept in memory and has about so many lines.
func (t *Table) fillFrom(in io.Reader, lines int, r *rowScanner, zero int64, l Limits) error {
	r.texts, r.notFinite = 0, 0
	if n := min(lines, l.Rows); n > cap(t.T) {
		t.T, t.Mono, t.V = make([]float64, 0, n), make([]float64, 0, n), make([]float64, 0, n*t.Width)
	}
	n := 1
	chunks := lineReader{in: in, max: l.Line}
	for {
		data, long, err := chunks.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if long {
			t.Lost.add(&t.Lost.TooLong, n)
			n++
			continue
		}
		n = t.lines(data, n, r, zero, l)
	}
	r.settle()
	t.Texts, t.NotFinite = r.texts, r.notFinite
	return nil
}

// row adds the row in line n, or counts why there is none.
func (t *Table) row(line []byte, n int, r *rowScanner, zero int64) {
	used := len(t.V)
	if cap(t.V)-used < t.Width {
		t.V = append(make([]float64, 0, max(2*cap(t.V), 512*t.Width)), t.V...)
	}
	row := t.V[used : used+t.Width]
	if !r.scan(line, row) {
		t.Lost.add(&t.Lost.Syntax, n)
		return
	}
	if r.wall.Absent() {
		t.Lost.add(&t.Lost.NoClock, n)
		return
	}
	at, ok := r.wall.Since(zero)
	if !ok || r.refused() {
		t.Lost.add(&t.Lost.Refused, n)
		return
	}
	mono, ok := r.mono.Float()
	if !ok {
		mono = math.NaN()
	}
	t.extend(r.wall)
	t.T = append(t.T, at)
	t.Mono = append(t.Mono, mono/1e9)
	t.V = t.V[:used+t.Width]
}

// extend makes the range of the clock hold a reading. One past all dates says
// nothing.
func (t *Table) extend(wall pyjson.Number) {
	ns, ok := wall.Unix()
	switch {
	case !ok:
	case t.Earliest == 0 && t.Latest == 0:
		t.Earliest, t.Latest = ns, ns
	default:
		t.Earliest, t.Latest = min(t.Earliest, ns), max(t.Latest, ns)
	}
}

// isBlank reports whether Python's bytes.strip would leave nothing.
func isBlank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}
