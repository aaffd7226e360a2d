#include "textflag.h"

// The bits of four splits from off on in out. 29 is GE_OQ, 18 LE_OQ and 30 GT_OQ.
#define FOUR(off, out) \
	VPADDQ    off(SI), X15, X0    \
	VPADDQ    off+16(SI), X15, X1 \
	VSHUFPS   $0x88, X1, X0, X2   \ // Hessians, the lower halves
	VSHUFPS   $0xDD, X1, X0, X3   \ // gradients
	VCVTDQ2PD X2, Y2              \
	VCVTDQ2PD X3, Y3              \
	VCMPPD    $29, Y10, Y2, Y4    \
	VCMPPD    $18, Y9, Y2, Y5     \
	VANDPD    Y5, Y4, Y4          \
	VADDPD    Y12, Y2, Y2         \ // l
	VMULPD    Y14, Y2, Y5         \
	VSUBPD    Y5, Y3, Y3          \ // d
	VMULPD    Y3, Y3, Y3          \
	VMULPD    Y11, Y2, Y5         \
	VSUBPD    Y2, Y13, Y6         \
	VMULPD    Y6, Y5, Y5          \
	VCMPPD    $30, Y5, Y3, Y3     \
	VANDPD    Y4, Y3, Y3          \
	VMOVMSKPD Y3, out

// func passAVX2(t *Trial, m *Mask, left *[256]Packed, eights int, absent Packed)
TEXT ·passAVX2(SB), NOSPLIT, $0-40
	MOVQ t+0(FP), AX
	MOVQ m+8(FP), DI
	MOVQ left+16(FP), SI
	MOVQ eights+24(FP), CX
	VMOVQ absent+32(FP), X15
	VPBROADCASTQ X15, X15
	VBROADCASTSD 0(AX), Y14
	VBROADCASTSD 8(AX), Y13
	VBROADCASTSD 16(AX), Y12
	VBROADCASTSD 24(AX), Y11
	VBROADCASTSD 32(AX), Y10
	VBROADCASTSD 40(AX), Y9

eight:
	FOUR(0, BX)
	FOUR(32, DX)
	SHLL $4, DX
	ORL  DX, BX
	MOVB BX, (DI)
	ADDQ $64, SI
	INCQ DI
	DECQ CX
	JNZ  eight
	VZEROUPPER
	RET
