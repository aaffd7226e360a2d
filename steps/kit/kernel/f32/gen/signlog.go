package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Vectors of four float64: a register Yi on amd64, two of the pair's numbers in each
// of its halves on arm64. Opcodes for 2D, as those in arith.go.
const (
	fcvtl, fcvtn        = 0x0E617800, 0x0E616800
	faddD, fsubD, fmulD = 0x4E60D400, 0x4EE0D400, 0x6E60DC00
	fmaxD               = 0x4E60F400
	addQ, subQ, ushrQ   = 0x4EE08400, 0x6EE08400, 0x6F000400

	upperHalf = 1 << 30 // of fcvtl and fcvtn: the other half of the register of float32
)

// signLog writes kernel.QuickLog of 1 + |x| with the sign of x, operation by operation.
func signLog(e *emitter) {
	e.function("signLog", "sets dst to sign(src)·log(1 + |src|). table is that of kernel.QuickLog.", false,
		arg{"dst", "slice"}, arg{"src", "slice"}, arg{"table", "ptr64"})
	const n, dst, src, table, t, index gp = 0, 1, 2, 3, 4, 5
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.param(src, "src_base")
	e.param(table, "table")
	const x, negative, out = vec(0), vec(1), vec(2)
	e.each(n, t, []gp{dst, src}, func() {
		e.load(x, at(src))
		for h := range 2 {
			e.widen(3, x, h)
			e.logs(3, table, index)
			e.narrow(out, h, 3)
		}
		e.negative(negative, x)
		e.xor(out, out, negative)
		e.store(out, at(dst))
	})
	e.ret()
}

// logs replaces four float64 by log(1 + |x|). It uses the vectors up to d+6.
func (e *emitter) logs(d vec, table, index gp) {
	u, inverse, r, p, log, infinite := d+1, d+2, d+3, d+4, d+5, d+6
	e.andBits(d, d, "abs64")
	e.addD(d, d, K("one64"))
	e.maxD(infinite, d, "huge64") // 0, +Inf or NaN, after the next line
	e.subD(infinite, infinite, K("huge64"))
	e.subQ(u, d, "one64")
	e.andBits(d, u, "mantissa64")
	e.addQ(p, d, K("half64"))
	e.shiftRightQ(p, p, 44)
	e.addQ(p, p, p)
	e.lookUp(inverse, log, p, table, index)
	e.orBits(d, d, "one64")
	e.mulD(r, d, inverse)
	e.subD(r, r, K("one64"))
	e.set(p, "fifth64")
	e.mulD(p, p, r)
	e.subD(p, p, K("quarter64"))
	e.mulD(p, p, r)
	e.addD(p, p, K("third64"))
	e.mulD(p, p, r)
	e.subD(p, p, K("halfway64"))
	e.mulD(d, r, r)
	e.mulD(p, p, d)
	e.addD(p, p, r)
	e.shiftRightQ(u, u, 52)
	e.orBits(u, u, "whole64")
	e.subD(u, u, K("whole64"))
	e.mulD(u, u, K("ln2of64"))
	e.addD(u, u, log)
	e.addD(d, u, p)
	e.addD(d, d, infinite)
}

func (e *emitter) binaryD(op uint32, about string, d, a vec, b any) {
	e.binary(op, about+" 2D", d, a, b)
}

func (e *emitter) addD(d, a vec, b any) {
	e.x.VADDPD(e.second(b), a.y(), d.y())
	e.binaryD(faddD, "FADD", d, a, b)
}

func (e *emitter) subD(d, a vec, b any) {
	e.x.VSUBPD(e.second(b), a.y(), d.y())
	e.binaryD(fsubD, "FSUB", d, a, b)
}

func (e *emitter) mulD(d, a vec, b any) {
	e.x.VMULPD(e.second(b), a.y(), d.y())
	e.binaryD(fmulD, "FMUL", d, a, b)
}

// maxD: d = k > a ? k : a, and NaN where a is.
func (e *emitter) maxD(d, a vec, k K) {
	e.x.VMOVUPD(e.second(k), d.y())
	e.x.VMAXPD(a.y(), d.y(), d.y())
	e.binaryD(fmaxD, "FMAX", d, a, k)
}

