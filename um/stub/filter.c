/* The stub's own system calls, and the seccomp filter that lets these pass and no others. A program of the build: it writes the
 * filter as C, so that umk need not make it at each start.
 *
 * The table says what the stub may ask of the host, whoever makes it ask: a guest can jump to any instruction of the
 * stub, with any registers. libseccomp makes the rules for numbers and arguments. What it cannot express stands before
 * its program: where the instruction lies, and that a range of memory ends below the stub.
 *
 * Everything refused gets SIGSYS: from guest code that is how a system call is trapped, from stub text the handler sees
 * by si_call_addr that a guest has been playing there.
 *
 * Two calls never meet a filter: hosts from 6.11 let uretprobe (335) and, from 6.16, uprobe (336) pass, from wherever they
 * are made. They fail outside of the host's own probes, and touch nothing; a guest sees their EPERM or ENXIO, or SIGILL. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <asm/prctl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "stub.h"
#include "um.h"
#include "zygote.h"

#define MAX_ARGS 4
struct rule {
	int nr;
	bool ask;               /* umk says yes or no each time, if the host can do that (zygote_thread.c) */
	unsigned nargs;
	struct scmp_arg_cmp args[MAX_ARGS];
};
#define IS(n, value) { n, SCMP_CMP_EQ, (value), 0 }
/* Only bits of @mask may be set. */
#define ONLY(n, mask) { n, SCMP_CMP_MASKED_EQ, ~(u64)(mask), 0 }
/* The descriptor of a host file. */
#define FILE(n) { n, SCMP_CMP_MASKED_EQ, ~(u64)(STUB_FILES - 1), STUB_FILE_FD }
#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
#define THREAD_FLAGS (CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_PARENT)

/* The ranges of mmap, munmap and mprotect are checked by the instructions in front: they end at or below STUB_BASE. */
static const struct rule rules[] = {
	/* the hand-off: a stub sleeps on its frame's state, or wakes a peer */
	{ SCMP_SYS(futex), false, 1, { IS(1, FUTEX_WAIT) } },
	{ SCMP_SYS(futex), false, 1, { IS(1, FUTEX_WAKE) } },
	/* the doorbell, when the kernel sleeps */
	{ SCMP_SYS(write), false, 2, { IS(0, STUB_BELL_FD), IS(2, 8) } },
	/* hand-off on one CPU */
	{ SCMP_SYS(sched_yield), false, 0, {} },
	/* back from a signal that was no event; its frame may be forged: that changes the guest's own registers and its
	 * host signal mask, no more */
	{ SCMP_SYS(rt_sigreturn), false, 0, {} },
	/* guest memory: frames of physmem, and nothing else, below the stub */
	{ SCMP_SYS(mmap), false, 3, { ONLY(2, PROT_ALL), IS(3, MAP_SHARED | MAP_FIXED), IS(4, STUB_PHYS_FD) } },
	{ SCMP_SYS(mmap), false, 3, { ONLY(2, PROT_ALL), IS(3, MAP_SHARED | MAP_FIXED | MAP_POPULATE), IS(4, STUB_PHYS_FD) } },
	/* host files that umk put there, open for reading only, so that no mprotect makes them writable */
	{ SCMP_SYS(mmap), false, 3, { ONLY(2, PROT_ALL), IS(3, MAP_SHARED | MAP_FIXED), FILE(4) } },
	{ SCMP_SYS(mmap), false, 3, { ONLY(2, PROT_ALL), IS(3, MAP_SHARED | MAP_FIXED | MAP_POPULATE), FILE(4) } },
	/* asks umk for one, and fails without a listener; lets go of one */
	{ SCMP_SYS(dup2), true, 2, { IS(0, ~0ull), FILE(1) } },
	{ SCMP_SYS(close), false, 1, { FILE(0) } },
	{ SCMP_SYS(munmap), false, 0, {} },
	{ SCMP_SYS(mprotect), false, 1, { ONLY(2, PROT_ALL) } },
	/* a new thread of the same address space, umk's child, not of the same thread group; only when umk ordered it */
	{ SCMP_SYS(clone), true, 1, { IS(0, THREAD_FLAGS) } },
	/* it dies with umk; so that umk knows it did this, and who it is */
	{ SCMP_SYS(prctl), true, 2, { IS(0, PR_SET_PDEATHSIG), IS(1, SIGKILL) } },
	/* a thread that runs another program than before is as a new one; a forged sigreturn can do the same */
	{ SCMP_SYS(rt_sigprocmask), false, 3, { IS(0, SIG_SETMASK), IS(2, 0), IS(3, 8) } },
	/* its stack for signals */
	{ SCMP_SYS(sigaltstack), false, 0, {} },
	/* segment bases where the FSGSBASE instructions are off */
	{ SCMP_SYS(arch_prctl), false, 1, { IS(0, ARCH_SET_FS) } },
	{ SCMP_SYS(arch_prctl), false, 1, { IS(0, ARCH_SET_GS) } },
	{ SCMP_SYS(arch_prctl), false, 1, { IS(0, ARCH_GET_FS) } },
	{ SCMP_SYS(arch_prctl), false, 1, { IS(0, ARCH_GET_GS) } },
	/* the end of the thread */
	{ SCMP_SYS(exit), false, 0, {} },
	{ SCMP_SYS(exit_group), false, 0, {} },
};

