package onnx

import (
	"encoding/binary"
	"math"
)

// A message is an encoded protobuf message: fields one after the other. A field is its
// number and wire type as a varint, then its value. See "Encoding" in the manual of
// Protocol Buffers; the numbers of the fields are in onnx.proto3.
type message []byte

// The wire types.
const (
	varintType = 0
	bytesType  = 2
	fixed32    = 5
)

func (m *message) key(field, wire uint64) { *m = binary.AppendUvarint(*m, field<<3|wire) }

// integer adds an integer or an enum. Negative ones take ten bytes, as int64 does.
func (m *message) integer(field uint64, v int64) {
	m.key(field, varintType)
	*m = binary.AppendUvarint(*m, uint64(v))
}

// float adds a float.
func (m *message) float(field uint64, v float32) {
	m.key(field, fixed32)
	*m = binary.LittleEndian.AppendUint32(*m, math.Float32bits(v))
}

// bytes adds bytes or a message.
func (m *message) bytes(field uint64, v []byte) {
	m.key(field, bytesType)
	*m = binary.AppendUvarint(*m, uint64(len(v)))
	*m = append(*m, v...)
}

// text adds a string, or bytes that are one.
func (m *message) text(field uint64, v string) { m.bytes(field, []byte(v)) }

// integers adds a list of integers, packed.
func (m *message) integers(field uint64, list []int64) {
	var b []byte
	for _, v := range list {
		b = binary.AppendUvarint(b, uint64(v))
	}
	m.bytes(field, b)
}

// floats adds a list of floats, packed.
func (m *message) floats(field uint64, list []float32) { m.bytes(field, rawFloats(list)) }

// rawFloats returns numbers as they lie in files: little-endian.
func rawFloats(list []float32) []byte {
	b := make([]byte, 0, 4*len(list))
	for _, v := range list {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
