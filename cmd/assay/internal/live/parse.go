package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Limits on what may be posted at once.
const (
	MaxBody   = 256 << 10 // bytes
	MaxEvents = 512
	maxDepth  = 32
)

// An Invalid says what is wrong with an event that was posted.
type Invalid struct {
	Index int    // of the event in an array; -1 if it was posted alone
	Path  string // such as "curve[3]"; "" for the event as a whole
	What  string
}

// Error implements error.
func (e *Invalid) Error() string {
	text := e.What
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if e.Index >= 0 {
		text = fmt.Sprintf("event %d: %s", e.Index, text)
	}
	return text
}

// ErrSyntax is the error for what is not JSON, or nested too deeply.
var ErrSyntax = errors.New("this is not JSON that the dashboard reads")

// Parse returns the events of a post: one object, or an array of them. If anything is wrong
// with one of them, none is returned.
func Parse(body []byte) ([]Event, error) {
	if err := checkSyntax(body); err != nil {
		return nil, err
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); trimmed[0] != '[' {
		ev, err := one(body, Posted())
		if err != nil {
			return nil, err
		}
		return []Event{ev}, nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if len(raw) > MaxEvents {
		return nil, wrong("", "%d events at once, want at most %d; post them in parts", len(raw), MaxEvents)
	}
	events := make([]Event, 0, len(raw))
	for i, b := range raw {
		ev, err := one(b, Posted())
		var bad *Invalid
		if errors.As(err, &bad) {
			bad.Index = i
		}
		if err != nil {
			return nil, err
		}
		events = append(events, ev)
	}
	return events, nil
}

// checkSyntax refuses what is not one JSON value, and nesting that is too deep, before
// anything is built of it.
func checkSyntax(body []byte) error {
	if depth := depthOf(body); depth > maxDepth {
		return fmt.Errorf("%w: it is nested more than %d deep", ErrSyntax, maxDepth)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return fmt.Errorf("%w: it is empty", ErrSyntax)
	}
	if !json.Valid(body) {
		return fmt.Errorf("%w: %w", ErrSyntax, json.Unmarshal(body, new(any)))
	}
	return nil
}

// depthOf returns how deep brackets nest outside texts. It stops at maxDepth+1.
func depthOf(body []byte) int {
	depth, most, inside := 0, 0, false
	for i := 0; i < len(body) && most <= maxDepth; i++ {
		switch c := body[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case !inside && (c == '{' || c == '['):
			depth++
			most = max(most, depth)
		case !inside && (c == '}' || c == ']'):
			depth--
		}
	}
	return most
}

// one checks one event of the given types.
func one(b []byte, types []string) (Event, error) {
	v, err := decode(b)
	if err != nil {
		return Event{}, err
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return Event{}, &Invalid{-1, "", "an event is an object, such as " +
			`{"type": "model_metric", "model": "knn", "value": 0.7}`}
	}
	name, _ := fields["type"].(string)
	if !slices.Contains(types, name) {
		return Event{}, &Invalid{-1, "type", fmt.Sprintf("%.40q is not a type of event; want one of %s", name,
			strings.Join(types, ", "))}
	}
	all, err := schemas()
	if err != nil {
		return Event{}, err
	}
	if err := all[name].check("", v); err != nil {
		return Event{}, err
	}
	if err := checkSense(name, fields); err != nil {
		return Event{}, err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, b); err != nil {
		return Event{}, err
	}
	return Event{Type: name, Key: keyOf(name, fields), JSON: line.Bytes()}, nil
}

// decode reads one JSON value. Numbers stay texts.
func decode(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the event", ErrSyntax)
	}
	return v, nil
}
