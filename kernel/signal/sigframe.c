/* The x86-64 signal frame: what a handler finds on its stack, and what rt_sigreturn takes back.
 *
 * The layout is Linux's (arch/x86/kernel/signal_64.c, fpu/signal.c): struct rt_sigframe at the stack pointer, the XSAVE
 * image above it, 64-aligned, with its size and features in the software-reserved bytes. rt_sigreturn trusts nothing in
 * it: what the CPU would refuse to load is refused here, with SIGSEGV. */
#include "sched.h"
#include "sigcore.h"
#include "sigframe.h"
#include "slab.h"
#include "string.h"
#include "syscalls.h"
#include "trap.h"
#include <cpuid.h>
#include <linux/signal.h>

#define RED_ZONE 128
#define XSTATE_FP 1ull
#define XSTATE_SSE 2ull
#define XSTATE_AVX 4ull
#define XSTATE_PKRU (1ull << 9)
#define XSTATE_TILE_DATA (1ull << 18) /* only for those who ask by arch_prctl: never in our frames */
#define PKRU_DEFAULT 0x55555554u      /* every key but 0 denies access */
#define XSTATE_PKRU_LEAF 9
#define MXCSR_DEFAULT 0x1f80u
#define FCW_DEFAULT 0x37fu

/* ---- the extended state's facts ---- */

struct xstate_facts {
	u64 features;    /* components that frames carry */
	u32 size;        /* of the XSAVE image in a frame */
	u32 mxcsr_mask;
	u32 pkru_offset; /* 0: the CPU has none */
};
static struct xstate_facts facts;

static u32 read_mxcsr_mask(void)
{
	static u8 area[512] __aligned(16);
	u32 mask;

	__asm__ volatile("fxsave64 %0" : "=m"(area));
	memcpy(&mask, area + offsetof(struct fpx_image, mxcsr_mask), sizeof(mask));
	return mask ? mask : 0xffbf;
}

static const struct xstate_facts *xstate(void)
{
	u32 size, offset, ecx, edx;

	if (facts.size)
		return &facts;
	facts.features = (trap_layout.xfeatures | XSTATE_FP | XSTATE_SSE) & ~XSTATE_TILE_DATA;
	facts.size = XSAVE_MIN_SIZE;
	for (unsigned i = 2; i < 63; i++) {
		if (!(facts.features >> i & 1) || !__get_cpuid_count(0xd, i, &size, &offset, &ecx, &edx))
			continue;
		if (offset + size <= trap_layout.xsave_size)
			facts.size = max(facts.size, offset + size);
		if (i == XSTATE_PKRU_LEAF)
			facts.pkru_offset = offset;
	}
	facts.mxcsr_mask = read_mxcsr_mask();
	return &facts;
}

/* The state that a program starts with, in a zeroed buffer of xsave_size bytes. */
static void xstate_init(void *buf)
{
	struct fpx_image *fx = buf;
	const struct xstate_facts *x = xstate();

	fx->fcw = FCW_DEFAULT;
	fx->mxcsr = MXCSR_DEFAULT;
	if (x->pkru_offset) {
		u32 pkru = PKRU_DEFAULT;

		fx->header.xstate_bv = XSTATE_PKRU;
		memcpy((u8 *)buf + x->pkru_offset, &pkru, sizeof(pkru));
	}
}

/* ---- building ---- */

struct frame_place {
	u64 frame, fpstate;
};

/* Where the frame goes. False if it would run off the alternate stack. */
static bool place_frame(const struct task *t, const struct ksignal *ks, struct frame_place *p)
{
	u64 sp = t->regs.sp;
	bool on_altstack = on_sig_stack(t, sp);

	sp -= RED_ZONE;
	if ((ks->action.flags & SA_ONSTACK) && t->sas_size && !on_sig_stack(t, sp)) {
		sp = t->sas_sp + t->sas_size;
		on_altstack = true;
	}
	p->fpstate = round_down(sp - (xstate()->size + FP_XSTATE_MAGIC2_SIZE), 64);
	p->frame = round_down(p->fpstate - sizeof(struct rt_sigframe), 16) - 8;
	return !on_altstack || (p->frame > t->sas_sp && p->frame - t->sas_sp <= t->sas_size);
}

