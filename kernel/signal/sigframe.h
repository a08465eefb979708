/* The layout of a signal frame and of its XSAVE image. A unit test compares it with glibc's ucontext. */
#ifndef UMK_KERNEL_SIGFRAME_H
#define UMK_KERNEL_SIGFRAME_H

#include "types.h"
#include "ksignal.h"
#include <asm/sigcontext.h>

#define UC_FP_XSTATE 1
#define UC_SIGCONTEXT_SS 2
#define UC_STRICT_RESTORE_SS 4

#define X86_EFLAGS_TF 0x100ul
#define X86_EFLAGS_DF 0x400ul
#define X86_EFLAGS_RF 0x10000ul

struct frame_ucontext {
	u64 flags;
	u64 link;
	stack_t stack;
	struct sigcontext_64 mcontext;
	ksigset_t sigmask;
};
struct rt_sigframe {
	u64 pretcode; /* the restorer's address: where the handler returns to */
	struct frame_ucontext uc;
	siginfo_t info;
};
BUILD_BUG_ON(sizeof(struct frame_ucontext) != 304);
BUILD_BUG_ON(sizeof(struct rt_sigframe) != 440);

#define FXSAVE_SIZE 512
#define XSAVE_MIN_SIZE 576u /* legacy area and header */

struct fpx_sw {
	u32 magic1;        /* FP_XSTATE_MAGIC1 */
	u32 extended_size; /* bytes of the image with the second magic */
	u64 xfeatures;
	u32 xstate_size;   /* bytes of the image */
	u32 padding[7];
};
struct xsave_header {
	u64 xstate_bv, xcomp_bv, reserved[6];
};
struct fpx_image {
	u16 fcw, fsw, ftw, fop;
	u64 rip, rdp;
	u32 mxcsr, mxcsr_mask;
	u8 st[128], xmm[256], reserved[48];
	struct fpx_sw sw;
	struct xsave_header header;
};
BUILD_BUG_ON(offsetof(struct fpx_image, sw) != 464);
BUILD_BUG_ON(sizeof(struct fpx_image) != XSAVE_MIN_SIZE);

#endif
