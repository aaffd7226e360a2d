package telemetry

import (
	"errors"
	"unicode/utf8"
)

// decode builds the value at b[i], which lies inside depth containers, for the
// small files of an episode. Objects are map[string]any (the last of equal keys
// wins), arrays []any, strings string, numbers number, the rest bool and nil.
func decode(b []byte, i, depth int) (v any, end int) {
	if i >= len(b) {
		return nil, bad
	}
	switch c := b[i]; {
	case c == '{':
		return decodeObject(b, i, depth)
	case c == '[':
		return decodeArray(b, i, depth)
	case c == '"':
		if end = skipString(b, i); end < 0 {
			return nil, bad
		}
		return unquote(b[i:end]), end
	case c == 't':
		return true, skipWord(b, i, "true")
	case c == 'f':
		return false, skipWord(b, i, "false")
	case c == 'n':
		return nil, skipWord(b, i, "null")
	}
	return decodeNumber(b, i, depth)
}

func decodeObject(b []byte, i, depth int) (any, int) {
	m := map[string]any{}
	if depth >= maxDepth {
		return nil, bad
	}
	if i = blanks(b, i+1); i < len(b) && b[i] == '}' {
		return m, i + 1
	}
	for {
		end := skipString(b, i)
		if end < 0 {
			return nil, bad
		}
		key := unquote(b[i:end])
		if i = colon(b, end); i < 0 {
			return nil, bad
		}
		if m[key], i = decode(b, i, depth+1); i < 0 {
			return nil, bad
		}
		var more bool
		if i, more = next(b, i, '}'); !more {
			return m, i
		}
	}
}

func decodeArray(b []byte, i, depth int) (any, int) {
	list := []any{}
	if depth >= maxDepth {
		return nil, bad
	}
	if i = blanks(b, i+1); i < len(b) && b[i] == ']' {
		return list, i + 1
	}
	for {
		v, end := decode(b, i, depth+1)
		if end < 0 {
			return nil, bad
		}
		list = append(list, v)
		var more bool
		if i, more = next(b, end, ']'); !more {
			return list, i
		}
	}
}

// decodeText decodes a whole text that must be an object.
func decodeText(b []byte) (map[string]any, error) {
	if !validText(b) {
		return nil, errors.New("is not UTF-8")
	}
	b = trimBOM(b)
	v, i := decode(b, blanks(b, 0), 0)
	if i < 0 || blanks(b, i) != len(b) {
		return nil, errors.New("is not JSON")
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("is not a JSON object")
	}
	return m, nil
}

// length is Python's len of a string or an object.
func length(v any) int {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v)
	case map[string]any:
		return len(v)
	}
	return 0
}

// typeName names the JSON type of a decoded value for people.
func typeName(v any) string {
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
