/* The seccomp trap backend: guests run free; their system calls come as SIGSYS, or through rewritten sites, as events in
 * frames of shared memory. No ptrace anywhere.
 *
 * Decides how events are found (bell bitmap, and one watched frame that need not ring), how guests are answered, and when a
 * thread counts as dead. Whatever is read from a frame was written by a guest: it is copied once, then used. How memory
 * operations travel is in seccomp_ops.c, how processes and threads come and go in seccomp_life.c; what stub code does is in
 * um/stub/. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trap.h"
#include "seccomp.h"

#define AUDIT_ARCH_X86_64_NR 0xc000003eu
#define SPIN_NS 50000ull
#define CALIBRATE_ROUNDS 100

struct trap_task *by_area[STUB_MAX_AREAS];
static struct trap_task *notify_list;
static s32 watched = -1;
static unsigned kicks;      /* interrupted tasks that have not answered yet */
u32 stub_spin_rounds;
static int kick_timer = -1;
static int bell_fd = -1;    /* the doorbell: stubs write to it while the kernel sleeps */

u64 stub_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
}

static u64 area_address(unsigned area)
{
	return STUB_AREAS + ((u64)area << STUB_AREA_SHIFT);
}

/* Its event has been taken: the kernel is told at the next poll. */
void stub_notify(struct trap_task *t)
{
	if (t->notify)
		return;
	t->notify = true;
	t->next_notify = notify_list;
	notify_list = t;
}

/* ---- the end of a thread ---- */

static inline void end_kick(struct trap_task *t)
{
	if (likely(!t->kick.since))
		return;
	t->kick = (struct stub_wait){ 0 };
	kicks--;
}

void stub_mark_dead(struct trap_task *t, int signo)
{
	if (t->dead)
		return;
	t->dead = true;
	t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = signo };
	if (t->mm->carrier == t)
		t->mm->carrier = NULL;
	end_kick(t);
	if (t->running) {
		t->running = false;
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	/* the kernel hears of a parked one, too: whatever it sleeps in, it ends */
	stub_notify(t);
}

void stub_kill_and_reap(struct trap_task *t)
{
	int status;

	kill(t->pid, SIGKILL);
	while (waitpid(t->pid, &status, __WALL) < 0 && errno == EINTR)
		;
}

void stub_prepare_area(unsigned area)
{
	area_frame(area)->index = area;
	area_frame(area)->spin = stub_spin_rounds;
}

void stub_answer(struct stub_frame *f, u32 state)
{
	__atomic_exchange_n(&f->state, state, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&f->sleeping, __ATOMIC_ACQUIRE))
		stub_wake(f);
}

/* As stub_answer(), for a guest that runs then. */
static void answer_guest(struct trap_task *t)
{
	__atomic_exchange_n(&t->f->state, STUB_REPLY, __ATOMIC_SEQ_CST);
	stub_rest_next(t);
}

/* ---- waiting for a stub, bounded ---- */

int stub_wait_posted(struct trap_task *t)
{
	struct stub_wait wait = { 0 };

	for (u32 i = 0; !stub_has_posted(t); i++) {
		if (t->dead)
			return -EIO;
		if (i < stub_spin_rounds) {
			__builtin_ia32_pause();
			continue;
		}
		stub_waker_settle();
		sched_yield();
		if (i % 64)
			continue;
		int status;

		if (waitpid(t->pid, &status, WNOHANG | __WALL) == t->pid) {
			stub_mark_dead(t, WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL);
			return -EIO;
		}
		if (stub_overdue(t, &wait) && !stub_has_posted(t)) {
			stub_give_up(t);
			return -EIO;
		}
		if (stub_now() - wait.since > 200000)
			nanosleep(&(struct timespec){ 0, 50000 }, NULL);
	}
	t->settled = true;
	return 0;
}

