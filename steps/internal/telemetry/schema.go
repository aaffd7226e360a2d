package telemetry

import "bytes"

// A verb says what to do with the value of a key.
type verb uint8

const (
	readNumber verb = iota // float(x)
	readFirst              // float(x[0])
	readCount              // float(len(x or []))
	readWall               // t_wall_ns
	readMono               // t_mono_ns
	enter                  // an object with more of these
	ignore
)

// A field is what the row scanner knows of one key.
type field struct {
	do  verb
	col int
	sub *level
}

// A level is one object of the schema: the root of a row or a nested one.
type level struct {
	fields  map[string]field
	cols    []int // the columns below, which a repeated key makes missing again
	guesses []guess
	spare   guess // for members past maxGuesses
}

// A guess remembers the member that stood at one position of the last object of
// a level. Rows of a recording hardly differ in their keys, so that comparing
// bytes takes the place of scanning and looking up.
type guess struct {
	key   []byte // `"key":` with the blanks in it
	whole []byte // `"key":value,` of an ignored member; empty if unknown
	field field
}

const (
	maxGuesses = 64 // positions remembered at a level
	maxGuess   = 96 // bytes remembered of a member
)

func newLevel() *level { return &level{fields: map[string]field{}} }

func (l *level) add(path []string, f field) {
	key := path[0]
	if len(path) == 1 {
		l.fields[key] = f
		return
	}
	sub := l.fields[key].sub
	if sub == nil {
		sub = newLevel()
		l.fields[key] = field{do: enter, sub: sub}
	}
	sub.cols = append(sub.cols, f.col)
	sub.add(path[1:], f)
}

func (l *level) guess(pos int) *guess {
	switch {
	case pos < len(l.guesses):
		return &l.guesses[pos]
	case pos < maxGuesses:
		l.guesses = append(l.guesses, guess{})
		return &l.guesses[pos]
	}
	l.spare = guess{key: l.spare.key[:0], whole: l.spare.whole[:0]}
	return &l.spare
}

func (g *guess) remember(member []byte) {
	if len(member) <= maxGuess {
		g.whole = append(g.whole[:0], member...)
	}
}

// key reads a key up to its value and leaves in g what to do with that.
func (l *level) key(b []byte, i int, g *guess) int {
	if len(g.key) > 0 && bytes.HasPrefix(b[i:], g.key) {
		return blanks(b, i+len(g.key))
	}
	end := skipString(b, i)
	if end < 0 {
		return bad
	}
	name := b[i+1 : end-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(unquote(b[i:end]))
	}
	value := colon(b, end)
	if value < 0 {
		return bad
	}
	f, ok := l.fields[string(name)]
	if !ok {
		f.do = ignore
	}
	g.field, g.key, g.whole = f, g.key[:0], g.whole[:0]
	if value-i <= maxGuess {
		g.key = append(g.key, b[i:value]...)
	}
	return value
}
