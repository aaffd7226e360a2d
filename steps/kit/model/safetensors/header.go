package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// A placed tensor is one that the header describes.
type placed struct {
	name       string
	shape      []int
	begin, end int64 // bytes, in the data
}

// parseHeader returns the tensors of a header in its order, and the number of bytes that
// they fill, which is at most room.
func parseHeader(header []byte, room int64) ([]placed, int64, error) {
	if !utf8.Valid(header) {
		return nil, 0, errors.New("the header is not valid UTF-8")
	}
	if len(header) == 0 || header[0] != '{' {
		return nil, 0, errors.New("the header is not a JSON object")
	}
	var list []placed
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(header))
	dec.DisallowUnknownFields()
	if _, err := dec.Token(); err != nil {
		return nil, 0, fmt.Errorf("the header is not JSON: %w", err)
	}
	for dec.More() {
		p, err := parseEntry(dec, seen, room)
		if err != nil {
			return nil, 0, err
		}
		if p.name != metadata {
			list = append(list, p)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, 0, fmt.Errorf("the header is not JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, 0, errors.New("the header has more than one JSON object")
	}
	total, err := covered(list)
	return list, total, err
}

// parseEntry reads one name and what the header says of it. package json would take the
// last of two equal names without a word, so names are read one by one.
func parseEntry(dec *json.Decoder, seen map[string]bool, room int64) (placed, error) {
	key, err := dec.Token()
	if err != nil {
		return placed{}, fmt.Errorf("the header is not JSON: %w", err)
	}
	name, ok := key.(string)
	if !ok {
		return placed{}, errors.New("the header is not a JSON object of names")
	}
	if seen[name] {
		return placed{}, fmt.Errorf("tensor %.60q: two tensors have this name", name)
	}
	seen[name] = true
	if name == metadata {
		var notes map[string]string
		if err := dec.Decode(&notes); err != nil {
			return placed{}, fmt.Errorf("%s is not a list of texts: %w", metadata, err)
		}
		return placed{name: name}, nil
	}
	var e entry
	if err := dec.Decode(&e); err != nil {
		return placed{}, fmt.Errorf("tensor %.60q: %w", name, err)
	}
	p, err := e.place(name, room)
	if err != nil {
		return placed{}, fmt.Errorf("tensor %.60q: %w", name, err)
	}
	return p, nil
}

// place checks an entry by itself: its type, its shape, and that its bytes are as many as
// its shape needs.
func (e entry) place(name string, room int64) (placed, error) {
	if err := checkName(name); err != nil {
		return placed{}, err
	}
	if e.Dtype != float32s {
		return placed{}, fmt.Errorf("its type is %.20q, want %q; convert it to float32", e.Dtype, float32s)
	}
	if e.Shape == nil {
		return placed{}, errors.New("it has no shape")
	}
	if len(e.Offsets) != 2 {
		return placed{}, fmt.Errorf("it has %d data_offsets, want 2", len(e.Offsets))
	}
	n, err := count(e.Shape, room/width)
	if err != nil {
		return placed{}, err
	}
	begin, end := e.Offsets[0], e.Offsets[1]
	if begin < 0 || end < begin || end > room || end-begin != n*width {
		return placed{}, fmt.Errorf("its data_offsets are %d and %d; its shape %v needs %d bytes, and the file may "+
			"have %d", begin, end, e.Shape, n*width, room)
	}
	return placed{name, e.Shape, begin, end}, nil
}

// covered returns the number of bytes that the tensors fill. It refuses a gap and an overlap.
func covered(list []placed) (int64, error) {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b placed) int {
		return int(min(max(a.begin-b.begin, -1), 1))
	})
	at := int64(0)
	for _, p := range sorted {
		if p.begin != at {
			return 0, fmt.Errorf("tensor %.60q: its data begin at byte %d, want %d: tensors must follow each other "+
				"without gap or overlap", p.name, p.begin, at)
		}
		at = p.end
	}
	return at, nil
}
