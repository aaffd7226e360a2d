#include "textflag.h"

// How many rows before its turn a row is fetched.
#define AHEAD 32

// Asks for the bins of the row that is AHEAD rows after the one at DX, and leaves their offset in SI.
#define ASK \
	MOVLQSX    AHEAD*4(DX), SI \
	IMULQ      R8, SI          \
	PREFETCHT0 (R9)(SI*1)

// The bins of eight features from SI on, copied to column k of the block at DI.
#define COPY(k) \
	MOVQ k*8(SI), AX         \
	MOVQ AX, k*8256(DI)

// func gatherAVX2(b *Block, bins *byte, stride, width int, rows *int32, count int)
TEXT ·gatherAVX2(SB), NOSPLIT, $0-48
	MOVQ b+0(FP), DI
	MOVQ bins+8(FP), R9
	MOVQ stride+16(FP), R8
	MOVQ width+24(FP), R10
	MOVQ rows+32(FP), DX
	MOVQ count+40(FP), CX

row:
	CMPQ CX, $AHEAD
	JLE  copy
	ASK
	LEAQ -1(SI)(R10*1), SI // where a row is not aligned, its end is in another line
	PREFETCHT0 (R9)(SI*1)

copy:
	MOVLQSX (DX), SI
	IMULQ R8, SI
	ADDQ R9, SI
	COPY(0)
	CMPQ R10, $8
	JLE  next
	COPY(1)
	CMPQ R10, $16
	JLE  next
	COPY(2)
	CMPQ R10, $24
	JLE  next
	COPY(3)
	CMPQ R10, $32
	JLE  next
	COPY(4)
	CMPQ R10, $40
	JLE  next
	COPY(5)
	CMPQ R10, $48
	JLE  next
	COPY(6)
	CMPQ R10, $56
	JLE  next
	COPY(7)

next:
	ADDQ $8, DI
	ADDQ $4, DX
	DECQ CX
	JNZ  row
	RET

// func sidesAVX2(sides *byte, bins *byte, width int, rows *int32, count int, goes *[256]byte)
TEXT ·sidesAVX2(SB), NOSPLIT, $0-48
	MOVQ sides+0(FP), DI
	MOVQ bins+8(FP), R9
	MOVQ width+16(FP), R8
	MOVQ rows+24(FP), DX
	MOVQ count+32(FP), CX
	MOVQ goes+40(FP), BX

side:
	CMPQ CX, $AHEAD
	JLE  look
	ASK

look:
	MOVLQSX (DX), SI
	IMULQ R8, SI
	MOVBQZX (R9)(SI*1), AX
	MOVBQZX (BX)(AX*1), AX
	MOVB AX, (DI)
	INCQ DI
	ADDQ $4, DX
	DECQ CX
	JNZ  side
	RET
