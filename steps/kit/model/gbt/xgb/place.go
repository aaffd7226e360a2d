package xgb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// zeroWords looks for null, NaN and Infinity as values. XGBoost writes the latter two for
// numbers that are not finite; encoding/json does not read them, so 0 is put in their place.
// It returns where the first of them stands, and where the first null does.
func zeroWords(b []byte) (notFinite, null error) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i = closing(b, i+1)
		case 'n', 'N', 'I':
			w := word(b[i:])
			switch string(w) {
			case "null":
				if null == nil {
					null = fmt.Errorf("%s is null, want a value", place(b, i))
				}
			case "NaN", "Infinity":
				if notFinite == nil {
					notFinite = fmt.Errorf("%s is %s, want a finite number", place(b, i), w)
				}
				copy(w, "0       ")
			}
			i += len(w) - 1
		}
	}
	return notFinite, null
}

// closing returns the index of the quote that ends a text.
func closing(b []byte, i int) int {
	for ; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i
}

// word returns the letters that b begins with.
func word(b []byte) []byte {
	end := bytes.IndexFunc(b, func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' })
	if end < 0 {
		return b
	}
	return b[:end]
}

// maxDepth is how deep a place is told; no model is deeper.
const maxDepth = 32

// A level is an object or array that is open, and where in it the next value stands.
type level struct {
	array bool
	index int
	key   string
	named bool // the key of the next value was read
}

// place names the value at an offset, such as learner.gradient_booster.model.trees[3].
func place(b []byte, offset int) string {
	var open []level
	dec := json.NewDecoder(bytes.NewReader(b[:min(offset, len(b))]))
	for {
		token, err := dec.Token()
		if err != nil || len(open) > maxDepth {
			return path(open)
		}
		open = after(open, token)
	}
}

// after returns what is open behind a token.
func after(open []level, token json.Token) []level {
	switch token {
	case json.Delim('{'):
		return append(open, level{})
	case json.Delim('['):
		return append(open, level{array: true})
	case json.Delim('}'), json.Delim(']'):
		open = open[:len(open)-1]
	}
	if len(open) == 0 {
		return open
	}
	top := &open[len(open)-1]
	key, isText := token.(string)
	switch {
	case top.array:
		top.index++
	case isText && !top.named:
		top.key, top.named = key, true
	default:
		top.named = false
	}
	return open
}

// path joins the keys and indices of what is open.
func path(open []level) string {
	if len(open) == 0 {
		return "the file"
	}
	var s strings.Builder
	for _, l := range open {
		if l.array {
			s.WriteString("[" + strconv.Itoa(l.index) + "]")
			continue
		}
		if s.Len() > 0 {
			s.WriteByte('.')
		}
		fmt.Fprintf(&s, "%.40s", l.key)
	}
	return s.String()
}
