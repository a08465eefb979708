/* Both trap backends, driven as the kernel drives them: one page of guest code after another, no kernel. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "um_unit.h"
#include "stub.h"
#include "zygote.h"

#define CODE 0x400000ul
#define DATA 0x600000ul

static void *upcalls[64];
static unsigned nr_upcalls;

void trap_event_upcall(void *cookie)
{
	if (nr_upcalls < ARRAY_SIZE(upcalls))
		upcalls[nr_upcalls++] = cookie;
}

static void start_by(const struct backend *which, bool policy)
{
	struct um_config cfg = { .mem = 64 << 20 };

	backend = which;
	trap = which->ops;
	host_physmem_init(&cfg);
	console_init(&umk_options);
	clock_init(0, false);
	cpu_init();
	hostfile_init();
	idle_init();
	if (policy)
		cpu_choose(which->can_spin);
	ck_assert_int_eq(backend->init(), 0);
	ck_assert_int_eq(backend->ready(), 0);
	idle_start();
}

/* Nobody is bound to a CPU, and nobody spins. */
static void start(const struct backend *which)
{
	start_by(which, false);
}

static void finish(void)
{
	backend->shutdown();
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	ck_assert_int_eq(errno, ECHILD);
}

/* Waits for the event of the task with @cookie. */
static void wait_event(void *cookie)
{
	u64 end = um_unit_deadline();

	for (;;) {
		for (unsigned i = 0; i < nr_upcalls; i++) {
			if (upcalls[i] == cookie) {
				upcalls[i] = upcalls[--nr_upcalls];
				return;
			}
		}
		ck_assert(host_clock(HOST_MONOTONIC) < end);
		host_idle(end);
	}
}

static struct pt_regs regs_at(u64 ip)
{
	return (struct pt_regs){ .ip = ip, .sp = 0x500000, .cs = GUEST_CS, .ss = GUEST_SS, .flags = X86_EFLAGS_FIXED, .orig_ax = -1ul };
}

static void put_code(u64 phys, const char *code, size_t size)
{
	memcpy(host_info.physmem + phys, code, size);
}
#define PUT(phys, string) put_code(phys, string, sizeof(string) - 1)

struct guest { struct trap_mm *mm; struct trap_task *t; struct pt_regs regs; };

static void make_guest(struct guest *g)
{
	ck_assert_int_eq(trap->mm_create(&g->mm, &g->t, g, 0), 0);
	trap->map(g->mm, CODE, PAGE_SIZE, PROT_READ | PROT_EXEC, 0, false);
	g->regs = regs_at(CODE);
}

static const struct trap_event *run(struct guest *g)
{
	trap->resume(g->t, &g->regs);
	wait_event(g);
	return trap->event(g->t);
}

/* mov $39, %eax; syscall; jmp back */
#define LOOP "\xb8\x27\0\0\0\x0f\x05\xeb\xf7"

