package pyjson

import (
	"errors"
	"unicode/utf8"
)

// Decode builds the value at b[i], which lies inside depth containers, for the
// small files of an episode. Objects are map[string]any (the last of equal keys
// wins), arrays []any, strings string, numbers number, the rest bool and nil.
func Decode(b []byte, i, depth int) (v any, end int) {
	if i >= len(b) {
		return nil, Bad
	}
	switch c := b[i]; {
	case c == '{':
		return decodeObject(b, i, depth)
	case c == '[':
		return decodeArray(b, i, depth)
	case c == '"':
		if end = SkipString(b, i); end < 0 {
			return nil, Bad
		}
		return Unquote(b[i:end]), end
	case c == 't':
		return true, SkipWord(b, i, "true")
	case c == 'f':
		return false, SkipWord(b, i, "false")
	case c == 'n':
		return nil, SkipWord(b, i, "null")
	}
	return DecodeNumber(b, i, depth)
}

// decodeObject decodes an object; of equal keys the last one wins.
func decodeObject(b []byte, i, depth int) (any, int) {
	m := map[string]any{}
	if depth >= MaxDepth {
		return nil, Bad
	}
	if i = SkipSpace(b, i+1); i < len(b) && b[i] == '}' {
		return m, i + 1
	}
	for {
		end := SkipString(b, i)
		if end < 0 {
			return nil, Bad
		}
		key := Unquote(b[i:end])
		if i = Colon(b, end); i < 0 {
			return nil, Bad
		}
		if m[key], i = Decode(b, i, depth+1); i < 0 {
			return nil, Bad
		}
		var more bool
		if i, more = Next(b, i, '}'); !more {
			return m, i
		}
	}
}

// decodeArray decodes an array.
func decodeArray(b []byte, i, depth int) (any, int) {
	list := []any{}
	if depth >= MaxDepth {
		return nil, Bad
	}
	if i = SkipSpace(b, i+1); i < len(b) && b[i] == ']' {
		return list, i + 1
	}
	for {
		v, end := Decode(b, i, depth+1)
		if end < 0 {
			return nil, Bad
		}
		list = append(list, v)
		var more bool
		if i, more = Next(b, end, ']'); !more {
			return list, i
		}
	}
}

// ParseObject decodes a whole text that must be an object.
func ParseObject(b []byte) (map[string]any, error) {
	if !Valid(b) {
		return nil, errors.New("is not UTF-8")
	}
	b = TrimBOM(b)
	v, i := Decode(b, SkipSpace(b, 0), 0)
	if i < 0 || SkipSpace(b, i) != len(b) {
		return nil, errors.New("is not JSON")
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("is not a JSON object")
	}
	return m, nil
}

// Len is Python's len of a string or an object.
func Len(v any) int {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

// TypeName names the JSON type of a decoded value for people.
func TypeName(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case nil:
		return "null"
	}
	return "a number"
}
