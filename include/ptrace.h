/* struct pt_regs: the guest's general registers, in Linux's x86-64 layout (arch/x86/include/asm/ptrace.h).
 * asm/ptrace.h is never included: this one is ours. */
#ifndef UMK_PTRACE_H
#define UMK_PTRACE_H

#include "types.h"

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax; /* the call's number while in a call, -1 otherwise */
	unsigned long ip, cs, flags, sp, ss;
};
BUILD_BUG_ON(sizeof(struct pt_regs) != 168);

#define GUEST_CS 0x33
#define GUEST_SS 0x2b
/* The flags that a guest may set by sigreturn, as in Linux: AC RF OF DF TF SF ZF AF PF CF. */
#define GUEST_FLAGS_MASK 0x50dd5ul
#define X86_EFLAGS_FIXED 0x202ul /* bit 1 and IF */

#endif
