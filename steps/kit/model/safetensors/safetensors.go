// Package safetensors writes and reads files of named tensors in the safetensors
// format (github.com/huggingface/safetensors), float32 only. Call [Write] and [Read].
//
// A file is the length of a header (8 bytes, little-endian), the header (a JSON object
// with type, shape and place of each tensor) and the data, row-major and
// little-endian. Tensors lie one after the other without gaps.
//
// Read write.go first, then header.go: what of a file is believed, and when.
package safetensors

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// A Tensor is a named array of float32.
type Tensor struct {
	Name  string
	Shape []int     // sizes of the dimensions, each 1 or more; empty for a single number
	Data  []float32 // row-major, as many as the product of Shape
}

const (
	maxHeader = 1 << 20 // bytes of the header
	maxRank   = 8       // dimensions of a tensor
	metadata  = "__metadata__"
	float32s  = "F32"
	width     = 4 // bytes of a float32
)

// count returns the number of values of a shape, or an error if the shape cannot be, or
// if the values are more than most.
func count(shape []int, most int64) (int64, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("its shape has %d dimensions, want %d or fewer", len(shape), maxRank)
	}
	n := int64(1)
	for i, d := range shape {
		if d < 1 {
			return 0, fmt.Errorf("dimension %d of its shape %v is %d, want 1 or more", i, shape, d)
		}
		if int64(d) > most/n {
			return 0, fmt.Errorf("its shape %v has more than %d values", shape, most)
		}
		n *= int64(d)
	}
	return n, nil
}

// checkName refuses names that the header cannot carry.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("it has no name")
	case name == metadata:
		return errors.New("the format reserves this name; choose another")
	case !utf8.ValidString(name):
		return errors.New("its name is not valid UTF-8")
	}
	return nil
}

// Match returns an error unless tensors have the names and shapes of others, in their
// order.
func Match(got, want []Tensor) error {
	if len(got) != len(want) {
		return fmt.Errorf("it has %d tensors, want %d", len(got), len(want))
	}
	for i, w := range want {
		switch t := got[i]; {
		case t.Name != w.Name:
			return fmt.Errorf("tensor %d is %.60q, want %q", i, t.Name, w.Name)
		case !slices.Equal(t.Shape, w.Shape):
			return fmt.Errorf("tensor %s has the shape %v, want %v", w.Name, t.Shape, w.Shape)
		}
	}
	return nil
}
