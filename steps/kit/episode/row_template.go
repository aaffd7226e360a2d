package episode

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"assay/steps/kit/pyjson"
)

// The rows of a recording hardly differ but in their numbers, and most of these are
// what they were a row before. A template is a row cut into the bytes that all rows
// share and the holes between them, learnt from one row and followed by the next
// ones: a row means what the last one meant, but for the holes in which the two
// differ, and only those are read. A row that fits none costs a scan and changes no
// result; [rowScanner.plain] is the definition of what a row means.

// A template is a row's shape and the last row that had it.
type template struct {
	shape   shape
	line    []byte // the last row: of the file at hand, or own
	own     []byte
	extents []extent // of the stretches in it
	row     []float64
	wall    pyjson.Number
	mono    pyjson.Number
}

// An extent is how many bytes a stretch's text and its hole have.
type extent struct{ text, hole int }

// A width is that of the hole of a stretch.
type width struct{ stretch, hole int }

// A shape is a row, or an element of an array in it.
type shape []stretch

// A stretch is bytes as they are, and the hole after them.
type stretch struct {
	text []byte
	hole hole
	col  int   // of a number, or of an array, whose length it takes; none if negative
	list *list // of an array
}

// A hole is what may stand in a place.
type hole uint8

const (
	theEnd    hole = iota
	aNumber        // digits, and perhaps a point and more digits
	anIgnored      // a number that no column takes
	aWall          // t_wall_ns, an integer
	aMono          // t_mono_ns, an integer
	aString        // a string without escapes
	anArray        // any array; one that resembles those before it is fast
)

const (
	maxTemplates = 4       // of one source
	maxTemplate  = 8 << 10 // bytes of a row worth learning
	maxPause     = 64      // rows without learning, at most
)

// follow decodes a row by the templates at hand. It returns false if none fits,
// which says nothing about the row.
func (r *rowScanner) follow(line []byte, dst []float64) bool {
	for i, t := range r.templates {
		copy(dst, t.row)
		r.row, r.wall, r.mono, r.suspect = dst, t.wall, t.mono, false
		if !r.fits(t, line) {
			continue
		}
		if i > 0 { // the last one that fitted is tried first
			copy(r.templates[1:i+1], r.templates[:i])
			r.templates[0] = t
		}
		r.misses, r.pause = 0, 0
		r.remember(t, line)
		return true
	}
	return false
}

// fits reads the holes in which a row differs from the last one of a template. A
// hole is the same if its bytes and the one after it are.
func (r *rowScanner) fits(t *template, b []byte) bool {
	r.widths = r.widths[:0]
	k, j, shift := 0, 0, 0 // what lies before t.line[j] and b[j+shift] means the same
	end := common(b, t.line)
	for {
		var hole int
		if k, hole = unchanged(t.extents, k, j, end); hole > end {
			return false
		}
		p := &t.shape[k]
		if p.hole == theEnd {
			return hole+shift == len(b)
		}
		i := hole + shift
		after := r.fill(p, b, i)
		if after < 0 {
			return false
		}
		j = hole + t.extents[k].hole
		if shift != after-j {
			shift = after - j
			r.widths = append(r.widths, width{k, after - i})
		}
		end = j + common(b[after:], t.line[j:])
		k++
	}
}

// unchanged goes from stretch k, which begins at j, to the first one whose hole
// does not end before end, or the last one.
func unchanged(s []extent, k, j, end int) (stretch, hole int) {
	for ; k < len(s)-1; k++ {
		next := j + s[k].text + s[k].hole
		if next >= end {
			break
		}
		j = next
	}
	return k, j + s[k].text
}

// remember makes a row the last one of its template.
func (r *rowScanner) remember(t *template, line []byte) {
	if len(line) > maxTemplate {
		return
	}
	t.line, t.wall, t.mono = line, r.wall, r.mono
	for _, w := range r.widths {
		t.extents[w.stretch].hole = w.hole
	}
	copy(t.row, r.row)
}

// settle ends a file, whose memory the templates must not use from here on.
func (r *rowScanner) settle() {
	for _, t := range r.templates {
		t.own = append(t.own[:0], t.line...)
		t.line = t.own
	}
}

// common returns how many bytes a and b begin with that are the same.
func common(a, b []byte) int {
	n, i := min(len(a), len(b)), 0
	for ; n-i >= 32; i += 32 {
		x, y := (*[32]byte)(a[i:]), (*[32]byte)(b[i:])
		first, second := word(x[:8])^word(y[:8]), word(x[8:16])^word(y[8:16])
		third, fourth := word(x[16:24])^word(y[16:24]), word(x[24:])^word(y[24:])
		if first|second != 0 {
			return i + firstByte(first, second)
		}
		if third|fourth != 0 {
			return i + 16 + firstByte(third, fourth)
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// firstByte returns which byte of two words, not both 0, is the first that is not 0.
func firstByte(x, y uint64) int {
	at := bits.TrailingZeros64(x)
	if x == 0 {
		at = 64 + bits.TrailingZeros64(y)
	}
	return at / 8
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// follows follows the shape of an array's element from b[i] on.
func (r *rowScanner) follows(s shape, b []byte, i int) int {
	for k := range s {
		p := &s[k]
		if !bytes.HasPrefix(b[i:], p.text) {
			return pyjson.Bad
		}
		i += len(p.text)
		if p.hole == theEnd {
			return i
		}
		if i = r.fill(p, b, i); i < 0 {
			return pyjson.Bad
		}
	}
	return pyjson.Bad
}

// fill reads what is in a hole.
func (r *rowScanner) fill(p *stretch, b []byte, i int) int {
	switch p.hole {
	case aNumber:
		r.row[p.col], i = pyjson.PlainNumber(b, i)
	case anIgnored:
		i = pyjson.SkipPlainNumber(b, i)
	case aWall:
		r.wall, i = clock(b, i)
	case aMono:
		r.mono, i = clock(b, i)
	case aString:
		i = pyjson.PlainString(b, i)
	case anArray:
		var n int
		if n, i = r.array(p.list, b, i); p.col >= 0 {
			r.row[p.col] = float64(n)
		}
	}
	return i
}

// clock reads a clock that is written as nearly all are.
func clock(b []byte, i int) (pyjson.Number, int) {
	n, end := pyjson.PlainInteger(b, i)
	return pyjson.Integer(n), end
}
