package episode

import (
	"math"
	"strconv"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/pyjson"
)

// A rowScanner decodes the rows of one source. It validates all of a row and
// converts only what channels need.
type rowScanner struct {
	root  *level
	empty []float64 // a row in which every key is absent

	templates []*template // what rows looked like, the last one first
	misses    int         // rows in sequence that made learn look at them
	pause     int         // rows that it will not look at

	// Of the row at hand.
	row     []float64
	wall    pyjson.Number
	mono    pyjson.Number
	suspect bool    // a column was refused; see refusedBits
	widths  []width // holes that have another one than in the row before

	// Since the start of the table.
	texts     int // strings in place of numbers
	notFinite int // NaN and infinities
}

// refusedBits marks a column whose value the reference would have died of. A
// later duplicate of the key may still overwrite it.
const refusedBits = 0x7ff8_0000_dead_0001

func newRowScanner(s channel.Source) *rowScanner {
	from, to := channel.Columns(s)
	r := &rowScanner{root: newLevel(), empty: make([]float64, to-from)}
	r.root.fields["t_wall_ns"] = field{do: readWall}
	r.root.fields["t_mono_ns"] = field{do: readMono}
	all := channel.All()
	for col, c := range all[from:to] {
		r.root.add(strings.Split(c.Path, "."), field{do: verb(c.Form), col: col})
		r.empty[col] = math.NaN()
		if c.Form == channel.Length {
			r.empty[col] = channel.AbsentLength()
		}
	}
	return r
}

// scan decodes one row into dst, whose columns are the source's channels: NaN
// where a value is missing. It returns false if the line is no JSON object in
// UTF-8. The line must stay as it is until settle.
func (r *rowScanner) scan(line []byte, dst []float64) bool {
	if r.follow(line, dst) {
		return true
	}
	if !r.plain(line, dst) {
		return false
	}
	r.learn(line)
	return true
}

// plain is scan without memory of earlier rows.
func (r *rowScanner) plain(line []byte, dst []float64) bool {
	if !pyjson.Valid(line) {
		return false
	}
	line = pyjson.TrimBOM(line)
	copy(dst, r.empty)
	r.row, r.wall, r.mono, r.suspect = dst, pyjson.Number{}, pyjson.Number{}, false
	i := pyjson.SkipSpace(line, 0)
	if i >= len(line) || line[i] != '{' {
		return false
	}
	i = r.object(line, i, r.root, 0)
	return i >= 0 && pyjson.SkipSpace(line, i) == len(line)
}

// refused reports whether a column of the row still holds a refused value.
func (r *rowScanner) refused() bool {
	if r.suspect {
		for _, v := range r.row {
			if math.Float64bits(v) == refusedBits {
				return true
			}
		}
	}
	return false
}

// object decodes the object at b[i] that lies inside depth containers.
func (r *rowScanner) object(b []byte, i int, l *level, depth int) int {
	if i = pyjson.SkipSpace(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		end := pyjson.SkipString(b, i)
		if end < 0 {
			return pyjson.Bad
		}
		f := l.find(b[i:end])
		if i = pyjson.Colon(b, end); i < 0 {
			return pyjson.Bad
		}
		if i = r.value(b, i, f, depth+1); i < 0 {
			return pyjson.Bad
		}
		var more bool
		if i, more = pyjson.Next(b, i, '}'); !more {
			return i
		}
	}
}

// value does with the value at b[i] what its field asks for.
func (r *rowScanner) value(b []byte, i int, f field, depth int) int {
	switch f.do {
	case readNumber:
		r.row[f.col], i = r.float(b, i, depth)
		return i
	case readFirst:
		r.row[f.col] = math.NaN()
		return r.first(b, i, f.col, depth)
	case readCount:
		r.row[f.col], i = r.count(b, i, depth)
		return i
	case readWall:
		r.wall, i = pyjson.DecodeNumber(b, i, depth)
		return i
	case readMono:
		r.mono, i = pyjson.DecodeNumber(b, i, depth)
		return i
	case enter:
		for _, col := range f.sub.cols {
			r.row[col] = math.NaN()
		}
		if i < len(b) && b[i] == '{' {
			return r.object(b, i, f.sub, depth)
		}
	}
	return pyjson.SkipValue(b, i, depth)
}