static inline void take_event(struct trap_task *t)
{
	struct stub_frame *f = t->f;
	struct pt_regs *r = t->regs;
	struct trap_event *ev = &t->ev;
	u32 kind = READ_ONCE(f->event);

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	*r = f->regs;
	r->cs = GUEST_CS;
	r->ss = GUEST_SS;
	t->brief = kind == STUB_EV_SITE;
	t->fs = READ_ONCE(f->fs_base);
	t->running = false;
	t->mm->running--;
	cpu_task_parked(&t->cpu);
	if (t->mm->carrier == t)
		t->mm->carrier = NULL;
	end_kick(t);
	switch (kind) {
	case STUB_EV_SITE:
		ev->kind = TRAP_SYSCALL;
		ev->site = 1 + (u32)(READ_ONCE(f->site_word) >> 16 & 0xffff);
		ev->arch_i386 = 0;
		r->orig_ax = -1ul; /* the number comes with the site */
		r->ax = (unsigned long)-ENOSYS;
		r->r11 = r->flags;
		t->posted = *r;
		return;
	case STUB_EV_SYSCALL:
		ev->kind = TRAP_SYSCALL;
		ev->site = 0;
		ev->arch_i386 = READ_ONCE(f->arch) != AUDIT_ARCH_X86_64_NR;
		r->orig_ax = r->ax;
		r->ax = (unsigned long)-ENOSYS;
		break;
	case STUB_EV_FAULT:
		*ev = (struct trap_event){ .kind = TRAP_FAULT, .signo = (int)READ_ONCE(f->signo), .code = (int)READ_ONCE(f->code),
			.addr = READ_ONCE(f->addr), .trapno = READ_ONCE(f->trapno), .error_code = READ_ONCE(f->error_code) };
		r->orig_ax = -1ul;
		break;
	case STUB_EV_INTERRUPT:
		*ev = (struct trap_event){ .kind = TRAP_INTERRUPT };
		r->orig_ax = -1ul;
		return; /* bases: as they were when the guest last left, or trapped below */
	default: /* a guest wrote nonsense into its frame */
		*ev = (struct trap_event){ .kind = TRAP_FAULT, .signo = SIGSYS };
		r->orig_ax = -1ul;
		return;
	}
	u64 gs = READ_ONCE(f->gs_base);

	t->gs = gs == area_address(t->area) ? 0 : gs;
}

void stub_take_event(struct trap_task *t)
{
	take_event(t);
}

static bool collect(unsigned area)
{
	struct trap_task *t = by_area[area];

	if (!t || !t->running || !stub_has_posted(t))
		return false;
	take_event(t);
	trap_event_upcall(t->cookie);
	return true;
}

void stub_reap_children(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		bool found = false;

		for (unsigned i = 0; i < area_top && !found; i++) {
			struct trap_task *t = by_area[i];

			if (t && t->pid == pid) {
				if (t->spare)
					spare_died(t);
				else
					stub_mark_dead(t, WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL);
				found = true;
			}
		}
		if (!found)
			zygote_child_died(pid, status);
	}
}

/* Interrupted tasks that do not answer (a hostile guest can mask everything by a forged sigreturn) are killed. */
static void check_kicks(void)
{
	for (unsigned i = 0; i < area_top; i++) {
		struct trap_task *t = by_area[i];

		if (t && t->kick.since && stub_overdue(t, &t->kick) && !stub_has_posted(t))
			stub_give_up(t);
	}
}

static bool seccomp_poll(void)
{
	static u32 rounds;
	bool did = false;

	if (unlikely(!(++rounds & 0xfff))) {
		stub_reap_children();
		stub_rest_look();
	}
	stub_rest_poll();
	if (watched >= 0)
		did = collect((unsigned)watched);
	if (unlikely(READ_ONCE(stub_ctl->summary))) {
		u64 words = __atomic_exchange_n(&stub_ctl->summary, 0, __ATOMIC_SEQ_CST);

		while (words) {
			unsigned w = (unsigned)__builtin_ctzll(words);
			u64 bits = __atomic_exchange_n(&stub_ctl->bell[w], 0, __ATOMIC_SEQ_CST);

			words &= words - 1;
			for (; bits; bits &= bits - 1) {
				unsigned area = w * 64 + (unsigned)__builtin_ctzll(bits);

				if (area < STUB_MAX_AREAS)
					did |= collect(area);
			}
		}
	}
	while (unlikely(notify_list != NULL)) {
		struct trap_task *t = notify_list;

		notify_list = t->next_notify;
		t->notify = false;
		trap_event_upcall(t->cookie);
		did = true;
	}
	return did;
}

