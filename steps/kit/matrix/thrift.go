package matrix

import "encoding/binary"

// The types of Thrift's compact protocol that a file's own data need.
const (
	thriftInt32  = 5
	thriftInt64  = 6
	thriftText   = 8
	thriftList   = 9
	thriftStruct = 12
)

// maxOpen is how many structs are open in one another, at most.
const maxOpen = 16

// A message is Thrift data under way. Fields of a struct are written in ascending
// order, their numbers less than 16 apart.
type message struct {
	b     []byte
	last  [maxOpen]int // number of the field written last, in each open struct
	depth int
}

// field begins a field.
func (m *message) field(id int, kind byte) {
	m.b = append(m.b, byte(id-m.last[m.depth])<<4|kind)
	m.last[m.depth] = id
}

func (m *message) int32(id int, v int32) {
	m.field(id, thriftInt32)
	m.b = binary.AppendVarint(m.b, int64(v))
}

func (m *message) int64(id int, v int64) {
	m.field(id, thriftInt64)
	m.b = binary.AppendVarint(m.b, v)
}

func (m *message) text(id int, s string) {
	m.field(id, thriftText)
	m.element(s)
}

// structure begins a struct that is a field.
func (m *message) structure(id int) {
	m.field(id, thriftStruct)
	m.open()
}

// list begins a list of n elements, which have no numbers.
func (m *message) list(id int, kind byte, n int) {
	m.field(id, thriftList)
	if n < 15 {
		m.b = append(m.b, byte(n)<<4|kind)
		return
	}
	m.b = binary.AppendUvarint(append(m.b, 0xf0|kind), uint64(n))
}

// element adds a text to a list of texts.
func (m *message) element(s string) {
	m.b = append(binary.AppendUvarint(m.b, uint64(len(s))), s...)
}

// open begins a struct in a list of structs.
func (m *message) open() {
	m.depth++
	m.last[m.depth] = 0
}

// end ends the struct begun last; of the whole message, if no other is open.
func (m *message) end() {
	m.b = append(m.b, 0)
	m.depth = max(0, m.depth-1)
}
