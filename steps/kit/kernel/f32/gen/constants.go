package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
)

// A K is the name of a constant, which stands in memory as a full vector.
type K string

type constant struct {
	name K
	bits [2]uint32 // of even places and of odd ones
}

// declareConstants enters the constants of the kernels, and the masks of tails:
// eight words of ones and eight of zeros, read from the (8-n)th on. The values
// are those of f32/exp.go.
func (e *emitter) declareConstants() {
	for _, c := range []struct {
		name K
		v    float32
	}{
		{"log2e", 1.44269504088896341}, {"magic", 12582912},
		{"ln2hi", 0.693359375}, {"ln2lo", -2.12194440e-4},
		{"p0", 1.9875691500e-4}, {"p1", 1.3981999507e-3}, {"p2", 8.3334519073e-3},
		{"p3", 4.1665795894e-2}, {"p4", 1.6666665459e-1}, {"p5", 0.5},
		{"zero", 0}, {"one", 1}, {"two", 2},
		{"expLow", -104}, {"expHigh", 89}, {"flush", -87}, {"unflush", 87},
		{"minusInf", float32(math.Inf(-1))},
	} {
		e.constant(c.name, math.Float32bits(c.v))
	}
	e.constant("sign", 1<<31)
	for _, c := range []struct {
		name K
		v    float64
	}{
		{"one64", 1}, {"huge64", 1e39}, {"fifth64", 1.0 / 5}, {"quarter64", 1.0 / 4}, {"third64", 1.0 / 3},
		{"halfway64", 1.0 / 2}, {"whole64", 1 << 52}, {"ln2of64", math.Ln2},
	} {
		e.constant64(c.name, math.Float64bits(c.v))
	}
	e.constant64("abs64", 1<<63-1)
	e.constant64("mantissa64", 1<<52-1)
	e.constant64("half64", 1<<43)

	e.mem["masks"] = e.x.StaticGlobal("masks")
	e.x.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		e.x.AppendDatum(operand.U32(maskWord(i)))
	}
}

func maskWord(i int) uint32 {
	if i < 8 {
		return math.MaxUint32
	}
	return 0
}

func (e *emitter) constant(name K, bits uint32) { e.constant64(name, uint64(bits)<<32|uint64(bits)) }

func (e *emitter) constant64(name K, bits uint64) {
	halves := [2]uint32{uint32(bits), uint32(bits >> 32)}
	e.at[string(name)] = len(e.consts)
	e.consts = append(e.consts, constant{name, halves})
	e.mem[string(name)] = e.x.StaticGlobal("k_" + string(name))
	e.x.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		e.x.AppendDatum(operand.U32(halves[i%2]))
	}
}

// neonConstants is the table that R21 points to on arm64: 16 bytes a constant,
// then the masks.
func (e *emitter) neonConstants() string {
	var b strings.Builder
	b.WriteByte('\n')
	word := func(off int, bits uint32, about string) {
		fmt.Fprintf(&b, "DATA constants<>+%d(SB)/4, $0x%08x%s\n", off, bits, about)
	}
	for i, c := range e.consts {
		for j := range 4 {
			word(16*i+4*j, c.bits[j%2], " // "+string(c.name))
		}
	}
	for i := range 16 {
		word(e.masksAt()+4*i, maskWord(i), "")
	}
	fmt.Fprintf(&b, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", e.masksAt()+64)
	return b.String()
}

func (e *emitter) masksAt() int { return 16 * len(e.consts) }
