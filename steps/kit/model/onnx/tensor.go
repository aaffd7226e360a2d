package onnx

import (
	"encoding/binary"
	"math"
)

// tensor begins a TensorProto.
func tensor(kind int64, name string, shape []int) message {
	var m message
	for _, d := range shape {
		m.integer(1, int64(d))
	}
	m.integer(2, kind)
	m.text(8, name)
	return m
}

const fieldRaw = 9 // of a TensorProto: its elements, little-endian

// constant adds a constant and returns its name. One that is there already under that name
// is the same.
func (g *graph) constant(kind int64, name string, shape []int, raw []byte) string {
	if !g.known[name] {
		g.known[name] = true
		m := tensor(kind, name, shape)
		m.bytes(fieldRaw, raw)
		g.initializers = append(g.initializers, m)
	}
	return name
}

// floats adds a constant of float32.
func (g *graph) floats(name string, shape []int, data []float32) string {
	return g.constant(floats32, name, shape, rawFloats(data))
}

// double adds a single float64.
func (g *graph) double(name string, v float64) string {
	return g.constant(floats64, name, nil, binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
}

// integers adds a list of int64.
func (g *graph) integers(name string, list ...int) string {
	var raw []byte
	for _, v := range list {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return g.constant(ints64, name, []int{len(list)}, raw)
}
