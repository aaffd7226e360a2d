#include "textflag.h"

// R10 added to the slot of bin number lane of the row at R12, in the table at DI.
#define COUNT(lane, tmp) \
	MOVBQZX lane(R12), tmp          \
	ADDQ    R10, lane*2048(DI)(tmp*8)

// func addRowsAVX2(t *Table, bins *byte, stride int, rows *int32, values *Packed, count int, soon *int32, others int)
TEXT ·addRowsAVX2(SB), NOSPLIT, $0-64
	MOVQ t+0(FP), DI
	MOVQ bins+8(FP), SI
	MOVQ stride+16(FP), R8
	MOVQ rows+24(FP), DX
	MOVQ values+32(FP), BX
	MOVQ count+40(FP), CX
	MOVQ soon+48(FP), R9
	MOVQ others+56(FP), R11

row:
	TESTQ $7, CX
	JNZ   count
	SUBQ  $1, R11
	JLT   count
	MOVLQSX (R9), AX
	IMULQ R8, AX
	PREFETCHT0 (SI)(AX*1)
	ADDQ  $4, R9

count:
	MOVLQSX (DX), R12
	IMULQ R8, R12
	MOVQ  (BX), R10
	ADDQ  SI, R12
	COUNT(0, AX)
	COUNT(1, R13)
	COUNT(2, AX)
	COUNT(3, R13)
	COUNT(4, AX)
	COUNT(5, R13)
	COUNT(6, AX)
	COUNT(7, R13)
	ADDQ  $4, DX
	ADDQ  $8, BX
	DECQ  CX
	JNZ   row
	RET
