// Package pyjson reads JSON as Python's json module does, which wrote the recordings:
// JSON, and NaN, Infinity and -Infinity as numbers, with Python's limits.
//
// Call [ParseObject] for a small text, and [Decode] for a value inside one. Whoever knows
// what a row looks like walks it with the Skip functions of this file, which take the index
// of a token's first byte and return the index after it, or [Bad]. grammar_fast.go reads
// what nearly all values are; number.go is what a [Number] is to Python.
package pyjson

import (
	"bytes"
	"unicode/utf8"
)

// Bad is the index that a function returns where its token is not.
const Bad = -1

const (
	// MaxDepth is how many containers may lie in one another; Python's parser
	// gives up at the same depth.
	MaxDepth = 990
	// maxDigits is how many digits an integer may have; same reason.
	maxDigits = 4300
)

// SkipSpace goes to the next byte that is no space.
func SkipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// SkipWord goes past a word such as null.
func SkipWord(b []byte, i int, word string) int {
	if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
		return i + len(word)
	}
	return Bad
}

// SkipString goes past a string literal.
func SkipString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return Bad
	}
	for i++; i < len(b); {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i = skipEscape(b, i); i < 0 {
				return Bad
			}
		case c < 0x20:
			return Bad
		default:
			i++
		}
	}
	return Bad
}

// skipEscape goes past an escape of a string.
func skipEscape(b []byte, i int) int {
	if i+1 >= len(b) {
		return Bad
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		if _, ok := hex4(b, i+2); ok {
			return i + 6
		}
	}
	return Bad
}

// SkipNumber goes past a number, and tells whether the number is an integer.
func SkipNumber(b []byte, i int) (end int, integer bool) {
	if i < len(b) && b[i] == '-' {
		if i++; i < len(b) && b[i] == 'I' {
			return SkipWord(b, i, "Infinity"), false
		}
	}
	first := i
	i = digits(b, i)
	if n := i - first; n == 0 || n > 1 && b[first] == '0' {
		return Bad, false
	}
	integer = true
	count := i - first
	if i < len(b) && b[i] == '.' {
		integer = false
		frac := i + 1
		if i = digits(b, frac); i == frac {
			return Bad, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		integer = false
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		exp := i
		if i = digits(b, exp); i == exp {
			return Bad, false
		}
	}
	if integer && count > maxDigits {
		return Bad, false
	}
	return i, integer
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

// SkipValue skips any value that lies inside depth containers.
func SkipValue(b []byte, i, depth int) int {
	if i >= len(b) {
		return Bad
	}
	switch b[i] {
	case '"':
		return SkipString(b, i)
	case '[':
		_, i = SkipArray(b, i, depth)
		return i
	case '{':
		return skipObject(b, i, depth)
	case 't':
		return SkipWord(b, i, "true")
	case 'f':
		return SkipWord(b, i, "false")
	case 'n':
		return SkipWord(b, i, "null")
	case 'N':
		return SkipWord(b, i, "NaN")
	case 'I':
		return SkipWord(b, i, "Infinity")
	}
	i, _ = SkipNumber(b, i)
	return i
}

// SkipArray goes past an array inside depth containers, and counts its elements.
func SkipArray(b []byte, i, depth int) (n, end int) {
	if depth >= MaxDepth {
		return 0, Bad
	}
	if i = SkipSpace(b, i+1); i < len(b) && b[i] == ']' {
		return 0, i + 1
	}
	for {
		n++
		if i = SkipValue(b, i, depth+1); i < 0 {
			return n, Bad
		}
		var more bool
		if i, more = Next(b, i, ']'); !more {
			return n, i
		}
	}
}

// skipObject goes past an object inside depth containers.
func skipObject(b []byte, i, depth int) int {
	if depth >= MaxDepth {
		return Bad
	}
	if i = SkipSpace(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if i = SkipString(b, i); i < 0 {
			return Bad
		}
		if i = Colon(b, i); i < 0 {
			return Bad
		}
		if i = SkipValue(b, i, depth+1); i < 0 {
			return Bad
		}
		var more bool
		if i, more = Next(b, i, '}'); !more {
			return i
		}
	}
}

// Colon goes from the end of a key to the start of its value.
func Colon(b []byte, i int) int {
	if i = SkipSpace(b, i); i >= len(b) || b[i] != ':' {
		return Bad
	}
	return SkipSpace(b, i+1)
}

// Next goes from the end of a member or element to the next one, or past the
// closing bracket if there is no more.
func Next(b []byte, i int, closing byte) (end int, more bool) {
	if i = SkipSpace(b, i); i >= len(b) {
		return Bad, false
	}
	switch b[i] {
	case closing:
		return i + 1, false
	case ',':
		return SkipSpace(b, i+1), true
	}
	return Bad, false
}

// TrimBOM removes a UTF-8 byte order mark, which Python accepts before a text.
func TrimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }

// Valid reports whether b is UTF-8, in which, as in Python's json, lone
// surrogates may stand.
func Valid(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0xed)
		if i < 0 {
			return utf8.Valid(b)
		}
		if !utf8.Valid(b[:i]) {
			return false
		}
		n := 3
		if !surrogate(b[i:]) {
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size <= 1 {
				return false
			}
			n = size
		}
		b = b[i+n:]
	}
}

func surrogate(b []byte) bool {
	return len(b) >= 3 && b[0] == 0xed && b[1] >= 0xa0 && b[1] <= 0xbf && b[2]&0xc0 == 0x80
}
