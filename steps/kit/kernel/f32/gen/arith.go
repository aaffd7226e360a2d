package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
)

// Vector arithmetic. Go's arm64 assembler knows few of these instructions on
// vectors, so they are written as words: the opcode for 4S with the registers
// at bits 16 (second operand), 5 (first) and 0 (result), as in the Arm
// Architecture Reference Manual, C7.2.
const (
	fadd, fsub, fmul, fdiv = 0x4E20D400, 0x4EA0D400, 0x6E20DC00, 0x6E20FC00
	fmla, fmls, fsqrt      = 0x4E20CC00, 0x4EA0CC00, 0x6EA1F800
	fmlaLane0              = 0x4F801000 // by element 0 of the second operand
	fcmgt                  = 0x6EA0E400
	addI, subI             = 0x4EA08400, 0x6EA08400
	and, orr, eor, bic     = 0x4E201C00, 0x4EA01C00, 0x6E201C00, 0x4E601C00
	bit                    = 0x6EA01C00 // result = first where second is ones
	shl, sshr              = 0x4F005400, 0x4F000400
)

const v30, v31 = 30, 31

func (e *emitter) word(op uint32, about string, d, a, b int) {
	e.text("WORD $0x%08x // %s V%d, V%d, V%d", op|uint32(b)<<16|uint32(a)<<5|uint32(d), about, d, a, b)
}

// second is the operand b, a vec or a K, as avo takes it.
func (e *emitter) second(b any) operand.Op {
	if k, ok := b.(K); ok {
		m, found := e.mem[string(k)]
		if !found {
			panic("no constant " + string(k))
		}
		return m
	}
	return b.(vec).y()
}

// half is the register of arm64 that holds half h of b. A constant is loaded
// into the register given.
func (e *emitter) half(b any, h, into int) int {
	if k, ok := b.(K); ok {
		if h == 0 {
			e.text("FMOVQ %d(R21), F%d", 16*e.at[string(k)], into)
		}
		return into
	}
	return b.(vec).half(h)
}

func (e *emitter) binary(op uint32, about string, d, a vec, b any) {
	for h := range 2 {
		e.word(op, about, d.half(h), a.half(h), e.half(b, h, v31))
	}
}

func (e *emitter) add(d, a vec, b any) {
	e.x.VADDPS(e.second(b), a.y(), d.y())
	e.binary(fadd, "FADD", d, a, b)
}

func (e *emitter) sub(d, a vec, b any) {
	e.x.VSUBPS(e.second(b), a.y(), d.y())
	e.binary(fsub, "FSUB", d, a, b)
}

func (e *emitter) mul(d, a vec, b any) {
	e.x.VMULPS(e.second(b), a.y(), d.y())
	e.binary(fmul, "FMUL", d, a, b)
}

func (e *emitter) div(d, a vec, b any) {
	e.x.VDIVPS(e.second(b), a.y(), d.y())
	e.binary(fdiv, "FDIV", d, a, b)
}

func (e *emitter) sqrt(d, a vec) {
	e.x.VSQRTPS(a.y(), d.y())
	for h := range 2 {
		e.word(fsqrt, "FSQRT", d.half(h), a.half(h), 0)
	}
}

// fma: d += a b, rounded once. fnma: d -= a b.
func (e *emitter) fma(d, a vec, b any) {
	e.x.VFMADD231PS(e.second(b), a.y(), d.y())
	e.binary(fmla, "FMLA", d, a, b)
}

func (e *emitter) fnma(d, a vec, b any) {
	e.x.VFNMADD231PS(e.second(b), a.y(), d.y())
	e.binary(fmls, "FMLS", d, a, b)
}

// mulAdd: d = d a + c, rounded once.
func (e *emitter) mulAdd(d, a vec, c any) {
	e.x.VFMADD213PS(e.second(c), a.y(), d.y())
	for h := range 2 {
		from := v31
		if k, ok := c.(K); ok {
			e.text("FMOVQ %d(R21), F%d", 16*e.at[string(k)], v31)
		} else {
			from = c.(vec).half(h)
			e.move(v31, from)
		}
		e.word(fmla, "FMLA", v31, d.half(h), a.half(h))
		e.move(d.half(h), v31)
	}
}

func (e *emitter) move(d, a int) { e.word(orr, "ORR", d, a, a) }