/* SIGCHLD has come: with a sleep, or before it, when only the look at what is ready took it. */
static void reap_if_told(void)
{
	if (!console_children)
		return;
	console_children = false;
	stub_reap_children();
}

static bool seccomp_prepare_sleep(void)
{
	reap_if_told();
	if (kicks)
		check_kicks();
	zygote_pool_fill();
	stub_rest_before_sleep();
	__atomic_exchange_n(&stub_ctl->kernel_sleeping, 1, __ATOMIC_SEQ_CST);
	if (READ_ONCE(stub_ctl->summary) || notify_list ||
	    (watched >= 0 && by_area[watched] && by_area[watched]->running && stub_has_posted(by_area[watched]))) {
		__atomic_exchange_n(&stub_ctl->kernel_sleeping, 0, __ATOMIC_SEQ_CST);
		return false;
	}
	return true;
}

static void seccomp_finish_sleep(void)
{
	__atomic_exchange_n(&stub_ctl->kernel_sleeping, 0, __ATOMIC_SEQ_CST);
	reap_if_told();
	if (kicks)
		check_kicks();
}

/* The frame that the kernel polls. The old one may have posted without ringing: look once more. */
static void watch(unsigned area)
{
	s32 old = watched;

	if (old == (s32)area)
		return;
	watched = (s32)area;
	__atomic_exchange_n(&stub_ctl->watch, watched, __ATOMIC_SEQ_CST);
	if (old >= 0 && by_area[old] && by_area[old]->running && stub_has_posted(by_area[old])) {
		__atomic_fetch_or(&stub_ctl->bell[old / 64], 1ull << old % 64, __ATOMIC_SEQ_CST);
		__atomic_fetch_or(&stub_ctl->summary, 1ull << old / 64, __ATOMIC_SEQ_CST);
	}
}

/* ---- interrupting ---- */

/* So that even a sleeping kernel sees that there is no answer. */
static void arm_kick_timer(void)
{
	timerfd_settime(kick_timer, 0, &(struct itimerspec){ .it_value.tv_sec = 3 }, NULL);
}

static void kick_timer_due(u32 events)
{
	u64 count;

	(void)events;
	if (read(kick_timer, &count, sizeof(count)) != sizeof(count) || !kicks)
		return;
	check_kicks();
	if (kicks)
		arm_kick_timer();
}

void stub_kick(struct trap_task *t)
{
	if (t->kick.since)
		return;
	if (!kicks)
		arm_kick_timer();
	t->kick.since = stub_now();
	kicks++;
	__atomic_exchange_n(&t->f->kick, 1, __ATOMIC_SEQ_CST);
	kill(t->pid, STUB_SIG_KICK);
}

/* @t leaves its address space: nobody watches it, waits for it or hears of it. */
void stub_unlink_task(struct trap_task *t)
{
	struct trap_task **p;

	if (t->running)
		t->mm->running--;
	end_kick(t);
	if (t->mm->carrier == t)
		t->mm->carrier = NULL;
	cpu_task_parked(&t->cpu);
	cpu_task_del(&t->cpu);
	stub_rest_end(t);
	for (p = &notify_list; *p; p = &(*p)->next_notify)
		if (*p == t) {
			*p = t->next_notify;
			break;
		}
	for (p = &t->mm->tasks; *p; p = &(*p)->next_in_mm)
		if (*p == t) {
			*p = t->next_in_mm;
			break;
		}
	if (watched == (s32)t->area) {
		watched = -1;
		__atomic_exchange_n(&stub_ctl->watch, -1, __ATOMIC_SEQ_CST);
	}
}

/* ---- resuming ---- */

