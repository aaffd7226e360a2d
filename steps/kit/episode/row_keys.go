package episode

import (
	"bytes"

	"assay/steps/kit/channel"
	"assay/steps/kit/pyjson"
)

// A verb says what to do with the value of a key.
type verb uint8

// The verbs of channels.
const (
	readNumber = verb(channel.Number) // float(x)
	readFirst  = verb(channel.First)  // float(x[0])
	readCount  = verb(channel.Length) // float(len(x or []))
)

// The verbs of keys that are no channels.
const (
	readWall verb = readCount + 1 + iota // t_wall_ns
	readMono                             // t_mono_ns
	enter                                // an object with more of these
	ignore
)

// A field is what the row scanner knows of one key.
type field struct {
	do  verb
	col int
	sub *level
}

// column returns the column that takes the field's value, -1 if none does.
func (f field) column() int {
	if f.do == ignore {
		return -1
	}
	return f.col
}

// A level is one object of the schema: the root of a row or a nested one. In a
// nil level every key is ignored.
type level struct {
	fields map[string]field
	cols   []int // the columns below, which a repeated key makes missing again
}

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

// find returns what to do with the value of a key, given as a string literal.
func (l *level) find(literal []byte) field {
	if l == nil {
		return field{do: ignore}
	}
	name := literal[1 : len(literal)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(pyjson.Unquote(literal))
	}
	if f, ok := l.fields[string(name)]; ok {
		return f
	}
	return field{do: ignore}
}
