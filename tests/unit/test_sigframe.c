/* kernel/signal/sigframe.h against glibc: the places of everything that a program finds in a frame. */
#define __USE_GNU 1 /* the names of registers; Check has included features.h already */
#define stack_t libc_stack_t
#define sigset_t libc_sigset_t
#include <ucontext.h>
#undef stack_t
#undef sigset_t
#include "kernel/signal/sigframe.h"

#define SAME(libc_type, libc_member, ours_type, ours_member)                                          \
	ck_assert_uint_eq(offsetof(libc_type, libc_member), offsetof(ours_type, ours_member))
#define REG(name, member)                                                                             \
	ck_assert_uint_eq(offsetof(ucontext_t, uc_mcontext.gregs) + REG_##name * sizeof(greg_t),      \
		offsetof(struct frame_ucontext, mcontext.member))

START_TEST(test_ucontext)
{
	SAME(ucontext_t, uc_flags, struct frame_ucontext, flags);
	SAME(ucontext_t, uc_link, struct frame_ucontext, link);
	SAME(ucontext_t, uc_stack, struct frame_ucontext, stack);
	SAME(ucontext_t, uc_mcontext, struct frame_ucontext, mcontext);
	SAME(ucontext_t, uc_mcontext.fpregs, struct frame_ucontext, mcontext.fpstate);
	SAME(ucontext_t, uc_sigmask, struct frame_ucontext, sigmask);
	ck_assert_uint_eq(sizeof(libc_stack_t), sizeof(stack_t));
}
END_TEST

START_TEST(test_registers)
{
	REG(R8, r8);
	REG(R9, r9);
	REG(R10, r10);
	REG(R11, r11);
	REG(R12, r12);
	REG(R13, r13);
	REG(R14, r14);
	REG(R15, r15);
	REG(RDI, di);
	REG(RSI, si);
	REG(RBP, bp);
	REG(RBX, bx);
	REG(RDX, dx);
	REG(RAX, ax);
	REG(RCX, cx);
	REG(RSP, sp);
	REG(RIP, ip);
	REG(EFL, flags);
	REG(CSGSFS, cs);
	REG(ERR, err);
	REG(TRAPNO, trapno);
	REG(OLDMASK, oldmask);
	REG(CR2, cr2);
}
END_TEST

START_TEST(test_fpstate)
{
	SAME(struct _libc_fpstate, cwd, struct fpx_image, fcw);
	SAME(struct _libc_fpstate, swd, struct fpx_image, fsw);
	SAME(struct _libc_fpstate, ftw, struct fpx_image, ftw);
	SAME(struct _libc_fpstate, fop, struct fpx_image, fop);
	SAME(struct _libc_fpstate, rip, struct fpx_image, rip);
	SAME(struct _libc_fpstate, rdp, struct fpx_image, rdp);
	SAME(struct _libc_fpstate, mxcsr, struct fpx_image, mxcsr);
	SAME(struct _libc_fpstate, mxcr_mask, struct fpx_image, mxcsr_mask);
	SAME(struct _libc_fpstate, _st, struct fpx_image, st);
	SAME(struct _libc_fpstate, _xmm, struct fpx_image, xmm);
	ck_assert_uint_eq(sizeof(struct _libc_fpstate), FXSAVE_SIZE);
	ck_assert_uint_eq(offsetof(struct fpx_image, header), FXSAVE_SIZE);
}
END_TEST

START_TEST(test_frame)
{
	/* what a handler's return finds at the stack pointer, then the context, then the siginfo */
	ck_assert_uint_eq(offsetof(struct rt_sigframe, pretcode), 0);
	ck_assert_uint_eq(offsetof(struct rt_sigframe, uc), 8);
	ck_assert_uint_eq(offsetof(struct rt_sigframe, info), 312);
	ck_assert_uint_eq(sizeof(siginfo_t), 128);
}
END_TEST

UNIT_MAIN("sigframe", test_ucontext, test_registers, test_fpstate, test_frame)
