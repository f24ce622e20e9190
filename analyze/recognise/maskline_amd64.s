// See maskLinePlain for what this does.

#include "textflag.h"
#include "go_asm.h"

// func maskLine(dst *[maxMasked]byte, data []byte, xs *[xWords]uint64) (n int, sum uint64, some bool)
//
// X0 to X3 are 16 bytes of the line and what is made of them, X6 the sums, X8 to X13
// constants and the next keys. BX tells where among the bytes newlines stand, DX
// which are digits with an x behind them, R13 whether any were. SSE2 is all it needs.
TEXT ·maskLine(SB), NOSPLIT, $0-57
	MOVQ  dst+0(FP), DI
	MOVQ  data_base+8(FP), SI
	MOVQ  data_len+16(FP), R9
	MOVQ  xs+32(FP), R12
	MOVQ  $const_maxMasked, R8
	CMPQ  R9, R8
	CMOVQLT R9, R8
	SUBQ  $17, R8            // the last place at which a block may begin
	MOVOU newline<>(SB), X8
	MOVOU ex<>(SB), X9
	MOVOU zero<>(SB), X10
	MOVOU nine<>(SB), X11
	MOVOU seed<>(SB), X12
	MOVOU step<>(SB), X13
	PXOR  X6, X6
	XORL  CX, CX
	XORL  R13, R13
	JMP   next

block:
	MOVOU (SI)(CX*1), X0
	MOVO  X0, X1
	PCMPEQB X8, X1
	PMOVMSKB X1, BX
	TESTL BX, BX
	JNE   cut

mask:
	PXOR  X10, X0            // digits are 0 to 9
	MOVO  X0, X2
	PMINUB X11, X2
	PCMPEQB X0, X2           // the digits
	MOVOU 1(SI)(CX*1), X3
	PCMPEQB X9, X3
	PAND  X2, X3
	PMOVMSKB X3, DX
	ORL   DX, R13
	MOVW  DX, (R12)
	ADDQ  $2, R12
	PANDN X0, X2
	PXOR  X10, X2
	MOVOU X2, (DI)(CX*1)
	PXOR  X12, X2
	PSHUFD $0xb1, X2, X1     // the halves of each word change places
	PMULULQ X1, X2
	PADDQ X2, X6
	PADDQ X13, X12
	TESTL BX, BX
	JNE   done
	ADDQ  $16, CX

next:
	CMPQ  CX, R8
	JLE   block
	MOVQ  $-1, n+40(FP)
	RET

cut: // zeros from the newline on
	BSFL  BX, R10
	LEAQ  keep<>+16(SB), R11
	SUBQ  R10, R11
	MOVOU (R11), X1
	PAND  X1, X0
	JMP   mask

done:
	ADDQ  R10, CX
	MOVQ  CX, n+40(FP)
	PSHUFD $0xee, X6, X1
	PADDQ X1, X6
	MOVQ  X6, sum+48(FP)
	TESTL R13, R13
	SETNE some+56(FP)
	RET

DATA newline<>+0(SB)/8, $0x0a0a0a0a0a0a0a0a
DATA newline<>+8(SB)/8, $0x0a0a0a0a0a0a0a0a
GLOBL newline<>(SB), RODATA|NOPTR, $16
DATA ex<>+0(SB)/8, $0x7878787878787878
DATA ex<>+8(SB)/8, $0x7878787878787878
GLOBL ex<>(SB), RODATA|NOPTR, $16
DATA zero<>+0(SB)/8, $0x3030303030303030
DATA zero<>+8(SB)/8, $0x3030303030303030
GLOBL zero<>(SB), RODATA|NOPTR, $16
DATA nine<>+0(SB)/8, $0x0909090909090909
DATA nine<>+8(SB)/8, $0x0909090909090909
GLOBL nine<>(SB), RODATA|NOPTR, $16
DATA seed<>+0(SB)/8, $0xa0761d6478bd642f
DATA seed<>+8(SB)/8, $0x87799c3619718d0a // sumSeed + sumStep
GLOBL seed<>(SB), RODATA|NOPTR, $16
DATA step<>+0(SB)/8, $0xce06fda3416851b6 // 2 * sumStep
DATA step<>+8(SB)/8, $0xce06fda3416851b6
GLOBL step<>(SB), RODATA|NOPTR, $16
DATA keep<>+0(SB)/8, $-1
DATA keep<>+8(SB)/8, $-1
DATA keep<>+16(SB)/8, $0
DATA keep<>+24(SB)/8, $0
GLOBL keep<>(SB), RODATA|NOPTR, $32
