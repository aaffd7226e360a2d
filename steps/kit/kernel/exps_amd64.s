#include "textflag.h"

// The steps are those of Exp. Constants lie here by their bits.
DATA log2e<>+0(SB)/8, $1.44269504088896338700e+00
GLOBL log2e<>(SB), RODATA|NOPTR, $8
DATA half<>+0(SB)/8, $0.5
GLOBL half<>(SB), RODATA|NOPTR, $8
DATA one<>+0(SB)/8, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $8
DATA ln2Hi<>+0(SB)/8, $6.93147180369123816490e-01
GLOBL ln2Hi<>(SB), RODATA|NOPTR, $8
DATA ln2Lo<>+0(SB)/8, $1.90821492927058770002e-10
GLOBL ln2Lo<>(SB), RODATA|NOPTR, $8
DATA limit<>+0(SB)/8, $700.0
GLOBL limit<>(SB), RODATA|NOPTR, $8
DATA magnitude<>+0(SB)/8, $0x7fffffffffffffff
GLOBL magnitude<>(SB), RODATA|NOPTR, $8
DATA bias<>+0(SB)/8, $1023
GLOBL bias<>(SB), RODATA|NOPTR, $8

// 1/13! to 1/3!.
DATA series<>+0(SB)/8, $1.6059043836821613e-10
DATA series<>+8(SB)/8, $2.08767569878681e-09
DATA series<>+16(SB)/8, $2.505210838544172e-08
DATA series<>+24(SB)/8, $2.755731922398589e-07
DATA series<>+32(SB)/8, $2.7557319223985893e-06
DATA series<>+40(SB)/8, $2.48015873015873e-05
DATA series<>+48(SB)/8, $0.0001984126984126984
DATA series<>+56(SB)/8, $0.001388888888888889
DATA series<>+64(SB)/8, $0.008333333333333333
DATA series<>+72(SB)/8, $0.041666666666666664
DATA series<>+80(SB)/8, $0.16666666666666666
GLOBL series<>(SB), RODATA|NOPTR, $88

// Y3 is the sum so far: times r, and the term at off on top.
#define TERM(off) \
	VMULPD       Y1, Y3, Y3            \
	VBROADCASTSD series<>+off(SB), Y4  \
	VADDPD       Y4, Y3, Y3

// func expsAVX2(x *float64, fours int) int
TEXT ·expsAVX2(SB), NOSPLIT, $0-24
	MOVQ x+0(FP), DI
	MOVQ fours+8(FP), CX
	XORQ DX, DX
	VBROADCASTSD log2e<>(SB), Y15
	VBROADCASTSD half<>(SB), Y14
	VBROADCASTSD ln2Hi<>(SB), Y13
	VBROADCASTSD ln2Lo<>(SB), Y12
	VBROADCASTSD limit<>(SB), Y11
	VBROADCASTSD magnitude<>(SB), Y10
	VBROADCASTSD one<>(SB), Y9
	VPBROADCASTQ bias<>(SB), Y8

four:
	VMOVUPD   (DI), Y0
	VANDPD    Y10, Y0, Y1
	VCMPPD    $22, Y11, Y1, Y1 // not less or equal: also if it is no number
	VMOVMSKPD Y1, AX
	TESTL     AX, AX
	JNZ       done
	VMULPD    Y15, Y0, Y2
	VADDPD    Y14, Y2, Y2
	VROUNDPD  $1, Y2, Y2       // down: k
	VMULPD    Y13, Y2, Y3
	VSUBPD    Y3, Y0, Y1
	VMULPD    Y12, Y2, Y3
	VSUBPD    Y3, Y1, Y1       // r
	VBROADCASTSD series<>+0(SB), Y3
	TERM(8)
	TERM(16)
	TERM(24)
	TERM(32)
	TERM(40)
	TERM(48)
	TERM(56)
	TERM(64)
	TERM(72)
	TERM(80)
	VMULPD    Y1, Y3, Y3
	VADDPD    Y14, Y3, Y3
	VMULPD    Y1, Y1, Y4
	VMULPD    Y4, Y3, Y3
	VADDPD    Y1, Y3, Y3
	VADDPD    Y9, Y3, Y3       // 1+p
	VCVTPD2DQY Y2, X2
	VPMOVSXDQ X2, Y2
	VPADDQ    Y8, Y2, Y2
	VPSLLQ    $52, Y2, Y2      // 2^k
	VMULPD    Y2, Y3, Y3
	VMOVUPD   Y3, (DI)
	ADDQ      $32, DI
	INCQ      DX
	CMPQ      DX, CX
	JLT       four

done:
	VZEROUPPER
	MOVQ DX, ret+16(FP)
	RET