/* The extended state of the guest to its place: 0, -EFAULT, -ENOMEM, -EIO. */
static int save_fpstate(struct task *t, u64 to)
{
	const struct xstate_facts *x = xstate();
	struct fpx_sw sw = { .magic1 = FP_XSTATE_MAGIC1, .extended_size = x->size + FP_XSTATE_MAGIC2_SIZE,
		.xfeatures = x->features, .xstate_size = x->size };
	u32 magic2 = FP_XSTATE_MAGIC2;
	struct fpx_image *fx = kmalloc(trap_layout.xsave_size);
	int err;

	if (!fx)
		return -ENOMEM;
	err = trap->get_fp(t->tt, fx);
	if (err)
		goto free_fx;
	/* Legacy state is always there: handlers look at it without asking the header. */
	fx->header.xstate_bv = (fx->header.xstate_bv & x->features) | XSTATE_FP | XSTATE_SSE;
	fx->header.xcomp_bv = 0;
	memset(fx->header.reserved, 0, sizeof(fx->header.reserved));
	fx->sw = sw;
	if (copy_to_user(u64_to_uptr(to), fx, x->size) ||
	    copy_to_user(u64_to_uptr(to + x->size), &magic2, sizeof(magic2)))
		err = -EFAULT;
free_fx:
	kfree(fx);
	return err;
}

static int reset_fpstate(struct task *t)
{
	void *fx = kzalloc(trap_layout.xsave_size);
	int err;

	if (!fx)
		return -ENOMEM;
	xstate_init(fx);
	err = trap->set_fp(t->tt, fx);
	kfree(fx);
	return err;
}

static void fill_context(struct sigcontext_64 *sc, const struct task *t)
{
	const struct pt_regs *r = &t->regs;

	sc->r8 = r->r8;
	sc->r9 = r->r9;
	sc->r10 = r->r10;
	sc->r11 = r->r11;
	sc->r12 = r->r12;
	sc->r13 = r->r13;
	sc->r14 = r->r14;
	sc->r15 = r->r15;
	sc->di = r->di;
	sc->si = r->si;
	sc->bp = r->bp;
	sc->bx = r->bx;
	sc->dx = r->dx;
	sc->ax = r->ax;
	sc->cx = r->cx;
	sc->sp = r->sp;
	sc->ip = r->ip;
	sc->flags = r->flags;
	sc->cs = (u16)r->cs;
	sc->ss = (u16)r->ss;
	sc->err = t->trap_err;
	sc->trapno = t->trap_nr;
	sc->cr2 = t->cr2;
}

int setup_rt_frame(struct task *t, const struct ksignal *ks, ksigset_t mask)
{
	struct pt_regs *regs = &t->regs;
	struct rt_sigframe *f;
	struct frame_place at;
	int err = -EFAULT;

	if (!(ks->action.flags & SA_RESTORER) || !place_frame(t, ks, &at))
		return -EFAULT;
	f = kzalloc(sizeof(*f));
	if (!f)
		return -ENOMEM;
	if (save_fpstate(t, at.fpstate))
		goto free_frame;
	f->pretcode = ks->action.restorer;
	f->uc.flags = UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	f->uc.stack.ss_sp = (void *)t->sas_sp;
	f->uc.stack.ss_flags = (int)t->sas_flags;
	f->uc.stack.ss_size = t->sas_size;
	fill_context(&f->uc.mcontext, t);
	f->uc.mcontext.fpstate = at.fpstate;
	f->uc.mcontext.oldmask = mask;
	f->uc.sigmask = mask;
	if (ks->action.flags & SA_SIGINFO)
		f->info = ks->info;
	/* Without SA_SIGINFO Linux leaves the bytes of the siginfo as they were. */
	if (copy_to_user(u64_to_uptr(at.frame), f, offsetof(struct rt_sigframe, info)) ||
	    ((ks->action.flags & SA_SIGINFO) &&
	     copy_to_user(u64_to_uptr(at.frame + offsetof(struct rt_sigframe, info)), &f->info, sizeof(f->info))))
		goto free_frame;
	if (reset_fpstate(t))
		goto free_frame;
	regs->di = (unsigned long)ks->sig;
	regs->si = at.frame + offsetof(struct rt_sigframe, info);
	regs->dx = at.frame + offsetof(struct rt_sigframe, uc);
	regs->ax = 0;
	regs->ip = ks->action.handler;
	regs->sp = at.frame;
	regs->cs = GUEST_CS;
	regs->ss = GUEST_SS;
	regs->flags &= ~(X86_EFLAGS_DF | X86_EFLAGS_RF | X86_EFLAGS_TF);
	err = 0;
free_frame:
	kfree(f);
	return err;
}

/* ---- taking back ---- */

/* The size of the XSAVE image that the software bytes claim, or 0: only the 512 legacy bytes are to be believed. */
static u32 claimed_size(const struct fpx_sw *sw, u64 from)
{
	u32 magic2;

	if (sw->magic1 != FP_XSTATE_MAGIC1 || sw->xstate_size < XSAVE_MIN_SIZE || sw->xstate_size > xstate()->size ||
	    sw->xstate_size > sw->extended_size)
		return 0;
	if (get_user(magic2, (u32 __user *)u64_to_uptr(from + sw->xstate_size)) || magic2 != FP_XSTATE_MAGIC2)
		return 0;
	return sw->xstate_size;
}