func (e *emitter) copy(d, a vec) {
	e.x.VMOVAPS(a.y(), d.y())
	for h := range 2 {
		e.move(d.half(h), a.half(h))
	}
}

// set fills d with a constant.
func (e *emitter) set(d vec, k K) {
	e.x.VMOVUPS(e.second(k), d.y())
	for h := range 2 {
		e.text("FMOVQ %d(R21), F%d", 16*e.at[string(k)], d.half(h))
	}
}

// atLeast: d = k > d ? k : d. atMost: d = k < d ? k : d. NaN stays NaN.
func (e *emitter) atLeast(d vec, k K) {
	e.x.VMOVUPS(e.second(k), scratchFor(e).y())
	e.x.VMAXPS(d.y(), scratchFor(e).y(), d.y())
	e.clamp(d, k, false)
}

func (e *emitter) atMost(d vec, k K) {
	e.x.VMOVUPS(e.second(k), scratchFor(e).y())
	e.x.VMINPS(d.y(), scratchFor(e).y(), d.y())
	e.clamp(d, k, true)
}

// scratchFor is a register for a constant that must be the first operand: 14,
// since 15 holds the mask.
func scratchFor(*emitter) vec { return 14 }

func (e *emitter) clamp(d vec, k K, below bool) {
	e.text("FMOVQ %d(R21), F30", 16*e.at[string(k)])
	for h := range 2 {
		a, b := v30, d.half(h)
		if below {
			a, b = b, a
		}
		e.word(fcmgt, "FCMGT", v31, a, b)
		e.word(bit, "BIT", d.half(h), v30, v31)
	}
}

// max: d = a > d ? a : d.
func (e *emitter) max(d, a vec) {
	e.x.VMAXPS(d.y(), a.y(), d.y())
	for h := range 2 {
		e.word(fcmgt, "FCMGT", v31, a.half(h), d.half(h))
		e.word(bit, "BIT", d.half(h), a.half(h), v31)
	}
}

// keepAbove zeroes d where a > k does not hold. dropBelow zeroes d where k > a
// holds, so not where a is NaN.
func (e *emitter) keepAbove(d, a vec, k K, t vec) {
	const gt = 30 // GT_OQ
	e.x.VCMPPS(operand.U8(gt), e.second(k), a.y(), t.y())
	e.x.VANDPS(t.y(), d.y(), d.y())
	e.text("FMOVQ %d(R21), F30", 16*e.at[string(k)])
	for h := range 2 {
		e.word(fcmgt, "FCMGT", v31, a.half(h), v30)
		e.word(and, "AND", d.half(h), d.half(h), v31)
	}
}

func (e *emitter) dropBelow(d, a vec, k K, t vec) {
	const lt = 17 // LT_OQ
	e.x.VCMPPS(operand.U8(lt), e.second(k), a.y(), t.y())
	e.x.VANDNPS(d.y(), t.y(), d.y())
	e.text("FMOVQ %d(R21), F30", 16*e.at[string(k)])
	for h := range 2 {
		e.word(fcmgt, "FCMGT", v31, v30, a.half(h))
		e.word(bic, "BIC", d.half(h), d.half(h), v31)
	}
}

func (e *emitter) xor(d, a vec, b any) {
	e.x.VXORPS(e.second(b), a.y(), d.y())
	e.binary(eor, "EOR", d, a, b)
}

// Integer operations on the bits.
func (e *emitter) addBits(d, a vec, b any) {
	e.x.VPADDD(e.second(b), a.y(), d.y())
	e.binary(addI, "ADD", d, a, b)
}

func (e *emitter) subBits(d, a vec, b any) {
	e.x.VPSUBD(e.second(b), a.y(), d.y())
	e.binary(subI, "SUB", d, a, b)
}

func (e *emitter) shiftLeft(d, a vec, n int) {
	e.x.VPSLLD(operand.U8(n), a.y(), d.y())
	e.shift(shl|uint32(32+n)<<16, fmt.Sprint("SHL $", n), d, a)
}

func (e *emitter) shiftRight(d, a vec, n int) {
	e.x.VPSRAD(operand.U8(n), a.y(), d.y())
	e.shift(sshr|uint32(64-n)<<16, fmt.Sprint("SSHR $", n), d, a)
}

func (e *emitter) shift(op uint32, about string, d, a vec) {
	for h := range 2 {
		e.word(op, about, d.half(h), a.half(h), 0)
	}
}