func (r *rowScanner) refuse() float64 {
	r.suspect = true
	return math.Float64frombits(refusedBits)
}

// float is Python's float(x), missing where that is a TypeError or ValueError.
func (r *rowScanner) float(b []byte, i, depth int) (float64, int) {
	if i >= len(b) {
		return 0, pyjson.Bad
	}
	switch c := b[i]; {
	case c == '"':
		end := pyjson.SkipString(b, i)
		if end < 0 {
			return 0, pyjson.Bad
		}
		r.texts++
		if v, ok := pyjson.ParseFloat(pyjson.Unquote(b[i:end])); ok {
			return v, end
		}
		return math.NaN(), end
	case c == 't':
		return 1, pyjson.SkipWord(b, i, "true")
	case c == 'f':
		return 0, pyjson.SkipWord(b, i, "false")
	case c == 'N':
		r.notFinite++
		return math.NaN(), pyjson.SkipWord(b, i, "NaN")
	case c == 'I':
		r.notFinite++
		return math.Inf(1), pyjson.SkipWord(b, i, "Infinity")
	case c == '-' || c >= '0' && c <= '9':
		return r.number(b, i)
	}
	return math.NaN(), pyjson.SkipValue(b, i, depth)
}

// number is float for what begins as a number.
func (r *rowScanner) number(b []byte, i int) (float64, int) {
	end, integer := pyjson.SkipNumber(b, i)
	if end < 0 {
		return 0, pyjson.Bad
	}
	if b[end-1] == 'y' { // -Infinity
		r.notFinite++
		return math.Inf(-1), end
	}
	v, _ := strconv.ParseFloat(string(b[i:end]), 64)
	switch {
	case integer && math.IsInf(v, 0):
		v = r.refuse() // an OverflowError, which nobody caught
	case integer && v == 0:
		v = 0 // -0 is an integer
	case math.IsInf(v, 0):
		r.notFinite++
	}
	return v, end
}

// first is x[0], which must be a number, a number in a string, or null.
func (r *rowScanner) first(b []byte, i, col, depth int) int {
	if i < len(b) && b[i] == '[' {
		if at := pyjson.SkipSpace(b, i+1); at < len(b) && b[at] != ']' {
			v, end := r.float(b, at, depth+1)
			if end < 0 {
				return pyjson.Bad
			}
			if b[at] == '[' || b[at] == '{' || b[at] == '"' && math.IsNaN(v) && !textNaN(b[at:end]) {
				v = r.refuse()
			}
			r.row[col] = v
		}
	}
	return pyjson.SkipValue(b, i, depth)
}

func textNaN(literal []byte) bool {
	_, ok := pyjson.ParseFloat(pyjson.Unquote(literal))
	return ok
}

// count is len(x or []): empty for all that Python takes for false, the code
// points of a string, the keys of an object; a number has no length.
func (r *rowScanner) count(b []byte, i, depth int) (float64, int) {
	if i >= len(b) {
		return 0, pyjson.Bad
	}
	switch b[i] {
	case '[':
		n, end := pyjson.SkipArray(b, i, depth)
		return float64(n), end
	case '"', '{':
		v, end := pyjson.Decode(b, i, depth)
		return float64(pyjson.Len(v)), end
	case 'n':
		return channel.AbsentLength(), pyjson.SkipWord(b, i, "null")
	case 'f':
		return 0, pyjson.SkipWord(b, i, "false")
	case 't', 'N', 'I':
		return r.refuse(), pyjson.SkipValue(b, i, depth)
	}
	v, end := r.number(b, i)
	if v == 0 {
		return 0, end // -0.0 too
	}
	return r.refuse(), end
}
