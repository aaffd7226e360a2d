package episode

import (
	"bytes"

	"assay/steps/kit/pyjson"
)

// A list is what is known of an array in a template. Its elements come and go and
// change places, but are of one shape, and most stay as they are from one row to
// the next.
type list struct {
	depth int  // containers around it
	plain bool // it is in another list: nothing is learnt of it

	element shape    // the usual element; nil before the first
	shapes  int      // how many were usual
	last    [][]byte // earlier elements by position, each with what parts it from the next
}

const (
	maxLists   = 8   // of one template
	maxShapes  = 8   // of one list
	maxLast    = 32  // elements remembered of a list
	maxElement = 256 // bytes remembered of an element
)

// array skips an array and counts its elements.
func (r *rowScanner) array(l *list, b []byte, i int) (n, end int) {
	if i >= len(b) || b[i] != '[' {
		return 0, pyjson.Bad
	}
	if i = pyjson.SkipSpace(b, i+1); i < len(b) && b[i] == ']' {
		return 0, i + 1
	}
	for more := true; more; n++ {
		if n < len(l.last) && bytes.HasPrefix(b[i:], l.last[n]) {
			i += len(l.last[n])
			more = b[i-1] != ']'
			continue
		}
		start := i
		if i = r.element(l, b, i); i < 0 {
			return n, pyjson.Bad
		}
		if i, more = pyjson.Next(b, i, ']'); i < 0 {
			return n, pyjson.Bad
		}
		l.keep(n, b[start:i])
	}
	return n, i
}

func (r *rowScanner) element(l *list, b []byte, i int) int {
	if l.element != nil {
		if end := r.follows(l.element, b, i); end > 0 {
			return end
		}
	}
	end := pyjson.SkipValue(b, i, l.depth+1)
	if end < 0 || !pyjson.Valid(b[i:end]) {
		return pyjson.Bad
	}
	l.learn(b[i:end])
	return end
}

// keep remembers an element and the comma or bracket after it.
func (l *list) keep(n int, text []byte) {
	if l.plain || n == maxLast || n > len(l.last) || len(text) > maxElement {
		return
	}
	if n == len(l.last) {
		l.last = append(l.last, nil)
	}
	l.last[n] = append(l.last[n][:0], text...)
}

// learn makes the shape of an element the usual one.
func (l *list) learn(element []byte) {
	if l.plain || l.shapes == maxShapes || len(element) > maxElement {
		return
	}
	l.shapes++
	e := learner{text: bytes.Clone(element), inList: true}
	if end := e.value(0, field{do: ignore}, l.depth+1); end > 0 {
		e.cut(end, end, stretch{})
		l.element = e.shape
	}
}
