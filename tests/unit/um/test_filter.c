/* um/stub/filter.c: the program is run by an interpreter of classic BPF on calls that the stub makes and on calls that a guest
 * would like to make. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <asm/prctl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "um_unit.h"
#include "stub.h"
#include "zygote.h"

#define TRAP SECCOMP_RET_TRAP
#define ALLOW SECCOMP_RET_ALLOW
#define ASK SECCOMP_RET_USER_NOTIF
#define STUB_IP (STUB_TEXT + 0x123)
#define ZYGOTE_IP (STUB_ZYGOTE + 0x55)
#define THREAD (CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_PARENT)
#define SHOW (MAP_SHARED | MAP_FIXED)

static const struct sock_filter *prog;
static int len;

static u32 run(const struct seccomp_data *d)
{
	u32 a = 0, x = 0, m[BPF_MEMWORDS] = { 0 };

	for (int pc = 0; pc < len; pc++) {
		const struct sock_filter *f = &prog[pc];
		u32 k = BPF_SRC(f->code) == BPF_X ? x : f->k;

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f->k >= sizeof(*d))
				ck_abort_msg("a load from %u", f->k);
			memcpy(&a, (const char *)d + f->k, 4);
			continue;
		case BPF_LD | BPF_IMM: a = f->k; continue;
		case BPF_LD | BPF_MEM: a = m[f->k]; continue;
		case BPF_LDX | BPF_MEM: x = m[f->k]; continue;
		case BPF_ST: m[f->k] = a; continue;
		case BPF_MISC | BPF_TAX: x = a; continue;
		case BPF_ALU | BPF_ADD | BPF_X: a += x; continue;
		case BPF_ALU | BPF_AND | BPF_K: a &= f->k; continue;
		case BPF_RET | BPF_K: return f->k;
		case BPF_JMP | BPF_JA: pc += (int)f->k; continue;
		}
		if (BPF_CLASS(f->code) != BPF_JMP)
			ck_abort_msg("instruction %x", f->code);
		bool yes = false;

		switch (BPF_OP(f->code)) {
		case BPF_JEQ: yes = a == k; break;
		case BPF_JGT: yes = a > k; break;
		case BPF_JGE: yes = a >= k; break;
		case BPF_JSET: yes = a & k; break;
		default: ck_abort_msg("instruction %x", f->code);
		}
		pc += yes ? f->jt : f->jf;
	}
	ck_abort_msg("the program's end");
	return 0;
}

static u32 call_arch(u32 arch, u64 ip, int nr, const u64 *args)
{
	struct seccomp_data d = { .nr = nr, .arch = arch, .instruction_pointer = ip };

	memcpy(d.args, args, sizeof(d.args));
	return run(&d) & SECCOMP_RET_ACTION_FULL;
}
#define CALL(ip, nr, ...) call_arch(AUDIT_ARCH_X86_64, ip, nr, (const u64[6]){ __VA_ARGS__ })

static void make(bool listener)
{
	prog = stub_filters[listener].prog;
	len = (int)stub_filters[listener].len;
	ck_assert_int_gt(len, 0);
}

START_TEST(what_the_stub_does)
{
	make(true);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_futex, STUB_AREAS, FUTEX_WAIT, 1), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_futex, STUB_AREAS, FUTEX_WAKE, 1), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_write, STUB_BELL_FD, 1, 8), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_sched_yield, 0), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_rt_sigreturn, 0), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 7, SHOW, STUB_PHYS_FD, 1ul << 40), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 7, SHOW | MAP_POPULATE, STUB_PHYS_FD, 0), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, 0x10000, STUB_BASE - 0x10000), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, STUB_ZYGOTE, STUB_ZYGOTE_SIZE), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mprotect, STUB_BASE - 0x1000, 0x1000, 3), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_rt_sigprocmask, SIG_SETMASK, STUB_RODATA, 0, 8), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_rt_sigprocmask, SIG_BLOCK, STUB_RODATA, 0, 8), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_rt_sigprocmask, SIG_SETMASK, STUB_RODATA, STUB_RODATA, 8), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_sigaltstack, 1), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_arch_prctl, ARCH_SET_FS, 1), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_exit, 1), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, THREAD), ASK);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_prctl, PR_SET_PDEATHSIG, SIGKILL), ASK);
	make(false);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, THREAD), ALLOW);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_prctl, PR_SET_PDEATHSIG, SIGKILL), ALLOW);
}
END_TEST

START_TEST(other_arguments)
{
	make(false);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_futex, STUB_AREAS, FUTEX_REQUEUE, 1), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_futex, STUB_AREAS, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_futex, STUB_AREAS, 1ul << 32, 1), TRAP);
	for (u64 fd = 0; fd < 16; fd++)
		ck_assert_uint_eq(CALL(STUB_IP, SYS_write, fd, 1, 8), fd == STUB_BELL_FD ? ALLOW : TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_write, STUB_BELL_FD, 1, 16), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 3, SHOW | MAP_ANONYMOUS, -1ul, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 3, MAP_PRIVATE | MAP_FIXED, STUB_PHYS_FD, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 3, MAP_SHARED, STUB_PHYS_FD, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 3, SHOW, STUB_BELL_FD, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, 0x10000, 0x1000, 0x1000003, SHOW, STUB_PHYS_FD, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_mprotect, 0x10000, 0x1000, 0x2000001), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, SIGCHLD), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, THREAD | CLONE_THREAD), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, THREAD & ~CLONE_VM), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_clone, THREAD | CLONE_UNTRACED), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_prctl, PR_SET_PDEATHSIG, 0), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_arch_prctl, 0x1011, 0), TRAP);
}
END_TEST

/* No range may touch the stub's window, however it is written. */
START_TEST(ranges)
{
	static const u64 values[] = { 0, 1, 0xfff, 0x1000, 0x10000, 0x7ffff000, 0x80000000, 0xe0000000, 0xfffff000, 0xffffffff,
		0x100000000, 0x7fff00000000, STUB_BASE - 0x100000000, STUB_BASE - 0x10000, STUB_BASE - 0x1000, STUB_BASE - 1,
		STUB_BASE, STUB_BASE + 1, STUB_ZYGOTE, STUB_CTL, STUB_END, 0x7ffffffff000, 0x800000000000, 1ul << 63,
		-STUB_BASE, -0x1000ul, -1ul };

	make(false);
	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		for (unsigned j = 0; j < ARRAY_SIZE(values); j++) {
			u64 a = values[i], n = values[j], end;
			u32 want = __builtin_add_overflow(a, n, &end) || end > STUB_BASE ? TRAP : ALLOW;

			ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, a, n), want);
			ck_assert_uint_eq(CALL(STUB_IP, SYS_mprotect, a, n, 1), want);
			ck_assert_uint_eq(CALL(STUB_IP, SYS_mmap, a, n, 7, SHOW, STUB_PHYS_FD, 0), want);
		}
	}
	ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, STUB_ZYGOTE, STUB_ZYGOTE_SIZE + 0x1000), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, STUB_ZYGOTE - 0x1000, STUB_ZYGOTE_SIZE), TRAP);
	ck_assert_uint_eq(CALL(STUB_IP, SYS_munmap, STUB_ZYGOTE, STUB_ZYGOTE_SIZE + (1ul << 32)), TRAP);
}
END_TEST

