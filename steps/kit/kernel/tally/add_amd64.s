#include "textflag.h"

// The values in Y0 and Y1, added to the slot AX of the table at base.
#define ADD(base) \
	SHLQ    $6, AX                 \
	VPADDQ  (base)(AX*1), Y0, Y2   \
	VPADDQ  32(base)(AX*1), Y1, Y3 \
	VMOVDQU Y2, (base)(AX*1)       \
	VMOVDQU Y3, 32(base)(AX*1)

// func addAVX2(t *Tables, bins *byte, values *Slot, rows int)
TEXT ·addAVX2(SB), NOSPLIT, $0-32
	MOVQ t+0(FP), DI
	MOVQ bins+8(FP), SI
	MOVQ values+16(FP), DX
	MOVQ rows+24(FP), CX
	LEAQ 16384(DI), R9

row:
	VMOVDQU (DX), Y0
	VMOVDQU 32(DX), Y1
	MOVBQZX (SI), AX
	ADD(DI)
	MOVBQZX 1(SI), AX
	ADD(R9)
	ADDQ $64, DX
	ADDQ $8, SI
	DECQ CX
	JNZ  row
	VZEROUPPER
	RET