/* Is this the plain return of the call that came from a site? Then the registers in the frame, which are in the guest's
 * CPU's cache, need not be written. */
static bool only_ax_changed(const struct trap_task *t, const struct pt_regs *now)
{
	const struct pt_regs *then = &t->posted;
	unsigned long diff = (now->r15 ^ then->r15) | (now->r14 ^ then->r14) | (now->r13 ^ then->r13) |
		(now->r12 ^ then->r12) | (now->bp ^ then->bp) | (now->bx ^ then->bx) | (now->r10 ^ then->r10) |
		(now->r9 ^ then->r9) | (now->r8 ^ then->r8) | (now->dx ^ then->dx) | (now->si ^ then->si) |
		(now->di ^ then->di) | (now->flags ^ then->flags) | (now->sp ^ then->sp) | (now->flags & 0x100);

	return !diff && now->orig_ax != -1ul;
}

static void seccomp_resume(struct trap_task *t, struct pt_regs *regs)
{
	struct stub_frame *f = t->f;
	struct trap_mm *mm = t->mm;
	unsigned n = 0;

	t->regs = regs;
	t->ev.kind = TRAP_NONE;
	if (unlikely(!t->settled) && stub_wait_posted(t) == 0)
		t->settled = true;
	stub_rest_answered(t);
	if (unlikely(t->dead)) {
		t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = t->ev.signo ? t->ev.signo : SIGKILL };
		stub_notify(t);
		return;
	}
	if (unlikely(mm->before))
		stub_adopt(mm);
	if (unlikely(mm->queue.n || mm->carrier)) {
		if (mm->carrier != t)
			stub_wait_carrier(mm);
		if (mm->queue.n > STUB_MAX_OPS - 2)
			stub_work_queue(mm, t);
		n = mm->queue.n;
		memcpy(f->ops, mm->queue.ops, n * sizeof(*f->ops));
		mm->queue.n = 0;
		if (n)
			mm->carrier = t;
	}
	if (unlikely(t->load_fp))
		f->ops[n++] = (struct stub_op){ .kind = STUB_OP_LOAD_FP };
	if (unlikely(t->load_bases)) {
		f->fs_base = t->fs;
		f->gs_base = t->gs ? t->gs : area_address(t->area);
		f->ops[n++] = (struct stub_op){ .kind = STUB_OP_SET_BASES };
	}
	t->load_fp = t->load_bases = false;
	if (likely(t->brief && only_ax_changed(t, regs))) {
		f->ret = regs->ax;
		f->site_word = regs->ip;
		f->brief = 1;
		f->exact = 0;
	} else {
		f->regs = *regs;
		f->regs.cs = GUEST_CS;
		f->regs.ss = GUEST_SS;
		f->brief = 0;
		if (regs->orig_ax == -1ul || regs->flags & 0x100) {
			f->exact = 1;
		} else {
			f->exact = 0;
			f->regs.cx = regs->ip;
			f->regs.r11 = regs->flags;
		}
	}
	f->nops = n;
	f->kick = 0;
	f->rest = cpu_no_spin ? STUB_SLEEP : 0;
	t->running = true;
	mm->running++;
	cpu_task_resumed(&t->cpu);
	watch(t->area);
	answer_guest(t);
}

static const struct trap_event *seccomp_event(struct trap_task *t)
{
	return &t->ev;
}

static void seccomp_will_block(struct trap_task *t)
{
	if (!t->running && !t->dead)
		stub_rest(t);
}

static void seccomp_interrupt(struct trap_task *t)
{
	if (t->running && !t->dead)
		stub_kick(t);
}

static unsigned seccomp_running(struct trap_mm *mm)
{
	return mm->running;
}

/* mov $(index << 16), %eax; lahf; seto %al; movabs $stub_site_entry, %r11; jmp *%r11: rax is free because the site's own
 * first instruction was going to set it, rcx and r11 because the syscall instruction destroys them. */