/* Would XRSTOR take this image? @asked: components that the frame says it holds. Drops what was not asked for. */
static bool image_valid(struct fpx_image *fx, u64 asked)
{
	struct xsave_header *h = &fx->header;

	/* The standard form's rules: bytes 8 to 23 are 0, the rest of the header is not looked at. */
	if (h->xcomp_bv || h->reserved[0] || h->xstate_bv & ~trap_layout.xfeatures)
		return false;
	memset(h->reserved, 0, sizeof(h->reserved));
	h->xstate_bv &= asked;
	return true;
}

/* Loads the extended state from guest memory at @from (0: the initial state). 0 or an error that means SIGSEGV. */
static int restore_fpstate(struct task *t, u64 from)
{
	const struct xstate_facts *x = xstate();
	struct fpx_image *fx;
	u64 asked = XSTATE_FP | XSTATE_SSE;
	u32 size;
	int err = -EFAULT;

	if (!from)
		return reset_fpstate(t);
	fx = kzalloc(trap_layout.xsave_size);
	if (!fx)
		return -ENOMEM;
	if (copy_from_user(fx, u64_to_uptr(from), FXSAVE_SIZE))
		goto free_fx;
	size = claimed_size(&fx->sw, from);
	if (from & (size ? 63 : 15)) /* XRSTOR and FXRSTOR want that */
		goto free_fx;
	if (size) {
		asked = fx->sw.xfeatures & x->features;
		if (copy_from_user((u8 *)fx + FXSAVE_SIZE, u64_to_uptr(from + FXSAVE_SIZE), size - FXSAVE_SIZE) ||
		    !image_valid(fx, asked))
			goto free_fx;
	} else {
		fx->header.xstate_bv = asked;
	}
	if ((asked & (XSTATE_SSE | XSTATE_AVX)) && (fx->mxcsr & ~x->mxcsr_mask))
		goto free_fx;
	/* MXCSR comes with SSE whether or not the registers are said to be in their initial state. Then they are
	 * given as zeroes, because a backend may look at xstate_bv alone. */
	if (!(asked & XSTATE_SSE)) {
		fx->mxcsr = MXCSR_DEFAULT;
	} else if (!(fx->header.xstate_bv & XSTATE_SSE)) {
		memset(fx->xmm, 0, sizeof(fx->xmm));
		fx->header.xstate_bv |= XSTATE_SSE;
	}
	memset(&fx->sw, 0, sizeof(fx->sw));
	err = trap->set_fp(t->tt, fx);
free_fx:
	kfree(fx);
	return err;
}

static void take_context(struct pt_regs *r, const struct sigcontext_64 *sc, u64 uc_flags)
{
	r->r8 = sc->r8;
	r->r9 = sc->r9;
	r->r10 = sc->r10;
	r->r11 = sc->r11;
	r->r12 = sc->r12;
	r->r13 = sc->r13;
	r->r14 = sc->r14;
	r->r15 = sc->r15;
	r->di = sc->di;
	r->si = sc->si;
	r->bp = sc->bp;
	r->bx = sc->bx;
	r->dx = sc->dx;
	r->ax = sc->ax;
	r->cx = sc->cx;
	r->sp = sc->sp;
	r->ip = sc->ip;
	r->flags = (r->flags & ~GUEST_FLAGS_MASK) | (sc->flags & GUEST_FLAGS_MASK);
	r->cs = sc->cs | 3ul;
	r->ss = sc->ss | 3ul;
	/* For the benefit of those who build a frame from scratch and leave ss empty. */
	if (!(uc_flags & UC_STRICT_RESTORE_SS) && r->cs == GUEST_CS)
		r->ss = GUEST_SS;
	r->orig_ax = (unsigned long)-1; /* not in a call any more: nothing restarts */
}

SYSCALL_DEFINE0(rt_sigreturn)
{
	struct task *t = current;
	u64 frame = t->regs.sp - 8; /* the handler's ret has taken pretcode off */
	struct frame_ucontext uc;

	if (copy_from_user(&uc, u64_to_uptr(frame + offsetof(struct rt_sigframe, uc)), sizeof(uc)))
		goto bad_frame;
	set_blocked(t, uc.sigmask);
	/* Since Linux 6.12 before the stack pointer changes; a bad one is just not taken. */
	do_sigaltstack(t, &uc.stack, NULL, t->regs.sp);
	t->restart.kind = RESTART_NONE;
	take_context(&t->regs, &uc.mcontext, uc.flags);
	if (restore_fpstate(t, uc.mcontext.fpstate))
		goto bad_frame;
	(void)regs_loadable(t);
	return (long)t->regs.ax;
bad_frame:
	force_sig(SIGSEGV);
	return 0;
}