/* ---- the instructions in front ---- */

struct out {
	struct sock_filter *prog;
	unsigned len, max;
	bool full;
};

static void emit(struct out *o, struct sock_filter insn)
{
	if (o->len < o->max)
		o->prog[o->len++] = insn;
	else
		o->full = true;
}

/* A jump whose targets are not known yet: they are set by land(). */
enum { TO_NEXT = 0, TO_TRAP = 255, TO_ALLOW = 254, TO_RANGE = 253, TO_ZYGOTE = 252, TO_LIBSECCOMP = 251 };
#define LOAD(field) emit(o, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field)))
#define LOAD_ARG(n, high) \
	emit(o, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]) + (high) * 4))
#define STMT(code, k) emit(o, (struct sock_filter)BPF_STMT(code, k))
#define JUMP(cond, k, yes, no) emit(o, (struct sock_filter)BPF_JUMP(BPF_JMP | (cond), k, yes, no))
#define HIGH(address) ((u32)((u64)(address) >> 32))
#define LOW(address) ((u32)(u64)(address))

static void land(struct out *o, unsigned label, unsigned target)
{
	for (unsigned i = 0; i < target; i++) {
		struct sock_filter *f = &o->prog[i];

		if (BPF_CLASS(f->code) != BPF_JMP)
			continue;
		if (BPF_OP(f->code) == BPF_JA) {
			if (f->k == label)
				f->k = target - i - 1;
			continue;
		}
		if (f->jt == label)
			f->jt = (u8)(target - i - 1);
		if (f->jf == label)
			f->jf = (u8)(target - i - 1);
	}
}

/* Falls off its end with everything that the rules are to decide. */
static void front(struct out *o)
{
	BUILD_BUG_ON(HIGH(STUB_BASE) != HIGH(STUB_END) || (STUB_BASE & 0xfff) != 0);

	LOAD(arch);
	JUMP(BPF_JEQ, AUDIT_ARCH_X86_64, TO_NEXT, TO_TRAP);
	/* The address told is the one behind the instruction. One of two bytes that ends at STUB_TEXT is the guest's. */
	STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4);
	JUMP(BPF_JEQ, HIGH(STUB_TEXT), TO_NEXT, TO_TRAP);
	LOAD(instruction_pointer);
	JUMP(BPF_JGE, LOW(STUB_TEXT) + 2, TO_NEXT, TO_TRAP);
	JUMP(BPF_JGT, LOW(STUB_TEXT) + STUB_TEXT_SIZE, TO_ZYGOTE, TO_NEXT);
	LOAD(nr);
	JUMP(BPF_JEQ, SCMP_SYS(mmap), TO_RANGE, TO_NEXT);
	JUMP(BPF_JEQ, SCMP_SYS(mprotect), TO_RANGE, TO_NEXT);
	JUMP(BPF_JEQ, SCMP_SYS(munmap), TO_NEXT, TO_LIBSECCOMP);
	/* a new child gives the zygote's pages up */
	LOAD_ARG(0, 1);
	JUMP(BPF_JEQ, HIGH(STUB_ZYGOTE), TO_NEXT, TO_RANGE);
	LOAD_ARG(0, 0);
	JUMP(BPF_JEQ, LOW(STUB_ZYGOTE), TO_NEXT, TO_RANGE);
	LOAD_ARG(1, 1);
	JUMP(BPF_JEQ, 0, TO_NEXT, TO_TRAP);
	LOAD_ARG(1, 0);
	JUMP(BPF_JEQ, STUB_ZYGOTE_SIZE, TO_ALLOW, TO_TRAP);

	/* args[0] + args[1], 64 bits wide, is at most STUB_BASE */
	land(o, TO_RANGE, o->len);
	LOAD_ARG(0, 1);
	JUMP(BPF_JGT, HIGH(STUB_BASE), TO_TRAP, TO_NEXT);
	STMT(BPF_ST, 0);
	LOAD_ARG(1, 1);
	JUMP(BPF_JGT, HIGH(STUB_BASE), TO_TRAP, TO_NEXT);
	STMT(BPF_ST, 1);
	LOAD_ARG(0, 0);
	STMT(BPF_MISC | BPF_TAX, 0);
	LOAD_ARG(1, 0);
	STMT(BPF_ALU | BPF_ADD | BPF_X, 0);
	STMT(BPF_ST, 2);                        /* the sum's low half */
	JUMP(BPF_JGE | BPF_X, 0, 2, TO_NEXT);   /* not less than an addend: no carry */
	STMT(BPF_LD | BPF_IMM, 1);
	STMT(BPF_JMP | BPF_JA, 1);
	STMT(BPF_LD | BPF_IMM, 0);
	STMT(BPF_LDX | BPF_MEM, 0);
	STMT(BPF_ALU | BPF_ADD | BPF_X, 0);
	STMT(BPF_LDX | BPF_MEM, 1);
	STMT(BPF_ALU | BPF_ADD | BPF_X, 0);     /* its high half */
	JUMP(BPF_JGT, HIGH(STUB_BASE), TO_TRAP, TO_NEXT);
	JUMP(BPF_JEQ, HIGH(STUB_BASE), TO_NEXT, TO_LIBSECCOMP);
	STMT(BPF_LD | BPF_MEM, 2);
	JUMP(BPF_JGT, LOW(STUB_BASE), TO_TRAP, TO_LIBSECCOMP);

	/* the zygote's own code: children have none, and no call can map anything there again */
	land(o, TO_ZYGOTE, o->len);
	JUMP(BPF_JGE, LOW(STUB_ZYGOTE) + 2, TO_NEXT, TO_TRAP);
	JUMP(BPF_JGT, LOW(STUB_ZYGOTE) + STUB_ZYGOTE_SIZE, TO_TRAP, TO_ALLOW);
	land(o, TO_TRAP, o->len);
	STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
	land(o, TO_ALLOW, o->len);
	STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	land(o, TO_LIBSECCOMP, o->len);
}

