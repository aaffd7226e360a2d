package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// address leaves the address of m in R19 on arm64, where vector loads know no
// index.
func (e *emitter) address(m mem) {
	if m.index == none {
		e.text("MOVD R%d, R19", m.base)
	} else if m.scale == 1 {
		e.text("ADD R%d, R%d, R19", m.index, m.base)
	} else {
		e.text("ADD R%d<<%d, R%d, R19", m.index, shiftOf(m.scale), m.base)
	}
	if m.disp != 0 {
		e.text("ADD $%d, R19", m.disp)
	}
}

func shiftOf(scale int) int {
	return map[int]int{1: 0, 2: 1, 4: 2, 8: 3}[scale]
}

// load reads eight numbers; in a tail, as many as there are, the rest being 0.
func (e *emitter) load(d vec, m mem) {
	if e.tail != none {
		e.x.VMASKMOVPS(m.x(), scratch.y(), d.y())
		e.address(m)
		e.loadPart(d, e.tail, "zero")
		return
	}
	e.x.VMOVUPS(m.x(), d.y())
	e.address(m)
	e.text("FLDPQ (R19), (F%d, F%d)", d.half(0), d.half(1))
}

// loadOr is load with a constant in place of what a tail lacks.
func (e *emitter) loadOr(d vec, m mem, k K, t vec) {
	if e.tail == none {
		e.load(d, m)
		return
	}
	e.x.VMASKMOVPS(m.x(), scratch.y(), d.y())
	e.x.VMOVUPS(e.second(k), t.y())
	e.x.VBLENDVPS(scratch.y(), d.y(), t.y(), d.y())
	e.address(m)
	e.loadPart(d, e.tail, k)
}

// store writes eight numbers, or a tail's.
func (e *emitter) store(d vec, m mem) {
	if e.tail != none {
		e.x.VMASKMOVPS(d.y(), scratch.y(), m.x())
		e.address(m)
		e.storePart(d, e.tail)
		return
	}
	e.x.VMOVUPS(d.y(), m.x())
	e.address(m)
	e.text("FSTPQ (F%d, F%d), (R19)", d.half(0), d.half(1))
}

// mask zeroes the lanes that a tail lacks.
func (e *emitter) mask(d vec) {
	if e.tail == none {
		return
	}
	e.x.VANDPS(scratch.y(), d.y(), d.y())
	e.text("MOVD $8, R19")
	e.text("SUB R%d, R19", e.tail)
	e.text("ADD R19<<2, R21, R19")
	e.text("ADD $%d, R19", e.masksAt())
	e.text("FLDPQ (R19), (F30, F31)")
	for h := range 2 {
		e.word(and, "AND", d.half(h), d.half(h), v30+h)
	}
}

// loadPart reads n numbers from R19 on arm64, by way of the frame.
func (e *emitter) loadPart(d vec, n gp, k K) {
	more, done := e.fresh("part"), e.fresh("part")
	e.text("FMOVQ %d(R21), F%d", 16*e.at[string(k)], d.half(0))
	e.text("MOVD RSP, R22\n\tADD $16, R22")
	e.text("FSTPQ (F%d, F%d), (R22)", d.half(0), d.half(0))
	e.text("MOVD R%d, R20", n)
	e.n.WriteString(more + ":\n")
	e.text("CBZ R20, %s", done)
	e.text("MOVWU.P 4(R19), R23\n\tMOVW.P R23, 4(R22)\n\tSUB $1, R20\n\tB %s", more)
	e.n.WriteString(done + ":\n")
	e.text("MOVD RSP, R22\n\tADD $16, R22")
	e.text("FLDPQ (R22), (F%d, F%d)", d.half(0), d.half(1))
}

func (e *emitter) storePart(d vec, n gp) {
	more, done := e.fresh("part"), e.fresh("part")
	e.text("MOVD RSP, R22\n\tADD $16, R22")
	e.text("FSTPQ (F%d, F%d), (R22)", d.half(0), d.half(1))
	e.text("MOVD R%d, R20", n)
	e.n.WriteString(more + ":\n")
	e.text("CBZ R20, %s", done)
	e.text("MOVWU.P 4(R22), R23\n\tMOVW.P R23, 4(R19)\n\tSUB $1, R20\n\tB %s", more)
	e.n.WriteString(done + ":\n")
}

// maskOf fills m with the mask of n lanes, 0 to 8; arm64 counts instead.
func (e *emitter) maskOf(m vec, n, t gp) {
	e.x.LEAQ(e.mem["masks"], t.r())
	e.x.SUBQ(n.r(), t.r())
	e.x.SUBQ(n.r(), t.r())
	e.x.SUBQ(n.r(), t.r())
	e.x.SUBQ(n.r(), t.r())
	e.x.VMOVUPS(operand.Mem{Base: t.r(), Disp: 32}, m.y())
}

// loadMasked and storeMasked are for gemm, whose masks lie in any vector.
func (e *emitter) loadMasked(d vec, m mem, mask vec, n gp) {
	e.x.VMASKMOVPS(m.x(), mask.y(), d.y())
	e.address(m)
	e.loadPart(d, n, "zero")
}

