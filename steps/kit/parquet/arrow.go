package parquet

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/parquet-go/parquet-go/format"
)

// Parquet has no durations: pandas, polars and pyarrow write them as bare integers
// and say what they are in the schema of Arrow, a FlatBuffer among the file's own
// metadata. See Message.fbs and Schema.fbs of Arrow.

const (
	arrowKey      = "ARROW:schema"
	arrowSchema   = 1  // a message's header that is a schema
	arrowDuration = 18 // a field's type
)

// markDurations gives columns of durations their sense.
func markDurations(leaves []Leaf, schema string) {
	found := arrowDurations(schema)
	for i := range leaves {
		if l := &leaves[i]; l.kind == format.Int64 && found[l.Name] {
			l.sense = sense{of: meansOther, name: "DURATION"}
		}
	}
}

// arrowDurations returns the names of the columns that a schema of Arrow calls
// durations; of one that makes no sense, none.
func arrowDurations(schema string) map[string]bool {
	b, err := base64.StdEncoding.DecodeString(schema)
	if err != nil || len(b) < 8 {
		return nil
	}
	if binary.LittleEndian.Uint32(b) == 0xffffffff { // since Arrow 0.15
		b = b[4:]
	}
	f := &flat{b: b[4:]}
	message := f.follow(0)
	if f.byte(f.field(message, 1)) != arrowSchema {
		return nil
	}
	fields := f.follow(f.field(f.follow(f.field(message, 2)), 1))
	found := map[string]bool{}
	for i := range min(f.uint32(fields), len(b)/4) {
		field := f.follow(fields + 4 + 4*i)
		if name := f.field(field, 0); name != 0 && f.byte(f.field(field, 2)) == arrowDuration {
			found[f.text(f.follow(name))] = true
		}
	}
	if f.bad {
		return nil
	}
	return found
}

// A flat reads a FlatBuffer. What lies outside of it is 0, and makes it bad.
type flat struct {
	b   []byte
	bad bool
}

// bytes returns n bytes, or zeros.
func (f *flat) bytes(at, n int) []byte {
	if at < 0 || n < 0 || at > len(f.b)-n {
		f.bad = true
		return make([]byte, 4)
	}
	return f.b[at : at+n]
}

func (f *flat) byte(at int) byte   { return f.bytes(at, 1)[0] }
func (f *flat) uint16(at int) int  { return int(binary.LittleEndian.Uint16(f.bytes(at, 2))) }
func (f *flat) uint32(at int) int  { return int(binary.LittleEndian.Uint32(f.bytes(at, 4))) }
func (f *flat) follow(at int) int  { return at + f.uint32(at) }
func (f *flat) text(at int) string { return string(f.bytes(at+4, f.uint32(at))) }

// field returns where a field of a table is, or 0 if the table lacks it.
func (f *flat) field(table, id int) int {
	fields := table - int(int32(f.uint32(table)))
	if at := 4 + 2*id; at+2 <= f.uint16(fields) {
		if offset := f.uint16(fields + at); offset != 0 {
			return table + offset
		}
	}
	return 0
}
