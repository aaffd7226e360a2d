package episode

import (
	"bytes"
	"slices"

	"assay/steps/kit/pyjson"
)

// learn makes a template of a row that was just scanned, unless the row means
// something that a template cannot repeat. Where every row is another one it
// tries less and less often.
func (r *rowScanner) learn(line []byte) {
	if r.pause > 0 {
		r.pause--
		return
	}
	r.pause = min(r.misses, maxPause)
	r.misses++
	if len(line) > maxTemplate || r.suspect {
		return
	}
	l := learner{text: bytes.Clone(line)}
	if l.object(pyjson.SkipSpace(line, 0), r.root, 0) < 0 || !l.wall {
		return
	}
	l.cut(len(line), len(line), stretch{})
	t := &template{shape: l.shape, line: l.text, extents: l.extents, row: slices.Clone(r.row), wall: r.wall,
		mono: r.mono}
	r.templates = slices.Insert(r.templates[:min(len(r.templates), maxTemplates-1)], 0, t)
}

// A learner cuts a text that the scanner accepted into stretches. Its methods
// take and return indices as those of the grammar do; bad means that there can
// be no template.
type learner struct {
	text    []byte
	from    int // where the stretch at hand begins
	shape   shape
	extents []extent
	seen    []field // of the keys so far, but for ignored ones
	wall    bool    // t_wall_ns is a hole
	lists   int
	inList  bool // the text is an element
}

// cut ends a stretch at a hole, text[at:end].
func (l *learner) cut(at, end int, s stretch) {
	s.text = l.text[l.from:at]
	l.shape = append(l.shape, s)
	l.extents = append(l.extents, extent{len(s.text), end - at})
	l.from = end
}

// object goes through an object and cuts out what may differ in its values.
func (l *learner) object(i int, of *level, depth int) int {
	b := l.text
	if i = pyjson.SkipSpace(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for more := true; more; {
		end := pyjson.SkipString(b, i)
		if end < 0 {
			return pyjson.Bad
		}
		f := of.find(b[i:end])
		if f.do != ignore {
			if slices.Contains(l.seen, f) {
				return pyjson.Bad // of equal keys the last one wins
			}
			l.seen = append(l.seen, f)
		}
		if i = pyjson.Colon(b, end); i < 0 {
			return pyjson.Bad
		}
		if i = l.value(i, f, depth+1); i < 0 {
			return pyjson.Bad
		}
		if i, more = pyjson.Next(b, i, '}'); i < 0 {
			return pyjson.Bad
		}
	}
	return i
}

// value cuts out what may be another thing in the next row. All else is shared,
// and so is what it means.
func (l *learner) value(i int, f field, depth int) int {
	b := l.text
	end := pyjson.SkipValue(b, i, depth)
	if end < 0 {
		return pyjson.Bad
	}
	switch c := b[i]; {
	case c == '{' && f.do == enter:
		return l.object(i, f.sub, depth)
	case c == '{' && f.do == ignore:
		return l.object(i, nil, depth)
	case c == '[' && f.do == readFirst:
		return l.first(i, f, depth)
	case c == '[' && (f.do == readCount || f.do == ignore):
		return l.list(i, end, f, depth)
	case c == '"' && f.do == ignore:
		if pyjson.PlainString(b, i) == end {
			l.cut(i, end, stretch{hole: aString})
		}
	case c >= '0' && c <= '9':
		return l.number(i, end, f)
	case f.do == readNumber && c != 't' && c != 'f' && c != 'n':
		return pyjson.Bad // negative, or counted in Texts or NotFinite
	}
	return end
}

// first goes through an array whose first element is a column.
func (l *learner) first(i int, f field, depth int) int {
	b := l.text
	if i = pyjson.SkipSpace(b, i+1); i < len(b) && b[i] == ']' {
		return i + 1
	}
	f.do = readNumber
	for more := true; more; f.do = ignore {
		if i = l.value(i, f, depth+1); i < 0 {
			return pyjson.Bad
		}
		if i, more = pyjson.Next(b, i, ']'); i < 0 {
			return pyjson.Bad
		}
	}
	return i
}

func (l *learner) list(i, end int, f field, depth int) int {
	if l.lists == maxLists {
		return pyjson.Bad
	}
	l.lists++
	l.cut(i, end, stretch{hole: anArray, col: f.column(), list: &list{depth: depth, plain: l.inList}})
	return end
}

// number cuts out a number if it is written as most are. Another one is shared,
// unless it is a column's: it may be infinite, which is counted.
func (l *learner) number(i, end int, f field) int {
	s := stretch{col: f.column()}
	var stop int
	switch f.do {
	case readNumber:
		s.hole = aNumber
		_, stop = pyjson.PlainNumber(l.text, i)
	case ignore:
		s.hole = anIgnored
		stop = pyjson.SkipPlainNumber(l.text, i)
	case readWall, readMono:
		s.hole = aMono
		if _, stop = pyjson.PlainInteger(l.text, i); f.do == readWall && stop == end {
			s.hole, l.wall = aWall, true
		}
	}
	switch {
	case stop == end:
		l.cut(i, end, s)
	case f.do == readNumber:
		return pyjson.Bad
	}
	return end
}
