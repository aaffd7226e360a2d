package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// Whole numbers, jumps and loops.

// param reads an argument: "dst_base", "dst_len", or an int's or pointer's name.
func (e *emitter) param(g gp, name string) {
	e.x.MOVQ(e.slot(name), g.r())
	e.text("MOVD %s+%d(FP), R%d", name, e.args[name], g)
}

// setParam writes to an argument's place: a variable that needs no register.
func (e *emitter) setParam(name string, g gp) {
	e.x.MOVQ(g.r(), e.slot(name))
	e.text("MOVD R%d, %s+%d(FP)", g, name, e.args[name])
}

// slot is the place of an argument on amd64, which is as on arm64.
func (e *emitter) slot(name string) operand.Mem {
	off, ok := e.args[name]
	if !ok {
		panic("no argument " + name)
	}
	return operand.NewParamAddr(name, off)
}

func (e *emitter) mov(d, a gp) {
	e.x.MOVQ(a.r(), d.r())
	e.text("MOVD R%d, R%d", a, d)
}

func (e *emitter) inc(d gp, n int) {
	e.x.ADDQ(operand.I32(n), d.r())
	e.text("ADD $%d, R%d", n, d)
}

func (e *emitter) dec(d gp, n int) {
	e.x.SUBQ(operand.I32(n), d.r())
	e.text("SUB $%d, R%d", n, d)
}

func (e *emitter) plus(d, a gp) {
	e.x.ADDQ(a.r(), d.r())
	e.text("ADD R%d, R%d", a, d)
}

func (e *emitter) times4(d gp) {
	e.x.SHLQ(operand.U8(2), d.r())
	e.text("LSL $2, R%d", d)
}

// lea: d = the address.
func (e *emitter) lea(d gp, m mem) {
	e.x.LEAQ(m.x(), d.r())
	e.address(m)
	e.text("MOVD R19, R%d", d)
}

func (e *emitter) label(l string) {
	e.x.Label(l)
	e.n.WriteString(l + ":\n")
}

func (e *emitter) jump(l string) {
	e.x.JMP(operand.LabelRef(l))
	e.text("B %s", l)
}

func (e *emitter) ifZero(g gp, l string) {
	e.x.TESTQ(g.r(), g.r())
	e.x.JZ(operand.LabelRef(l))
	e.text("CBZ R%d, %s", g, l)
}

func (e *emitter) ifNotZero(g gp, l string) {
	e.x.TESTQ(g.r(), g.r())
	e.x.JNZ(operand.LabelRef(l))
	e.text("CBNZ R%d, %s", g, l)
}

// countDown subtracts n and jumps while something is left.
func (e *emitter) countDown(g gp, n int, l string) {
	e.x.SUBQ(operand.I32(n), g.r())
	e.x.JNZ(operand.LabelRef(l))
	e.text("SUB $%d, R%d\n\tCBNZ R%d, %s", n, g, g, l)
}

func (e *emitter) ifLess(g gp, n int, l string) {
	e.x.CMPQ(g.r(), operand.I32(n))
	e.x.JLT(operand.LabelRef(l))
	e.text("CMP $%d, R%d\n\tBLT %s", n, g, l)
}

func (e *emitter) ifAtLeast(g gp, n int, l string) {
	e.x.CMPQ(g.r(), operand.I32(n))
	e.x.JGE(operand.LabelRef(l))
	e.text("CMP $%d, R%d\n\tBGE %s", n, g, l)
}

// each runs body for every eight of n numbers and once for the tail, and moves
// the pointers on. It uses up n; t is free for its use.
func (e *emitter) each(n, t gp, pointers []gp, body func()) {
	e.eachWide(1, n, t, pointers, func(int) { body() })
}

// eachWide is each for bodies that take several eights at once, as long as there are
// so many, and then one. Chains of operations that do not wait for each other then
// stand side by side, where the processor finds them.
func (e *emitter) eachWide(wide int, n, t gp, pointers []gp, body func(eights int)) {
	rest, done := e.fresh("rest"), e.fresh("done")
	for _, k := range []int{wide, 1} {
		if k == 1 && wide > 1 {
			rest = e.fresh("rest")
		}
		loop := e.fresh("loop")
		e.ifLess(n, 8*k, rest)
		e.label(loop)
		body(k)
		for _, p := range pointers {
			e.inc(p, 32*k)
		}
		e.dec(n, 8*k)
		e.ifAtLeast(n, 8*k, loop)
		e.label(rest)
		if wide == 1 {
			break
		}
	}
	e.ifZero(n, done)
	e.maskOf(scratch, n, t)
	e.tail = n
	body(1)
	e.tail = none
	for _, p := range pointers {
		e.lea(p, at(p).by(n, 4))
	}
	e.label(done)
}

// rows runs body n times; there must be at least one row.
func (e *emitter) rows(n gp, body func()) {
	row := e.fresh("row")
	e.label(row)
	body()
	e.countDown(n, 1, row)
}