/* libseccomp's program, written to @fd. */
static int export_rules(int fd, bool listener)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);
	int err;

	if (!ctx)
		return -ENOMEM;
	err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP);
	for (unsigned i = 0; !err && i < ARRAY_SIZE(rules); i++)
		err = seccomp_rule_add_array(ctx, rules[i].ask && listener ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW, rules[i].nr,
					      rules[i].nargs, rules[i].args);
	if (!err)
		err = seccomp_export_bpf(ctx, fd);
	seccomp_release(ctx);
	return err;
}

/* The whole filter. With @listener thread creation is asked about. The number of instructions, or -errno. */
static int make(struct sock_filter *prog, unsigned max, bool listener)
{
	struct out o = { .prog = prog, .max = max };
	FILE *rest = tmpfile();
	size_t n;
	int err;

	if (!rest)
		return -errno;
	front(&o);
	err = o.full ? -E2BIG : export_rules(fileno(rest), listener);
	rewind(rest);
	n = err ? 0 : fread(prog + o.len, sizeof(*prog), max - o.len, rest);
	if (!err && (!n || fgetc(rest) != EOF))
		err = -E2BIG;
	fclose(rest);
	return err ? err : (int)(o.len + n);
}

static void write_array(const char *name, const struct sock_filter *prog, int len)
{
	printf("static const struct sock_filter %s[] = {\n", name);
	for (int i = 0; i < len; i++)
		printf("\t{ 0x%02x, %u, %u, 0x%x },\n", prog[i].code, prog[i].jt, prog[i].jf, prog[i].k);
	printf("};\n");
}

int main(void)
{
	static struct sock_filter prog[STUB_FILTER_BYTES / sizeof(struct sock_filter)];

	/* what umk's host can do, not what this one does */
	if (seccomp_api_set(5))
		return 1;
	printf("/* Made by um/stub/filter.c. */\n#include <linux/filter.h>\n\n#include \"zygote.h\"\n\n");
	for (int listener = 0; listener < 2; listener++) {
		int len = make(prog, ARRAY_SIZE(prog), listener);

		if (len < 0) {
			fprintf(stderr, "the stub's filter: %s\n", strerror(-len));
			return 1;
		}
		write_array(listener ? "asking" : "plain", prog, len);
	}
	printf("\nconst struct stub_filter stub_filters[2] = {\n"
	       "\t{ plain, sizeof(plain) / sizeof(*plain) }, { asking, sizeof(asking) / sizeof(*asking) },\n};\n");
	return 0;
}