func (e *emitter) storeMasked(d vec, m mem, mask vec, n gp) {
	e.x.VMASKMOVPS(d.y(), mask.y(), m.x())
	e.address(m)
	e.storePart(d, n)
}

// broadcast fills d with one number.
func (e *emitter) broadcast(d vec, m mem) {
	e.x.VBROADCASTSS(m.x(), d.y())
	e.address(m)
	e.text("VLD1R (R19), [V%d.S4]", d.half(0))
	e.move(d.half(1), d.half(0))
}

// element fills d with one number, to be the last operand of fmaElement alone.
func (e *emitter) element(d vec, m mem) {
	e.x.VBROADCASTSS(m.x(), d.y())
	e.address(m)
	e.text("FMOVS (R19), F%d", d.half(0))
}

func (e *emitter) fmaElement(d, a, b vec) {
	e.x.VFMADD231PS(b.y(), a.y(), d.y())
	for h := range 2 {
		e.word(fmlaLane0, "FMLA lane 0,", d.half(h), a.half(h), b.half(0))
	}
}

// fmaMemory is fmaElement with eight numbers in memory. It uses vector 0 on arm64.
func (e *emitter) fmaMemory(d vec, m mem, b vec) {
	e.x.VFMADD231PS(m.x(), b.y(), d.y())
	e.address(m)
	e.text("FLDPQ (R19), (F0, F1)")
	for h := range 2 {
		e.word(fmlaLane0, "FMLA lane 0,", d.half(h), vec(0).half(h), b.half(0))
	}
}

// argument fills d with a float32 argument.
func (e *emitter) argument(d vec, name string) {
	p, err := e.x.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	e.x.VBROADCASTSS(p.Addr, d.y())
	e.text("FMOVS %s+%d(FP), F%d", name, e.args[name], d.half(0))
	e.text("VDUP V%d.S[0], V%d.S4", d.half(0), d.half(0))
	e.move(d.half(1), d.half(0))
}

// storeFirst writes lane 0.
func (e *emitter) storeFirst(d vec, m mem) {
	e.x.VMOVSS(d.xmm(), m.x())
	e.address(m)
	e.text("FMOVS F%d, (R19)", d.half(0))
}

// result returns lane 0.
func (e *emitter) result(d vec) {
	e.x.Store(d.xmm(), e.x.ReturnIndex(0))
	e.text("FMOVS F%d, ret+%d(FP)", d.half(0), e.args["ret"])
	e.ret()
}

// sumLanes leaves ((d0+d4)+(d2+d6)) + ((d1+d5)+(d3+d7)) in every lane of d.
func (e *emitter) sumLanes(d, t vec) {
	e.x.VEXTRACTF128(operand.U8(1), d.y(), t.xmm())
	e.x.VADDPS(t.xmm(), d.xmm(), d.xmm())
	e.x.VSHUFPS(operand.U8(0xEE), d.xmm(), d.xmm(), t.xmm())
	e.x.VADDPS(t.xmm(), d.xmm(), d.xmm())
	e.x.VSHUFPS(operand.U8(0x55), d.xmm(), d.xmm(), t.xmm())
	e.x.VADDSS(t.xmm(), d.xmm(), d.xmm())
	e.x.VBROADCASTSS(d.xmm(), d.y())
	lo, hi := d.half(0), d.half(1)
	e.word(fadd, "FADD", lo, lo, hi)
	e.text("VEXT $8, V%d.B16, V%d.B16, V31.B16", lo, lo)
	e.word(fadd, "FADD", lo, lo, v31)
	e.text("VDUP V%d.S[1], V31.S4", lo)
	e.word(fadd, "FADD", lo, lo, v31)
	e.text("VDUP V%d.S[0], V%d.S4", lo, lo)
	e.move(hi, lo)
}

// maxLanes is sumLanes with max(a, b) = a > b ? a : b.
func (e *emitter) maxLanes(d, t vec) {
	e.x.VEXTRACTF128(operand.U8(1), d.y(), t.xmm())
	e.x.VMAXPS(t.xmm(), d.xmm(), d.xmm())
	e.x.VSHUFPS(operand.U8(0xEE), d.xmm(), d.xmm(), t.xmm())
	e.x.VMAXPS(t.xmm(), d.xmm(), d.xmm())
	e.x.VSHUFPS(operand.U8(0x55), d.xmm(), d.xmm(), t.xmm())
	e.x.VMAXSS(t.xmm(), d.xmm(), d.xmm())
	e.x.VBROADCASTSS(d.xmm(), d.y())
	lo, hi := d.half(0), d.half(1)
	pick := func(b int) { // lo = lo > b ? lo : b
		e.move(v30, b)
		e.word(fcmgt, "FCMGT", v31, lo, v30)
		e.word(bit, "BIT", v30, lo, v31)
		e.move(lo, v30)
	}
	pick(hi)
	e.text("VEXT $8, V%d.B16, V%d.B16, V30.B16", lo, lo)
	pick(v30)
	e.text("VDUP V%d.S[1], V30.S4", lo)
	pick(v30)
	e.text("VDUP V%d.S[0], V%d.S4", lo, lo)
	e.move(hi, lo)
}
