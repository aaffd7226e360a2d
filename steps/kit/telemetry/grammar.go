package telemetry

import (
	"bytes"
	"unicode/utf8"
)

// The grammar is that of Python's json module, which wrote and used to read the
// recordings: JSON, and NaN, Infinity and -Infinity as numbers. Every function
// here takes the index of a token's first byte and returns the index after it,
// or bad.
const bad = -1

const (
	// maxDepth is how many containers may lie in one another; Python's parser
	// gives up at the same depth.
	maxDepth = 990
	// maxDigits is how many digits an integer may have; same reason.
	maxDigits = 4300
)

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

func skipWord(b []byte, i int, word string) int {
	if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
		return i + len(word)
	}
	return bad
}

func skipString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return bad
	}
	for i++; i < len(b); {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i = skipEscape(b, i); i < 0 {
				return bad
			}
		case c < 0x20:
			return bad
		default:
			i++
		}
	}
	return bad
}

func skipEscape(b []byte, i int) int {
	if i+1 >= len(b) {
		return bad
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		if _, ok := hex4(b, i+2); ok {
			return i + 6
		}
	}
	return bad
}

// skipNumber also tells whether the number is an integer.
func skipNumber(b []byte, i int) (end int, integer bool) {
	if i < len(b) && b[i] == '-' {
		if i++; i < len(b) && b[i] == 'I' {
			return skipWord(b, i, "Infinity"), false
		}
	}
	first := i
	i = digits(b, i)
	if n := i - first; n == 0 || n > 1 && b[first] == '0' {
		return bad, false
	}
	integer = true
	count := i - first
	if i < len(b) && b[i] == '.' {
		integer = false
		frac := i + 1
		if i = digits(b, frac); i == frac {
			return bad, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		integer = false
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		exp := i
		if i = digits(b, exp); i == exp {
			return bad, false
		}
	}
	if integer && count > maxDigits {
		return bad, false
	}
	return i, integer
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

// skipValue skips any value that lies inside depth containers.
func skipValue(b []byte, i, depth int) int {
	if i >= len(b) {
		return bad
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '[':
		_, i = skipArray(b, i, depth)
		return i
	case '{':
		return skipObject(b, i, depth)
	case 't':
		return skipWord(b, i, "true")
	case 'f':
		return skipWord(b, i, "false")
	case 'n':
		return skipWord(b, i, "null")
	case 'N':
		return skipWord(b, i, "NaN")
	case 'I':
		return skipWord(b, i, "Infinity")
	}
	i, _ = skipNumber(b, i)
	return i
}

// skipArray also counts the elements.
func skipArray(b []byte, i, depth int) (n, end int) {
	if depth >= maxDepth {
		return 0, bad
	}
	if i = blanks(b, i+1); i < len(b) && b[i] == ']' {
		return 0, i + 1
	}
	for {
		n++
		if i = skipValue(b, i, depth+1); i < 0 {
			return n, bad
		}
		var more bool
		if i, more = next(b, i, ']'); !more {
			return n, i
		}
	}
}

func skipObject(b []byte, i, depth int) int {
	if depth >= maxDepth {
		return bad
	}
	if i = blanks(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if i = skipString(b, i); i < 0 {
			return bad
		}
		if i = colon(b, i); i < 0 {
			return bad
		}
		if i = skipValue(b, i, depth+1); i < 0 {
			return bad
		}
		var more bool
		if i, more = next(b, i, '}'); !more {
			return i
		}
	}
}

// colon goes from the end of a key to the start of its value.
func colon(b []byte, i int) int {
	if i = blanks(b, i); i >= len(b) || b[i] != ':' {
		return bad
	}
	return blanks(b, i+1)
}

// next goes from the end of a member or element to the next one, or past the
// closing bracket if there is no more.
func next(b []byte, i int, closing byte) (end int, more bool) {
	if i = blanks(b, i); i >= len(b) {
		return bad, false
	}
	switch b[i] {
	case closing:
		return i + 1, false
	case ',':
		return blanks(b, i+1), true
	}
	return bad, false
}

// trimBOM removes a UTF-8 byte order mark, which Python accepts before a text.
func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }

// validText reports whether b is UTF-8, in which, as in Python's json, lone
// surrogates may stand.
func validText(b []byte) bool {
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
