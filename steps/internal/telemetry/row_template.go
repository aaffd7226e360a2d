package telemetry

import "bytes"

// The rows of a recording hardly differ but in their numbers. A template is a row
// cut into the bytes that all rows share and the holes between them, learnt from
// one row and followed by the next ones: comparing bytes takes the place of
// scanning and looking up. A row that fits none costs a scan and changes no
// result; [rowScanner.plain] is the definition of what a row means.

// A template is a row's shape and what the row came to outside the holes.
type template struct {
	shape shape
	row   []float64
	mono  instant
}

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
		r.row, r.mono, r.suspect = dst, t.mono, false
		if r.shape(t.shape, line, 0) != len(line) {
			continue
		}
		if i > 0 { // the last one that fitted is tried first
			copy(r.templates[1:i+1], r.templates[:i])
			r.templates[0] = t
		}
		r.misses, r.pause = 0, 0
		return true
	}
	return false
}

// shape follows a shape from b[i] on.
func (r *rowScanner) shape(s shape, b []byte, i int) int {
	for k := range s {
		p := &s[k]
		if !bytes.HasPrefix(b[i:], p.text) {
			return bad
		}
		i += len(p.text)
		switch p.hole {
		case theEnd:
			return i
		case aNumber:
			r.row[p.col], i = plainNumber(b, i)
		case anIgnored:
			i = skipPlainNumber(b, i)
		case aWall:
			r.wall = instant{form: whole}
			r.wall.ns, i = plainInteger(b, i)
		case aMono:
			r.mono = instant{form: whole}
			r.mono.ns, i = plainInteger(b, i)
		case aString:
			i = plainString(b, i)
		case anArray:
			var n int
			if n, i = r.array(p.list, b, i); p.col >= 0 {
				r.row[p.col] = float64(n)
			}
		}
		if i < 0 {
			return bad
		}
	}
	return bad
}
