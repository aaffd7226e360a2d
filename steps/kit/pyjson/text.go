package pyjson

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote decodes a string literal that SkipString accepted. A lone surrogate
// becomes one U+FFFD, so that the number of code points is Python's.
func Unquote(b []byte) string {
	b = b[1 : len(b)-1]
	if bytes.IndexByte(b, '\\') < 0 && bytes.IndexByte(b, 0xed) < 0 {
		return string(b) // neither an escape nor a surrogate
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		switch {
		case b[i] == '\\' && b[i+1] == 'u':
			r, n := unescape(b[i:])
			out = utf8.AppendRune(out, r)
			i += n
		case b[i] == '\\':
			out = append(out, control(b[i+1]))
			i += 2
		case surrogate(b[i:]):
			out = utf8.AppendRune(out, utf8.RuneError)
			i += 3
		default:
			out = append(out, b[i])
			i++
		}
	}
	return string(out)
}

// unescape decodes \uXXXX or a pair of them and returns the bytes used.
func unescape(b []byte) (rune, int) {
	hi, _ := hex4(b, 2)
	if utf16.IsSurrogate(hi) && len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if lo, ok := hex4(b, 8); ok {
			if r := utf16.DecodeRune(hi, lo); r != unicode.ReplacementChar {
				return r, 12
			}
		}
	}
	return hi, 6 // AppendRune writes U+FFFD for a surrogate
}

func control(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// hex4 reads the four hexadecimal digits at b[i].
func hex4(b []byte, i int) (r rune, ok bool) {
	if i+4 > len(b) {
		return 0, false
	}
	for _, c := range b[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// ParseFloat is Python's float(s): it strips Unicode spaces, accepts single
// underscores between digits, any script's decimal digits, inf, infinity and
// nan in any case; it refuses hexadecimal.
func ParseFloat(s string) (float64, bool) {
	text, ok := plainDigits(strings.TrimFunc(s, floatBlank))
	if !ok || text == "" {
		return 0, false
	}
	sign, body := "", text
	if text[0] == '+' || text[0] == '-' {
		sign, body = text[:1], text[1:]
	}
	switch strings.ToLower(body) {
	case "nan":
		return math.NaN(), true
	case "inf", "infinity":
		if sign == "-" {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	if body == "" || strings.Trim(body, "0123456789.eE+-") != "" || body[0] == '+' || body[0] == '-' {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil || math.IsInf(f, 0) // out of range is infinite, as there
}

func floatBlank(r rune) bool {
	return r < utf8.RuneSelf && strings.ContainsRune(" \t\n\v\f\r", r) || r >= utf8.RuneSelf && unicode.IsSpace(r)
}

// plainDigits turns all decimal digits into ASCII ones and removes underscores
// that stand between two digits; another one makes it fail.
func plainDigits(s string) (string, bool) {
	var out []byte
	afterDigit := false
	for i, r := range s {
		switch d := digitOf(r); {
		case d >= 0:
			out = append(out, byte('0'+d))
		case r == '_':
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if !afterDigit || digitOf(next) < 0 {
				return "", false
			}
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		default:
			return "", false
		}
		afterDigit = digitOf(r) >= 0
	}
	return string(out), true
}

// digitOf returns the value of a decimal digit, or -1. Each script's ten digits
// are contiguous in Unicode, and so are the runs of several tens.
func digitOf(r rune) int {
	if r < utf8.RuneSelf {
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
		return -1
	}
	if !unicode.IsDigit(r) {
		return -1
	}
	zero := r
	for unicode.IsDigit(zero - 1) {
		zero--
	}
	return int(r-zero) % 10
}