func (e *emitter) addQ(d, a vec, b any) {
	e.x.VPADDQ(e.second(b), a.y(), d.y())
	e.binaryD(addQ, "ADD", d, a, b)
}

func (e *emitter) subQ(d, a vec, k K) {
	e.x.VPSUBQ(e.second(k), a.y(), d.y())
	e.binaryD(subQ, "SUB", d, a, k)
}

func (e *emitter) shiftRightQ(d, a vec, n int) {
	e.x.VPSRLQ(operand.U8(n), a.y(), d.y())
	e.shift(ushrQ|uint32(128-n)<<16, "USHR 2D", d, a)
}

func (e *emitter) andBits(d, a vec, k K) {
	e.x.VANDPD(e.second(k), a.y(), d.y())
	e.binary(and, "AND", d, a, k)
}

func (e *emitter) orBits(d, a vec, k K) {
	e.x.VORPD(e.second(k), a.y(), d.y())
	e.binary(orr, "ORR", d, a, k)
}

// widen makes float64 of half h of the float32 in x.
func (e *emitter) widen(d, x vec, h int) {
	from := reg.Register(x.xmm())
	if h == 1 {
		e.x.VEXTRACTF128(operand.U8(1), x.y(), d.xmm())
		from = d.xmm()
	}
	e.x.VCVTPS2PD(from, d.y())
	e.word(fcvtl, "FCVTL", d.half(0), x.half(h), 0)
	e.word(fcvtl|upperHalf, "FCVTL2", d.half(1), x.half(h), 0)
}

// narrow rounds four float64 to half h of d. It uses vector 14.
func (e *emitter) narrow(d vec, h int, a vec) {
	if h == 0 {
		e.x.VCVTPD2PSY(a.y(), d.xmm())
	} else {
		e.x.VCVTPD2PSY(a.y(), vec(14).xmm())
		e.x.VINSERTF128(operand.U8(1), vec(14).xmm(), d.y(), d.y())
	}
	e.word(fcvtn, "FCVTN", d.half(h), a.half(0), 0)
	e.word(fcvtn|upperHalf, "FCVTN2", d.half(h), a.half(1), 0)
}

// lookUp reads a pair of float64 for each of four indices: the first ones into d, the
// second ones into f. An index counts float64 from the table on. i is free for its use.
func (e *emitter) lookUp(d, f, index vec, table, i gp) {
	entry := operand.Mem{Base: table.r(), Index: i.r(), Scale: 8}
	e.x.VMOVQ(index.xmm(), i.r())
	e.x.VMOVUPD(entry, d.xmm())
	e.x.VPEXTRQ(operand.U8(1), index.xmm(), i.r())
	e.x.VMOVUPD(entry, f.xmm())
	e.x.VEXTRACTF128(operand.U8(1), index.y(), index.xmm())
	e.x.VMOVQ(index.xmm(), i.r())
	e.x.VINSERTF128(operand.U8(1), entry, d.y(), d.y())
	e.x.VPEXTRQ(operand.U8(1), index.xmm(), i.r())
	e.x.VINSERTF128(operand.U8(1), entry, f.y(), f.y())
	e.x.VUNPCKLPD(f.y(), d.y(), index.y())
	e.x.VUNPCKHPD(f.y(), d.y(), f.y())
	e.x.VMOVAPD(index.y(), d.y())
	for q := range 4 {
		e.text("VMOV V%d.D[%d], R19", index.half(q/2), q%2)
		e.text("ADD R19<<3, R%d, R19", table)
		e.text("VLD1.P 8(R19), V%d.D[%d]", d.half(q/2), q%2)
		e.text("VLD1 (R19), V%d.D[%d]", f.half(q/2), q%2)
	}
}

// negative is the sign bit where x < 0, else 0.
func (e *emitter) negative(d, x vec) {
	e.xor(d, d, d)
	const lt = 17 // LT_OQ
	e.x.VCMPPS(operand.U8(lt), d.y(), x.y(), d.y())
	for h := range 2 {
		e.word(fcmgt, "FCMGT", d.half(h), d.half(h), x.half(h))
	}
	e.andBits(d, d, "sign")
}