/* Every number from guest code traps; from stub text only the table's can pass, whatever the arguments. */
START_TEST(every_number)
{
	static const u64 guest_ips[] = { 0, 2, 0x400000, STUB_TEXT - 2, STUB_TEXT, STUB_TEXT + 1, STUB_MISS + 2, STUB_RODATA + 2,
		STUB_ZYGOTE, STUB_ZYGOTE + 1, STUB_CTL + 2, STUB_AREAS + 0x5000, STUB_END, 0x7ffff7ffe000, 0xffffffffff600002,
		STUB_IP & 0xffffffff, STUB_IP | 1ul << 32 << 16 };
	static const int table[] = { SYS_futex, SYS_write, SYS_sched_yield, SYS_rt_sigreturn, SYS_mmap, SYS_munmap, SYS_mprotect,
		SYS_clone, SYS_prctl, SYS_rt_sigprocmask, SYS_sigaltstack, SYS_arch_prctl, SYS_exit, SYS_exit_group };
	static const u64 args[][6] = {
		{ 0 }, { 3, 0x10000, 0x1000, 3, 3, 0 }, { 5, 0x10000, 8, 0x11, 3, 0 }, { 0x10000, 0x1000, 7, 0x11, 3, 0 },
		{ 1, 9 }, { THREAD, 0x10000 }, { ARCH_SET_FS, 0 }, { -1ul, -1ul, -1ul, -1ul, -1ul, -1ul },
	};

	make(true);
	for (int nr = -1; nr < 1024; nr++) {
		bool ours = false;
		unsigned wrong = 0;

		for (unsigned i = 0; i < ARRAY_SIZE(table); i++)
			ours |= table[i] == nr;
		for (unsigned i = 0; i < ARRAY_SIZE(args); i++) {
			for (unsigned j = 0; j < ARRAY_SIZE(guest_ips); j++)
				wrong += call_arch(AUDIT_ARCH_X86_64, guest_ips[j], nr, args[i]) != TRAP;
			wrong += call_arch(AUDIT_ARCH_I386, STUB_IP, nr, args[i]) != TRAP;
			wrong += call_arch(AUDIT_ARCH_I386, ZYGOTE_IP, nr, args[i]) != TRAP;
			if (nr >= 0) /* x32 */
				wrong += call_arch(AUDIT_ARCH_X86_64, STUB_IP, nr | 0x40000000, args[i]) != TRAP;
			if (!ours)
				wrong += call_arch(AUDIT_ARCH_X86_64, STUB_IP, nr, args[i]) != TRAP;
			wrong += call_arch(AUDIT_ARCH_X86_64, ZYGOTE_IP, nr, args[i]) != ALLOW;
		}
		ck_assert_msg(!wrong, "call %d", nr);
	}
}
END_TEST

UM_UNIT_MAIN("filter", what_the_stub_does, other_arguments, ranges, every_number)
