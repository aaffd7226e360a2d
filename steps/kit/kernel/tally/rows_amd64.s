#include "textflag.h"

// R10 added to the slot of bin number lane of the row at SI, in the table at DI.
#define COUNT(lane, tmp) \
	MOVBQZX lane(SI), tmp           \
	ADDQ    R10, lane*2112(DI)(tmp*8)

// func addRowsAVX2(t *Table, bins *[Lanes]byte, values *Packed, count int)
TEXT ·addRowsAVX2(SB), NOSPLIT, $0-32
	MOVQ t+0(FP), DI
	MOVQ bins+8(FP), SI
	MOVQ values+16(FP), BX
	MOVQ count+24(FP), CX

row:
	MOVQ (BX), R10
	COUNT(0, AX)
	COUNT(1, R13)
	COUNT(2, AX)
	COUNT(3, R13)
	COUNT(4, AX)
	COUNT(5, R13)
	COUNT(6, AX)
	COUNT(7, R13)
	ADDQ $8, SI
	ADDQ $8, BX
	DECQ CX
	JNZ  row
	RET
