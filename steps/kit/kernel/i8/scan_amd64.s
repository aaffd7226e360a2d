#include "textflag.h"

// Two dimensions of eight rows: their codes at off, widened to int16, times the pair of
// the query in Y0, added to the eight sums.
#define PRODUCTS(off, tmp, sums) \
	VPMOVSXBW off(SI), tmp        \
	VPMADDWD  Y0, tmp, tmp        \
	VPADDD    tmp, sums, sums

// The scores of eight rows from their sums, and the bits of those that stay in out. 18 is
// LE_OQ: less or equal.
#define SCORES(off, sums, out) \
	VCVTDQ2PS sums, sums          \
	VMULPS    Y13, sums, sums     \
	VMULPS    off(R12), sums, sums \
	VMOVUPS   off(R11), Y1        \
	VSUBPS    sums, Y1, sums      \
	VMOVUPS   sums, off(DI)       \
	VMULPS    off(R13), Y14, Y1   \
	VSUBPS    Y1, sums, sums      \
	VCMPPS    $18, Y15, sums, sums \
	VMOVMSKPS sums, out

// func scanAVX2(panels *int8, query *int16, pairs, count int, a, w, r *float32, step, slope, limit float32, scores *float32, masks *uint32)
TEXT ·scanAVX2(SB), NOSPLIT, $0-88
	MOVQ panels+0(FP), SI
	MOVQ query+8(FP), R8
	MOVQ pairs+16(FP), R9
	MOVQ count+24(FP), R10
	MOVQ a+32(FP), R11
	MOVQ w+40(FP), R12
	MOVQ r+48(FP), R13
	VBROADCASTSS step+56(FP), Y13
	VBROADCASTSS slope+60(FP), Y14
	VBROADCASTSS limit+64(FP), Y15
	MOVQ scores+72(FP), DI
	MOVQ masks+80(FP), BX

panel:
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	MOVQ  R8, DX
	MOVQ  R9, CX

pair:
	VPBROADCASTD (DX), Y0
	PRODUCTS(0, Y1, Y4)
	PRODUCTS(16, Y2, Y5)
	PRODUCTS(32, Y3, Y6)
	PRODUCTS(48, Y8, Y7)
	ADDQ $64, SI
	ADDQ $4, DX
	DECQ CX
	JNZ  pair

	SCORES(0, Y4, AX)
	SCORES(32, Y5, CX)
	SCORES(64, Y6, DX)
	SHLL $8, CX
	ORL  CX, AX
	SHLL $16, DX
	ORL  DX, AX
	SCORES(96, Y7, CX)
	SHLL $24, CX
	ORL  CX, AX
	MOVL AX, (BX)

	ADDQ $128, R11
	ADDQ $128, R12
	ADDQ $128, R13
	ADDQ $128, DI
	ADDQ $4, BX
	DECQ R10
	JNZ  panel
	VZEROUPPER
	RET
