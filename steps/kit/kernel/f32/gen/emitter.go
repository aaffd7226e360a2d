package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A vec is a vector of eight float32: register Yi on amd64, the pair V2i and
// V2i+1 on arm64. So one description serves both, instruction by instruction.
// Vector 15 is scratch outside of gemm: the mask of a tail on amd64, V30 and
// V31 for constants and comparisons on arm64.
type vec int

const scratch vec = 15

// A gp is a general register.
type gp int

const none gp = -1

// A mem is the address base + index*scale + disp, in bytes.
type mem struct {
	base, index gp
	scale, disp int
}

func at(base gp) mem               { return mem{base: base, index: none} }
func (m mem) plus(disp int) mem    { m.disp += disp; return m }
func (m mem) by(i gp, n int) mem   { m.index, m.scale = i, n; return m }
func label(s string, n int) string { return fmt.Sprintf("%s%d", s, n) }

// An emitter writes each operation twice: through avo for amd64, as text for
// arm64.
type emitter struct {
	x      *build.Context
	n      strings.Builder // bodies for arm64
	consts []constant
	at     map[string]int // index into consts
	mem    map[string]operand.Mem

	args   map[string]int // offsets of the function's arguments, for arm64
	labels int
	tail   gp // while a tail is emitted: the register that counts it, else none
}

func newEmitter() *emitter {
	e := &emitter{x: build.NewContext(), at: map[string]int{}, mem: map[string]operand.Mem{}, tail: none}
	e.declareConstants()
	return e
}

// Registers behind vec and gp. R14, R15 and BP have other uses in Go.
var (
	yRegs = []reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}
	xRegs = []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7,
		reg.X8, reg.X9, reg.X10, reg.X11, reg.X12, reg.X13, reg.X14, reg.X15}
	gpRegs = []reg.GPPhysical{reg.RAX, reg.RBX, reg.RCX, reg.RDX, reg.RSI, reg.RDI,
		reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13}
)

func (v vec) y() reg.VecPhysical { return yRegs[v] }
func (v vec) xmm() reg.Register  { return xRegs[v] }
func (g gp) r() reg.GPPhysical   { return gpRegs[g] }
func (v vec) half(h int) int     { return 2*int(v) + h }

func (m mem) x() operand.Mem {
	o := operand.Mem{Base: m.base.r(), Disp: m.disp}
	if m.index != none {
		o.Index, o.Scale = m.index.r(), uint8(m.scale)
	}
	return o
}

// An arg is an argument of a kernel: "slice", "int", "ptr", "ptr64" or "float".
type arg struct{ name, kind string }

var goTypes = map[string]string{"slice": "[]float32", "int": "int", "ptr": "*float32", "ptr64": "*float64", "float": "float32"}

// function starts a kernel nameAVX2 and nameNEON. result says whether it
// returns a float32.
func (e *emitter) function(name, doc string, result bool, args ...arg) {
	var params []string
	e.args = map[string]int{}
	size := 0
	for _, a := range args {
		params = append(params, a.name+" "+goTypes[a.kind])
		if a.kind == "float" {
			e.args[a.name] = size
			size += 4
			continue
		}
		size = (size + 7) &^ 7
		if a.kind == "slice" {
			e.args[a.name+"_base"], e.args[a.name+"_len"] = size, size+8
			size += 24
			continue
		}
		e.args[a.name] = size
		size += 8
	}
	sig := "func(" + strings.Join(params, ", ") + ")"
	if result {
		size = (size + 7) &^ 7
		e.args["ret"] = size
		size += 4
		sig += " float32"
	}
	e.x.Function(name + "AVX2")
	e.x.Attributes(attr.NOSPLIT)
	e.x.SignatureExpr(sig)
	e.x.Doc(name + "AVX2 " + doc)
	e.x.Pragma("noescape")
	fmt.Fprintf(&e.n, "\n// func %sNEON%s\nTEXT ·%sNEON(SB), NOSPLIT, $%d-%d\n", name, sig[4:], name, frame, size)
	e.text("MOVD $constants<>(SB), R21")
}

// frame is the size of every arm64 kernel's frame: one vector, for tails.
const frame = 48

func (e *emitter) ret() {
	e.x.VZEROUPPER()
	e.x.RET()
	e.text("RET")
}

// text writes an instruction for arm64.
func (e *emitter) text(format string, a ...any) {
	fmt.Fprintf(&e.n, "\t"+format+"\n", a...)
}

// fresh returns a label that the function does not have yet.
func (e *emitter) fresh(s string) string {
	e.labels++
	return label(s, e.labels)
}

func (e *emitter) neonFile(warning string) string {
	return "// " + warning + "\n\n#include \"textflag.h\"\n" + e.neonConstants() + e.n.String()
}