static unsigned seccomp_rewrite_thunk(void *buf, u64 thunk, u32 index, u64 ret)
{
	u8 *p = buf;
	u32 word = index << 16;
	u64 entry = STUB_SITE_ENTRY;

	(void)thunk;
	(void)ret;
	*p++ = 0xb8;
	memcpy(p, &word, 4);
	p += 4;
	*p++ = 0x9f;
	*p++ = 0x0f;
	*p++ = 0x90;
	*p++ = 0xc0;
	*p++ = 0x49;
	*p++ = 0xbb;
	memcpy(p, &entry, 8);
	p += 8;
	*p++ = 0x41;
	*p++ = 0xff;
	*p++ = 0xe3;
	return (unsigned)(p - (u8 *)buf);
}

/* How many rounds of the stub's wait loop last SPIN_NS; none on one CPU. */
static u32 calibrate_spin(void)
{
	u64 start, least = HOST_FOREVER;

	if (host_info.cpus < 2)
		return 0;
	for (int turn = 0; turn < 3; turn++) {
		start = stub_now();
		for (int i = 0; i < CALIBRATE_ROUNDS; i++)
			__builtin_ia32_pause();
		least = min(least, stub_now() - start);
	}
	return (u32)(SPIN_NS * CALIBRATE_ROUNDS / (least ? least : 1));
}

static bool knows(pid_t pid)
{
	for (unsigned i = 0; i < area_top; i++)
		if (by_area[i] && by_area[i]->pid == pid)
			return true;
	return false;
}

static int seccomp_init(void)
{
	int err;

	stub_spin_rounds = calibrate_spin();
	err = zygote_start(true);
	if (err)
		return err;
	zygote_knows = knows;
	bell_fd = zygote_bell_fd();
	kick_timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (kick_timer < 0 || idle_add_fd(kick_timer, EPOLLIN, kick_timer_due)) {
		um_reason("no timer descriptor: %s", strerror(errno));
		return -errno;
	}
	stub_ctl->watch = -1;
	return 0;
}

static const struct trap_ops seccomp_trap_ops = {
	.name = "seccomp",
	.mm_create = seccomp_mm_create,
	.mm_kept = kept_has,
	.mm_destroy = seccomp_mm_destroy,
	.task_create = seccomp_task_create,
	.task_destroy = seccomp_task_destroy,
	.resume = seccomp_resume,
	.event = seccomp_event,
	.will_block = seccomp_will_block,
	.interrupt = seccomp_interrupt,
	.get_fp = seccomp_get_fp,
	.set_fp = seccomp_set_fp,
	.get_bases = seccomp_get_bases,
	.set_bases = seccomp_set_bases,
	.set_affinity = seccomp_set_affinity,
	.set_sched = seccomp_set_sched,
	.cpu_time = seccomp_cpu_time,
	.map = seccomp_map,
	.unmap = seccomp_unmap,
	.map_file = seccomp_map_file,
	.forget_file = seccomp_forget_file,
	.protect = seccomp_protect,
	.flush = seccomp_flush,
	.running = seccomp_running,
	.rewrite_thunk = seccomp_rewrite_thunk,
};

/* Every stub dies with the zygote's and umk's end by PR_SET_PDEATHSIG; this makes it prompt. */
static void seccomp_shutdown(void)
{
	for (unsigned i = 0; i < area_top; i++)
		if (by_area[i] && !by_area[i]->dead)
			zygote_kill(by_area[i]->pid, i);
	zygote_shutdown();
}

static void seccomp_stop_all(bool stop)
{
	for (unsigned i = 0; i < area_top; i++)
		if (by_area[i] && !by_area[i]->dead)
			kill(by_area[i]->pid, stop ? SIGSTOP : SIGCONT);
}

const struct backend seccomp_backend = {
	.ops = &seccomp_trap_ops,
	.init = seccomp_init,
	.ready = zygote_ready,
	.poll = seccomp_poll,
	.prepare_sleep = seccomp_prepare_sleep,
	.finish_sleep = seccomp_finish_sleep,
	.shutdown = seccomp_shutdown,
	.stop_all = seccomp_stop_all,
	.sleep_fd = &bell_fd,
	.wants_sigchld = true,
	.can_spin = true,
};
