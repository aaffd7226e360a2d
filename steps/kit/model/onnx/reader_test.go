package onnx

import (
	"encoding/binary"
	"math"
	"strconv"
	"testing"
)

// A field is one of a message that was read back.
type field struct {
	number uint64
	v      uint64 // of a varint or fixed32
	b      []byte // of anything else
}

// parse reads a message. It is written apart from wire.go, which it checks.
func parse(t *testing.T, b []byte) []field {
	t.Helper()
	var list []field
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		b = b[max(n, 0):]
		f := field{number: key >> 3}
		switch key & 7 {
		case 0:
			f.v, n = binary.Uvarint(b)
		case 2:
			var size uint64
			size, n = binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				t.Fatalf("field %d has %d bytes of %d", f.number, size, len(b))
			}
			f.b = b[n : n+int(size)]
			n += int(size)
		case 5:
			f.v, n = uint64(binary.LittleEndian.Uint32(b)), 4
		default:
			t.Fatalf("field %d has wire type %d", f.number, key&7)
		}
		if n <= 0 {
			t.Fatalf("field %d is cut off", f.number)
		}
		list, b = append(list, f), b[n:]
	}
	return list
}

// all returns the fields of one number.
func all(list []field, number uint64) []field {
	var out []field
	for _, f := range list {
		if f.number == number {
			out = append(out, f)
		}
	}
	return out
}

// texts returns the fields of one number as texts.
func texts(list []field, number uint64) []string {
	var out []string
	for _, f := range all(list, number) {
		out = append(out, string(f.b))
	}
	return out
}

// one returns the field of a number that occurs once.
func one(t *testing.T, list []field, number uint64) field {
	t.Helper()
	found := all(list, number)
	if len(found) != 1 {
		t.Fatalf("field %d occurs %d times", number, len(found))
	}
	return found[0]
}

// A file is what the tests look at of a file.
type file struct {
	notes   map[string]string
	imports map[string]uint64 // operators' versions by domain
	ops     map[string]int    // nodes by operator
	shapes  map[string][]int  // of initializers
	raw     map[string][]byte // their data
	nodes   [][]field
	input   []string // dimensions, a free one by its name
	output  []string
}

// open reads a file back and checks what the format asks of every graph: nodes and
// initializers have names of their own, and a node reads only what comes before it.
func open(t *testing.T, b []byte) file {
	t.Helper()
	f := file{map[string]string{}, map[string]uint64{}, map[string]int{}, map[string][]int{}, map[string][]byte{},
		nil, nil, nil}
	m := parse(t, b)
	if v := one(t, m, 1).v; v != 8 {
		t.Errorf("the IR version is %d", v)
	}
	for _, x := range all(m, 8) {
		o := parse(t, x.b)
		f.imports[string(one(t, o, 1).b)] = one(t, o, 2).v
	}
	for _, x := range all(m, 14) {
		o := parse(t, x.b)
		f.notes[string(one(t, o, 1).b)] = string(one(t, o, 2).b)
	}
	g := parse(t, one(t, m, 7).b)
	known := map[string]bool{"x": true}
	for _, x := range all(g, 5) {
		f.constant(t, parse(t, x.b), known)
	}
	names := map[string]bool{}
	for _, x := range all(g, 1) {
		f.node(t, parse(t, x.b), known, names)
	}
	f.input, f.output = dims(t, one(t, g, 11).b, "x"), dims(t, one(t, g, 12).b, "probabilities")
	if !known["probabilities"] {
		t.Error("no node makes the output")
	}
	return f
}

// constant enters an initializer.
func (f *file) constant(t *testing.T, list []field, known map[string]bool) {
	t.Helper()
	name := string(one(t, list, 8).b)
	if known[name] {
		t.Errorf("%s is there twice", name)
	}
	known[name] = true
	shape, size := []int{}, 1
	for _, d := range all(list, 1) {
		shape = append(shape, int(d.v))
		size *= int(d.v)
	}
	width := map[uint64]int{1: 4, 7: 8, 11: 8}[one(t, list, 2).v]
	raw := one(t, list, 9).b
	if len(raw) != size*width {
		t.Errorf("%s has the shape %v and %d bytes", name, shape, len(raw))
	}
	f.shapes[name], f.raw[name] = shape, raw
}

// node enters a node.
func (f *file) node(t *testing.T, list []field, known, names map[string]bool) {
	t.Helper()
	name, op := string(one(t, list, 3).b), string(one(t, list, 4).b)
	if names[name] {
		t.Errorf("two nodes are named %s", name)
	}
	names[name] = true
	f.ops[op]++
	f.nodes = append(f.nodes, list)
	for _, in := range texts(list, 1) {
		if !known[in] {
			t.Errorf("node %s reads %s, which nothing before it makes", name, in)
		}
	}
	for _, out := range texts(list, 2) {
		if known[out] {
			t.Errorf("node %s makes %s, which is there", name, out)
		}
		known[out] = true
	}
}

// dims returns the dimensions of an input or output of float32.
func dims(t *testing.T, b []byte, name string) []string {
	t.Helper()
	m := parse(t, b)
	if got := string(one(t, m, 1).b); got != name {
		t.Errorf("it is named %s, want %s", got, name)
	}
	tensor := parse(t, one(t, parse(t, one(t, m, 2).b), 1).b)
	if kind := one(t, tensor, 1).v; kind != 1 {
		t.Errorf("%s has the type %d", name, kind)
	}
	var out []string
	for _, d := range all(parse(t, one(t, tensor, 2).b), 1) {
		dim := parse(t, d.b)
		if free := texts(dim, 2); len(free) > 0 {
			out = append(out, free[0])
		} else {
			out = append(out, strconv.FormatUint(one(t, dim, 1).v, 10))
		}
	}
	return out
}

// float32sOf reads little-endian numbers.
func float32sOf(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}