static void calls(const struct backend *which)
{
	struct guest g;

	start(which);
	PUT(0, LOOP);
	make_guest(&g);
	g.regs.r12 = 12;
	for (int i = 0; i < 100; i++) {
		const struct trap_event *ev = run(&g);

		ck_assert_int_eq(ev->kind, TRAP_SYSCALL);
		ck_assert_uint_eq(ev->site, 0);
		ck_assert_uint_eq(ev->arch_i386, 0);
		ck_assert_uint_eq(g.regs.orig_ax, 39);
		ck_assert_int_eq((long)g.regs.ax, -ENOSYS);
		ck_assert_uint_eq(g.regs.ip, CODE + 7);
		ck_assert_uint_eq(g.regs.r12, 12);
		g.regs.ax = (unsigned long)-512; /* a restart code of the host's is nothing special to it */
	}
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* movq $1, (DATA); int $0x80; jmp . */
#define STORE "\x48\xc7\x04\x25\0\0\x60\0\1\0\0\0\xcd\x80\xeb\xfe"

static void faults(const struct backend *which)
{
	const struct trap_event *ev;
	struct guest g;

	start(which);
	PUT(0, STORE);
	make_guest(&g);
	ev = run(&g);
	ck_assert_int_eq(ev->kind, TRAP_FAULT);
	ck_assert_int_eq(ev->signo, SIGSEGV);
	ck_assert_int_eq(ev->code, SEGV_MAPERR);
	ck_assert_uint_eq(ev->addr, DATA);
	ck_assert_uint_eq(ev->trapno, 14);
	ck_assert_uint_eq(ev->error_code & ~2ul, 4);
	ck_assert_uint_eq(g.regs.ip, CODE);
	ck_assert_uint_eq(g.regs.orig_ax, -1ul);
	trap->map(g.mm, DATA, PAGE_SIZE, PROT_READ, PAGE_SIZE, false);
	ev = run(&g);
	ck_assert_int_eq(ev->code, SEGV_ACCERR);
	ck_assert_uint_eq(ev->error_code & 2, 2);
	trap->protect(g.mm, DATA, PAGE_SIZE, PROT_READ | PROT_WRITE);
	ev = run(&g);
	ck_assert_int_eq(ev->kind, TRAP_SYSCALL);
	ck_assert_uint_eq(ev->arch_i386, 1);
	ck_assert_uint_eq(host_info.physmem[PAGE_SIZE], 1);
	/* a hole in the range that is protected: the rest goes, to fault in again */
	trap->map(g.mm, DATA + 2 * PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE, PAGE_SIZE, false);
	trap->protect(g.mm, DATA - PAGE_SIZE, 4 * PAGE_SIZE, PROT_READ);
	g.regs = regs_at(CODE);
	ev = run(&g);
	ck_assert_int_eq(ev->kind, TRAP_FAULT);
	/* a fetch */
	g.regs = regs_at(0x700000);
	ev = run(&g);
	ck_assert_int_eq(ev->kind, TRAP_FAULT);
	ck_assert_uint_eq(ev->addr, 0x700000);
	/* hlt; ud2; int3; divide */
	PUT(0, "\xf4\x0f\x0b\xcc\xf7\xf1");
	g.regs = regs_at(CODE);
	ev = run(&g);
	ck_assert_int_eq(ev->signo, SIGSEGV);
	ck_assert_uint_eq(ev->trapno, 13);
	g.regs = regs_at(CODE + 1);
	ev = run(&g);
	ck_assert_int_eq(ev->signo, SIGILL);
	ck_assert_uint_eq(ev->trapno, 6);
	g.regs = regs_at(CODE + 3);
	ev = run(&g);
	ck_assert_int_eq(ev->signo, SIGTRAP);
	ck_assert_uint_eq(ev->trapno, 3);
	ck_assert_uint_eq(g.regs.ip, CODE + 4);
	g.regs = regs_at(CODE + 4);
	ev = run(&g);
	ck_assert_int_eq(ev->signo, SIGFPE);
	ck_assert_uint_eq(ev->trapno, 0);
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* lock incq (DATA); jmp back */
#define COUNT "\xf0\x48\xff\x04\x25\0\0\x60\0\xeb\xf5"

/* Threads, interrupts, and that what flush() takes away is gone. */
static void threads(const struct backend *which)
{
	struct guest g, other;
	u64 *counter, seen, fs = 0, gs = 0;

	start(which);
	PUT(0, COUNT);
	PUT(64, LOOP);
	counter = (u64 *)(host_info.physmem + PAGE_SIZE);
	make_guest(&g);
	g.regs = regs_at(CODE + 64);
	ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
	other.mm = g.mm;
	ck_assert_int_eq(trap->task_create(&other.t, g.mm, g.t, &other), 0);
	for (int round = 0; round < 20; round++) {
		bool alone = round % 2; /* the sibling is parked, and does the work; or it runs too */

		trap->map(g.mm, DATA, PAGE_SIZE, PROT_READ | PROT_WRITE, PAGE_SIZE, false);
		other.regs = regs_at(CODE);
		trap->set_bases(other.t, 0x11000, 0x22000);
		seen = READ_ONCE(*counter);
		trap->resume(other.t, &other.regs);
		if (!alone) {
			g.regs = regs_at(CODE);
			trap->resume(g.t, &g.regs);
		}
		while (READ_ONCE(*counter) < seen + 1000)
			host_poll();
		ck_assert_uint_eq(trap->running(g.mm), alone ? 1 : 2);
		trap->unmap(g.mm, DATA, PAGE_SIZE);
		trap->flush(g.mm);
		seen = READ_ONCE(*counter);
		usleep(2000);
		ck_assert_uint_eq(READ_ONCE(*counter), seen);
		wait_event(&other);
		if (trap->event(other.t)->kind == TRAP_INTERRUPT) { /* stopped by flush: it has not seen that its page is gone */
			trap->resume(other.t, &other.regs);
			wait_event(&other);
		}
		ck_assert_int_eq(trap->event(other.t)->kind, TRAP_FAULT);
		ck_assert_uint_eq(trap->event(other.t)->addr, DATA);
		ck_assert_int_eq(trap->get_bases(other.t, &fs, &gs), 0);
		ck_assert_uint_eq(fs, 0x11000);
		ck_assert_uint_eq(gs, 0x22000);
		if (!alone) {
			wait_event(&g);
			ck_assert(trap->event(g.t)->kind == TRAP_FAULT || trap->event(g.t)->kind == TRAP_INTERRUPT);
		}
	}
	/* an endless loop can be interrupted, again and again */
	PUT(0, "\xeb\xfe");
	for (int i = 0; i < 20; i++) {
		other.regs = regs_at(CODE);
		other.regs.r15 = 15;
		trap->resume(other.t, &other.regs);
		if (i & 1)
			usleep(500);
		trap->interrupt(other.t);
		wait_event(&other);
		ck_assert_int_eq(trap->event(other.t)->kind, TRAP_INTERRUPT);
		ck_assert_uint_eq(other.regs.ip, CODE);
		ck_assert_uint_eq(other.regs.r15, 15);
		ck_assert_uint_eq(other.regs.orig_ax, -1ul);
	}
	/* one that runs is destroyed */
	trap->resume(other.t, &other.regs);
	trap->task_destroy(other.t);
	ck_assert_uint_eq(trap->running(g.mm), 0);
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* Extended state goes in and out, and a child starts with what it is given. */
static void vector_state(const struct backend *which)
{
	static u8 fp[16384] __aligned(64), back[16384] __aligned(64);
	struct guest g;

	start(which);
	PUT(0, LOOP);
	make_guest(&g);
	ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
	for (u64 i = 1; i < 10; i++) {
		ck_assert_int_eq(trap->get_fp(g.t, fp), 0);
		*(u64 *)(fp + 160 + 16 * 3) = i * 0x0101010101010101;
		*(u64 *)(fp + 512) |= 2;
		ck_assert_int_eq(trap->set_fp(g.t, fp), 0);
		ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
		memset(back, 0xff, sizeof(back));
		ck_assert_int_eq(trap->get_fp(g.t, back), 0);
		ck_assert_uint_eq(*(u64 *)(back + 160 + 16 * 3), i * 0x0101010101010101);
		ck_assert_uint_eq(back[trap_layout.xsave_size], 0xff);
	}
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* The children that run the stub. */
static unsigned stubs(pid_t *pids, unsigned max)
{
	char command[64];
	unsigned n = 0;
	FILE *list;

	snprintf(command, sizeof(command), "pgrep -P %d -x umk-stub", getpid());
	list = popen(command, "r");
	ck_assert_ptr_nonnull(list);
	while (n < max && fscanf(list, "%d", &pids[n]) == 1)
		n++;
	pclose(list);
	return n;
}

/* Kills the guest @g by SIGKILL, and those that are forked ahead, for they look like it; returns when all their ends are known:
 * the next guest would be given one that is dead. */
static void kill_from_outside(struct guest *g, pid_t zygote)
{
	u64 end = um_unit_deadline();
	pid_t pids[8];
	unsigned n = stubs(pids, ARRAY_SIZE(pids));

	ck_assert_uint_ge(n, 2);
	for (unsigned i = 0; i < n; i++)
		if (pids[i] != zygote)
			ck_assert_int_eq(kill(pids[i], SIGKILL), 0);
	wait_event(g);
	for (unsigned i = 0; i < n; i++) {
		while (pids[i] != zygote && !kill(pids[i], 0)) {
			ck_assert(host_clock(HOST_MONOTONIC) < end);
			host_idle(host_clock(HOST_MONOTONIC) + 1000000);
		}
	}
}

/* SIGKILL from outside: while it runs, and while it is parked. */
static void killed(const struct backend *which)
{
	struct guest g;
	pid_t zygote;

	start(which);
	ck_assert_uint_eq(stubs(&zygote, 1), 1); /* so far it is the only one */
	for (int parked = 0; parked < 2; parked++) {
		PUT(0, LOOP);
		make_guest(&g);
		ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
		if (!parked) {
			PUT(0, "\xeb\xfe");
			g.regs = regs_at(CODE);
			trap->resume(g.t, &g.regs);
		}
		kill_from_outside(&g, zygote);
		ck_assert_int_eq(trap->event(g.t)->kind, TRAP_DIED);
		ck_assert_int_eq(trap->event(g.t)->signo, SIGKILL);
		ck_assert_uint_eq(trap->running(g.mm), 0);
		trap->task_destroy(g.t);
		trap->mm_destroy(g.mm, 0);
	}
	make_guest(&g);
	PUT(0, LOOP);
	ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* More mappings than the host allows a process: some go, none is wrong. */
static void many_mappings(const struct backend *which)
{
	const unsigned count = which == &ptrace_backend ? 66000 : 140000;
	const struct trap_event *ev;
	struct guest g;

	start(which);
	PUT(0, LOOP);
	PUT(64, "\x48\x8b\x07\x0f\x05"); /* mov (%rdi), %rax; syscall */
	make_guest(&g);
	for (unsigned i = 0; i < 16; i++)
		*(u64 *)(host_info.physmem + (1 + i) * PAGE_SIZE) = i;
	for (unsigned i = 0; i < count; i++)
		trap->map(g.mm, 0x10000000 + i * 2 * PAGE_SIZE, PAGE_SIZE, PROT_READ, (1 + i % 16) * PAGE_SIZE, false);
	g.regs = regs_at(CODE);
	ev = run(&g);
	if (ev->kind == TRAP_FAULT) { /* the code's page has gone as well */
		ck_assert_uint_eq(ev->addr, CODE);
		trap->map(g.mm, CODE, PAGE_SIZE, PROT_READ | PROT_EXEC, 0, false);
		ev = run(&g);
	}
	ck_assert_int_eq(ev->kind, TRAP_SYSCALL);
	for (unsigned i = 0; i < count; i += 997) {
		u64 at = 0x10000000 + (u64)i * 2 * PAGE_SIZE;

		g.regs = regs_at(CODE + 64);
		g.regs.di = at;
		ev = run(&g);
		if (ev->kind == TRAP_FAULT) {
			ck_assert_uint_eq(ev->addr, at);
			continue;
		}
		ck_assert_int_eq(ev->kind, TRAP_SYSCALL);
		ck_assert_uint_eq(g.regs.orig_ax, i % 16);
	}
	trap->task_destroy(g.t);
	trap->mm_destroy(g.mm, 0);
	finish();
}

/* An address space that ended may serve the next one: that sees none of the old mappings, not even those that were ordered and
 * never made, and it starts as a new one does. */
static void kept(const struct backend *which)
{
	static u8 fp[16384] __aligned(64);
	const u64 programs[] = { 5, 5, 6, 5, 7, 6, 5, 0, 5 };
	u64 fs, gs;
	struct guest g;

	start(which);
	PUT(0, LOOP);
	PUT(64, "\x48\x8b\x07\x0f\x05"); /* mov (%rdi), %rax; syscall */
	for (unsigned i = 0; i < 40; i++) {
		u64 program = programs[i % ARRAY_SIZE(programs)];

		for (u64 page = 1; page < 9; page++)
			*(u64 *)(host_info.physmem + page * PAGE_SIZE) = page;
		ck_assert_int_eq(trap->mm_create(&g.mm, &g.t, &g, program), 0);
		trap->map(g.mm, CODE, PAGE_SIZE, PROT_READ | PROT_EXEC, 0, true);
		trap->map(g.mm, DATA, PAGE_SIZE, PROT_READ, (1 + i % 4) * PAGE_SIZE, i & 1);
		g.regs = regs_at(CODE + 64);
		g.regs.di = DATA;
		ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
		ck_assert_uint_eq(g.regs.orig_ax, 1 + i % 4);
		ck_assert_int_eq(trap->get_bases(g.t, &fs, &gs), 0);
		ck_assert(!fs && !gs);
		ck_assert_int_eq(trap->get_fp(g.t, fp), 0);
		ck_assert_uint_eq(*(u64 *)(fp + 160 + 16 * 3), 0);
		ck_assert_uint_eq(*(u32 *)(fp + 24), 0x1f80);
		for (unsigned k = 0; k < 4; k++) {
			g.regs = regs_at(CODE + 64);
			g.regs.di = DATA + (1 + k) * PAGE_SIZE;
			ck_assert_int_eq(run(&g)->kind, TRAP_FAULT);
		}
		trap->map(g.mm, DATA + (1 + i % 4) * PAGE_SIZE, PAGE_SIZE, PROT_READ, 5 * PAGE_SIZE, false);
		*(u64 *)(fp + 160 + 16 * 3) = 77;
		*(u32 *)(fp + 24) = 0x5f80;
		*(u64 *)(fp + 512) |= 2;
		ck_assert_int_eq(trap->set_fp(g.t, fp), 0);
		ck_assert_int_eq(trap->set_bases(g.t, 0x11000, 0), 0);
		g.regs = regs_at(CODE);
		ck_assert_int_eq(run(&g)->kind, TRAP_SYSCALL);
		if (i % 3 == 0) /* ordered and not done when it ends */
			trap->map(g.mm, DATA, PAGE_SIZE, PROT_READ, 8 * PAGE_SIZE, false);
		if (i % 5 == 0)
			trap->unmap(g.mm, CODE, PAGE_SIZE);
		trap->task_destroy(g.t);
		trap->mm_destroy(g.mm, program);
		ck_assert(!trap->mm_kept || !program || trap->mm_kept(program));
	}
	finish();
}

/* One guest runs after another has blocked, or has been answered when that one blocks: each gets the CPU, also when the one that
 * would have woken it, or waits by yielding, dies first. */
static void hand_off(const struct backend *which)
{
	struct guest g[3];
	unsigned dead = 0;

	start_by(which, true);
	PUT(0, LOOP);
	for (unsigned i = 0; i < 3; i++) {
		make_guest(&g[i]);
		ck_assert_int_eq(run(&g[i])->kind, TRAP_SYSCALL);
	}
	for (unsigned i = 0; i < 6000; i++) {
		struct guest *from = &g[i / 100 % 2 ? i % 2 : i % 3], *to = &g[i / 100 % 2 ? !(i % 2) : (i + 1) % 3];
		bool late = i / 200 % 2;

		if (!late)
			trap->will_block(from->t);
		if (i % 7 == 0)
			usleep(300);
		if (late) {
			trap->resume(to->t, &to->regs);
			trap->will_block(from->t);
		}
		if (i % 1000 == 999) {
			trap->task_destroy(from->t);
			trap->mm_destroy(from->mm, i % 2000 == 999 ? 3 : 0);
			dead++;
		}
		if (!late)
			trap->resume(to->t, &to->regs);
		wait_event(to);
		ck_assert_int_eq(trap->event(to->t)->kind, TRAP_SYSCALL);
		ck_assert_uint_eq(to->regs.ip, CODE + 7);
		if (i % 1000 == 999) {
			make_guest(from);
			ck_assert_int_eq(run(from)->kind, TRAP_SYSCALL);
		}
	}
	ck_assert_uint_eq(dead, 6);
	for (unsigned i = 0; i < 3; i++) {
		trap->task_destroy(g[i].t);
		trap->mm_destroy(g[i].mm, 0);
	}
	finish();
}

#define BOTH(name)                                                           \
	START_TEST(name##_seccomp) { name(&seccomp_backend); } END_TEST     \
	START_TEST(name##_ptrace) { name(&ptrace_backend); } END_TEST

BOTH(calls)
BOTH(faults)
BOTH(threads)
BOTH(vector_state)
BOTH(killed)
BOTH(many_mappings)
BOTH(kept)
BOTH(hand_off)

UM_UNIT_MAIN("trap", calls_seccomp, calls_ptrace, faults_seccomp, faults_ptrace, threads_seccomp, threads_ptrace,
	     vector_state_seccomp, vector_state_ptrace, killed_seccomp, killed_ptrace, many_mappings_seccomp, many_mappings_ptrace,
	     kept_seccomp, kept_ptrace, hand_off_seccomp, hand_off_ptrace)
