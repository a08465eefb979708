/* The seccomp trap backend: guests run free; their system calls come as SIGSYS, or through rewritten sites, as events in
 * frames of shared memory. No ptrace anywhere.
 *
 * Decides how events are found (bell bitmap, and one watched frame that need not ring), how memory operations travel
 * (carried by a reply, or done at once by a parked or interrupted thread), and when a thread counts as dead. Whatever is
 * read from a frame was written by a guest: it is copied once, then used. What stub code does is in um/stub/. */
#include <errno.h>
#include <linux/futex.h>
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
#define STUB_PATIENCE_NS 2000000000ull /* a stub that has not answered for so long is killed */
#define SPIN_NS 50000ull
#define GUEST_LOWEST 0x10000 /* nothing of a guest's lies below */

struct trap_task *by_area[STUB_MAX_AREAS];
static struct trap_task *notify_list;
static s32 watched = -1;
static unsigned kicks;      /* interrupted tasks that have not answered yet */
static u32 spin_rounds;
static int kick_timer = -1;
static int bell_fd = -1;    /* the doorbell: stubs write to it while the kernel sleeps */

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
}

static void futex_wake_word(u32 *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static u64 area_address(unsigned area)
{
	return STUB_AREAS + ((u64)area << STUB_AREA_SHIFT);
}

/* ---- the end of a thread ---- */

static void mark_dead(struct trap_task *t, int signo)
{
	if (t->dead)
		return;
	t->dead = true;
	t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = signo };
	if (t->mm->carrier == t)
		t->mm->carrier = NULL;
	if (t->kick_time) {
		t->kick_time = 0;
		kicks--;
	}
	if (t->running) {
		t->running = false;
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	/* the kernel hears of a parked one, too: whatever it sleeps in, it ends */
	if (!t->notify) {
		t->notify = true;
		t->next_notify = notify_list;
		notify_list = t;
	}
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
	area_frame(area)->spin = spin_rounds;
}

static void answer(struct stub_frame *f, u32 state)
{
	__atomic_exchange_n(&f->state, state, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&f->sleeping, __ATOMIC_ACQUIRE))
		futex_wake_word(&f->state);
}

/* ---- assisted wakes ----
 *
 * A thread that blocks spins on until it is known who runs next. If that one sleeps, the spinning thread is told to wake it,
 * on its way to sleep: that is a switch on the guests' CPU, where a wake from the kernel's would be an interrupt to it and
 * its way out of idleness. What a guest is told it may not do: before the kernel sleeps, and before the thread is told
 * anything else, the kernel repeats it. */

#define REST_POLLS 2u /* nobody runs next: the thread sleeps */

static struct trap_task *resting;
static unsigned rest_polls;
static struct trap_task *waker; /* has been told to wake the thread of area waker_peer */
static unsigned waker_peer;

static void rest_release(void)
{
	if (resting)
		WRITE_ONCE(resting->f->nospin, 1);
	resting = NULL;
}

static void waker_settle(void)
{
	struct stub_frame *f = area_frame(waker_peer);

	if (waker && __atomic_load_n(&f->sleeping, __ATOMIC_ACQUIRE))
		futex_wake_word(&f->state);
	waker = NULL;
}

void stub_rest_end(struct trap_task *t)
{
	if (resting == t)
		rest_release();
	if (waker == t)
		waker_settle();
}

void stub_rest(struct trap_task *t)
{
	if (resting != t)
		rest_release();
	rest_polls = 0;
	if (cpu_no_spin || __atomic_load_n(&t->f->sleeping, __ATOMIC_ACQUIRE))
		WRITE_ONCE(t->f->nospin, 1);
	else
		resting = t;
}

/* As answer(), for a guest that runs then. */
static void answer_guest(struct trap_task *t)
{
	struct trap_task *by = resting;
	struct stub_frame *f = t->f;

	__atomic_exchange_n(&f->state, STUB_REPLY, __ATOMIC_SEQ_CST);
	if (!__atomic_load_n(&f->sleeping, __ATOMIC_ACQUIRE))
		return;
	if (by) {
		waker_settle();
		resting = NULL;
		__atomic_exchange_n(&by->f->nospin, STUB_WAKE + t->area, __ATOMIC_SEQ_CST);
		if (!__atomic_load_n(&by->f->sleeping, __ATOMIC_ACQUIRE)) {
			waker = by;
			waker_peer = t->area;
			return;
		}
	}
	futex_wake_word(&f->state);
}

/* ---- waiting for a stub, bounded ---- */

/* Waits until the frame is POSTED. 0, or -EIO: the thread is dead now. */
static int wait_posted(struct trap_task *t)
{
	u64 start = 0;
	u32 state;

	for (u32 i = 0; (state = __atomic_load_n(&t->f->state, __ATOMIC_ACQUIRE)) != STUB_POSTED; i++) {
		if (t->dead)
			return -EIO;
		if (i < spin_rounds) {
			__builtin_ia32_pause();
			continue;
		}
		waker_settle();
		sched_yield();
		if (i % 64)
			continue;
		int status;

		if (waitpid(t->pid, &status, WNOHANG | __WALL) == t->pid) {
			mark_dead(t, WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL);
			return -EIO;
		}
		u64 now = now_ns();

		if (!start)
			start = now;
		else if (now - start > STUB_PATIENCE_NS) {
			stub_kill_and_reap(t);
			mark_dead(t, SIGKILL);
			return -EIO;
		} else if (now - start > 200000) {
			nanosleep(&(struct timespec){ 0, 50000 }, NULL);
		}
	}
	t->settled = true;
	return 0;
}

/* Copies the posted event of a running task into its trap_event and pt_regs. */
static void take_event(struct trap_task *t)
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
	if (unlikely(t->kick_time)) {
		t->kick_time = 0;
		kicks--;
	}
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

static bool collect(unsigned area)
{
	struct trap_task *t = by_area[area];

	if (!t || !t->running || __atomic_load_n(&t->f->state, __ATOMIC_ACQUIRE) != STUB_POSTED)
		return false;
	take_event(t);
	trap_event_upcall(t->cookie);
	return true;
}

static void reap_children(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		bool found = false;

		for (unsigned i = 0; i < STUB_MAX_AREAS && !found; i++) {
			struct trap_task *t = by_area[i];

			if (t && t->pid == pid) {
				if (t->spare)
					spare_died(t);
				else
					mark_dead(t, WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL);
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
	u64 now = now_ns();

	for (unsigned i = 0; i < STUB_MAX_AREAS; i++) {
		struct trap_task *t = by_area[i];

		if (t && t->kick_time && now - t->kick_time > STUB_PATIENCE_NS) {
			stub_kill_and_reap(t);
			mark_dead(t, SIGKILL);
		}
	}
}

static bool seccomp_poll(void)
{
	static u32 rounds;
	bool did = false;

	if (unlikely(!(++rounds & 0xfff))) {
		reap_children();
		waker_settle();
	}
	if (unlikely(resting != NULL) && ++rest_polls > REST_POLLS)
		rest_release();
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
	reap_children();
}

static bool seccomp_prepare_sleep(void)
{
	reap_if_told();
	if (kicks)
		check_kicks();
	zygote_pool_fill();
	rest_release();
	waker_settle();
	__atomic_exchange_n(&stub_ctl->kernel_sleeping, 1, __ATOMIC_SEQ_CST);
	if (READ_ONCE(stub_ctl->summary) || notify_list ||
	    (watched >= 0 && by_area[watched] && by_area[watched]->running &&
	     __atomic_load_n(&by_area[watched]->f->state, __ATOMIC_ACQUIRE) == STUB_POSTED)) {
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
	if (old >= 0 && by_area[old] && by_area[old]->running &&
	    __atomic_load_n(&by_area[old]->f->state, __ATOMIC_ACQUIRE) == STUB_POSTED) {
		__atomic_fetch_or(&stub_ctl->bell[old / 64], 1ull << old % 64, __ATOMIC_SEQ_CST);
		__atomic_fetch_or(&stub_ctl->summary, 1ull << old / 64, __ATOMIC_SEQ_CST);
	}
}

/* ---- operations ---- */

/* Has a PARKED task do @n operations now. 0, or -EIO: it died. */
static int work(struct trap_task *t, const struct stub_op *ops, unsigned n)
{
	struct stub_frame *f = t->f;
	int err;

	stub_rest_end(t);
	err = wait_posted(t);
	if (err)
		return err;
	memcpy(f->ops, ops, n * sizeof(*ops));
	f->nops = n;
	f->result = 0;
	answer(f, STUB_WORK);
	return wait_posted(t);
}

/* Waits until the operations that another task carries are done, so that orders keep their order. */
static void wait_carrier(struct trap_mm *mm)
{
	struct trap_task *t = mm->carrier;
	u64 start = 0;

	if (!t)
		return;
	for (u32 i = 0; __atomic_load_n(&t->f->nops, __ATOMIC_ACQUIRE) && !t->dead; i++) {
		if (i < spin_rounds) {
			__builtin_ia32_pause();
			continue;
		}
		waker_settle();
		sched_yield();
		if (i % 64)
			continue;
		reap_children();
		u64 now = now_ns();

		if (!start)
			start = now;
		else if (now - start > STUB_PATIENCE_NS && !t->dead) {
			stub_kill_and_reap(t);
			mark_dead(t, SIGKILL);
		}
	}
	mm->carrier = NULL;
}

static void work_queue(struct trap_mm *mm, struct trap_task *t)
{
	unsigned done = 0;

	wait_carrier(mm);
	while (done < mm->nops) {
		unsigned n = min(mm->nops - done, (unsigned)STUB_MAX_OPS);

		if (work(t, mm->queue + done, n))
			break;
		done += n;
	}
	mm->nops = 0;
}

static struct stub_op *queue_op(struct trap_mm *mm)
{
	if (mm->nops == mm->cap) {
		unsigned cap = mm->cap ? 2 * mm->cap : 64;
		struct stub_op *q = realloc(mm->queue, cap * sizeof(*q));

		if (!q)
			um_die(125, "out of memory for memory operations");
		mm->queue = q;
		mm->cap = cap;
	}
	return &mm->queue[mm->nops++];
}

static void queue_map(struct trap_mm *mm, u64 addr, u64 size, u32 prot, u64 phys)
{
	struct stub_op *last = mm->nops ? &mm->queue[mm->nops - 1] : NULL;

	if (last && last->kind == STUB_OP_MAP && last->prot == prot && last->addr + last->size == addr &&
	    last->phys + last->size == phys) {
		last->size += size;
		return;
	}
	*queue_op(mm) = (struct stub_op){ .kind = STUB_OP_MAP, .prot = prot, .addr = addr, .size = size, .phys = phys };
}

static void queue_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	struct stub_op *last = mm->nops ? &mm->queue[mm->nops - 1] : NULL;

	if (last && last->kind == STUB_OP_UNMAP && last->addr + last->size == addr) {
		last->size += size;
		return;
	}
	*queue_op(mm) = (struct stub_op){ .kind = STUB_OP_UNMAP, .addr = addr, .size = size };
}

static void seccomp_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	if (mm->shown)
		shown_map(mm->shown, addr, addr + size, phys, (u32)prot, populate);
	if (!mm->before)
		queue_map(mm, addr, size, (u32)prot | (populate ? STUB_OP_POPULATE : 0), phys);
}

bool stub_begin_anew(struct trap_mm *mm)
{
	if (!mm->shown)
		return false;
	if (!mm->before) {
		struct shown *record = malloc(sizeof(*record));

		if (!record)
			return false;
		mm->before = mm->shown;
		mm->shown = record;
	}
	mm->shown->count = 0;
	mm->nops = 0;
	return true;
}

static void seccomp_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	if (addr <= GUEST_LOWEST && addr + size >= STUB_BASE && !mm->running && stub_begin_anew(mm))
		return; /* execve */
	if (mm->shown)
		shown_forget(mm->shown, addr, addr + size);
	if (!mm->before)
		queue_unmap(mm, addr, size);
}

static void seccomp_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	if (mm->shown)
		shown_protect(mm->shown, addr, addr + size, (u32)prot);
	if (!mm->before)
		*queue_op(mm) = (struct stub_op){ .kind = STUB_OP_PROTECT, .prot = (u32)prot, .addr = addr, .size = size };
}

static void change_map(void *arg, const struct shown_run *run)
{
	queue_map(arg, run->addr, run->end - run->addr, run->prot | (run->populate ? STUB_OP_POPULATE : 0), run->phys);
}

static void change_unmap(void *arg, u64 addr, u64 end)
{
	queue_unmap(arg, addr, end - addr);
}

/* A process that had another program is about to run its new one: queues what makes it fit. */
static void adopt(struct trap_mm *mm)
{
	*queue_op(mm) = (struct stub_op){ .kind = STUB_OP_RESET };
	shown_change(mm->before, mm->shown, STUB_BASE, mm, change_map, change_unmap);
	free(mm->before);
	mm->before = NULL;
}

static void kick_timer_due(u32 events)
{
	u64 count;

	(void)events;
	if (read(kick_timer, &count, sizeof(count)) == sizeof(count) && kicks)
		check_kicks();
}

static void kick(struct trap_task *t)
{
	if (t->kick_time)
		return;
	if (!kicks) /* so that even a sleeping kernel sees that there is no answer */
		timerfd_settime(kick_timer, 0, &(struct itimerspec){ .it_value.tv_sec = 3 }, NULL);
	t->kick_time = now_ns();
	kicks++;
	__atomic_exchange_n(&t->f->kick, 1, __ATOMIC_SEQ_CST);
	kill(t->pid, STUB_SIG_KICK);
}

static void seccomp_flush(struct trap_mm *mm)
{
	struct trap_task *t;

	if ((!mm->nops && !mm->carrier) || !mm->running)
		return;
	if (!mm->nops) {
		wait_carrier(mm);
		return;
	}
	for (t = mm->tasks; t; t = t->next_in_mm)
		if (!t->running && !t->dead)
			break;
	if (!t) { /* all of them run guest code: stop one; its event is told later */
		for (t = mm->tasks; t && t->dead; t = t->next_in_mm)
			;
		if (!t) {
			mm->nops = 0;
			return;
		}
		kick(t);
		if (wait_posted(t)) {
			seccomp_flush(mm);
			return;
		}
		take_event(t);
		t->notify = true;
		t->next_notify = notify_list;
		notify_list = t;
	}
	work_queue(mm, t);
}

/* ---- life ---- */

static struct trap_task *new_task(struct trap_mm *mm, unsigned area, pid_t pid, void *cookie)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->mm = mm;
	t->f = area_frame(area);
	t->area = area;
	t->pid = pid;
	t->cookie = cookie;
	t->next_in_mm = mm->tasks;
	mm->tasks = t;
	by_area[area] = t;
	return t;
}

static int seccomp_mm_create(struct trap_mm **out, struct trap_task **first, void *cookie, u64 program)
{
	struct trap_mm *mm = kept_take(program, cookie);
	u32 generation;
	unsigned area;
	pid_t pid;
	int err;

	if (mm) {
		*first = mm->tasks;
		*out = mm;
		return 0;
	}
	mm = calloc(1, sizeof(*mm));
	if (!mm)
		return -ENOMEM;
	err = zygote_child(&area, &pid, &generation);
	if (err && spare_spend_all())
		err = zygote_child(&area, &pid, &generation);
	if (err) {
		free(mm);
		return err;
	}
	mm->shown = calloc(1, sizeof(*mm->shown));
	*first = new_task(mm, area, pid, cookie);
	if (!*first) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		area_free(area);
		stub_mm_free(mm);
		return -ENOMEM;
	}
	stub_prepare_area(area);
	*out = mm;
	cpu_task_add(&(*first)->cpu, pid, generation);
	return 0;
}

static void seccomp_mm_destroy(struct trap_mm *mm, u64 program)
{
	while (mm->tasks)
		trap->task_destroy(mm->tasks);
	kept_add(mm, program);
}

/* The new thread's id, or -errno. */
static pid_t clone_by(struct trap_task *creator, const struct stub_op *op)
{
	struct stub_frame *f = creator->f;
	pid_t pid;

	stub_rest_end(creator);
	if (wait_posted(creator))
		return -EAGAIN;
	f->ops[0] = *op;
	f->nops = 1;
	f->result = 0;
	answer(f, STUB_WORK);
	pid = zygote_new_thread(creator->pid, f);
	if (pid == -EIO && !creator->dead) {
		stub_kill_and_reap(creator);
		mark_dead(creator, SIGKILL);
	}
	if (wait_posted(creator) && pid > 0) {
		kill(pid, SIGKILL);
		zygote_reap_later(pid, ZYGOTE_NO_AREA);
		return -EAGAIN;
	}
	return pid;
}

static int seccomp_task_create(struct trap_task **out, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	struct stub_op op = { .kind = STUB_OP_CLONE };
	struct trap_task *t = spare_take(mm, creator, cookie);
	pid_t pid;
	int area;

	if (t) {
		*out = t;
		return 0;
	}
	area = area_alloc();
	if (area < 0 && spare_spend_all())
		area = area_alloc();
	if (area < 0)
		return area;
	stub_prepare_area((unsigned)area);
	op.addr = (u64)area;
	if (mm->nops) /* in order: the clone does not pass earlier operations */
		work_queue(mm, creator);
	pid = clone_by(creator, &op);
	if (pid < 0) {
		area_free((unsigned)area);
		return pid == -ENOMEM ? -ENOMEM : -EAGAIN;
	}
	t = new_task(mm, (unsigned)area, pid, cookie);
	if (!t) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		area_free((unsigned)area);
		return -ENOMEM;
	}
	*out = t;
	cpu_task_add(&t->cpu, pid, creator->cpu.generation);
	cpu_task_inherit(&t->cpu, &creator->cpu);
	return 0;
}

static void unlink_task(struct trap_task *t)
{
	struct trap_task **p;

	if (t->running)
		t->mm->running--;
	if (t->kick_time)
		kicks--;
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

/* A parked thread sits in stub code and will not run guest code again: it stays as a spare, or is reaped when its SIGCHLD comes,
 * and its area stays taken until then. A running one may be storing into guest memory: wait for its end. */
static void seccomp_task_destroy(struct trap_task *t)
{
	unlink_task(t);
	if (spare_make(t))
		return;
	by_area[t->area] = NULL;
	if (t->dead) {
		area_free(t->area);
	} else if (t->running) {
		stub_kill_and_reap(t);
		area_free(t->area);
	} else {
		kill(t->pid, SIGKILL);
		zygote_reap_later(t->pid, t->area);
	}
	free(t);
}

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
	if (unlikely(!t->settled) && wait_posted(t) == 0)
		t->settled = true;
	if (unlikely(resting == t || waker == t))
		stub_rest_end(t);
	if (unlikely(t->dead)) {
		t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = t->ev.signo ? t->ev.signo : SIGKILL };
		if (!t->notify) {
			t->notify = true;
			t->next_notify = notify_list;
			notify_list = t;
		}
		return;
	}
	if (unlikely(mm->before))
		adopt(mm);
	if (unlikely(mm->nops || mm->carrier)) {
		if (mm->carrier != t)
			wait_carrier(mm);
		if (mm->nops > STUB_MAX_OPS - 2)
			work_queue(mm, t);
		n = mm->nops;
		memcpy(f->ops, mm->queue, n * sizeof(*f->ops));
		mm->nops = 0;
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
	f->nospin = cpu_no_spin;
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
		kick(t);
}

static int seccomp_get_fp(struct trap_task *t, void *xsave)
{
	struct stub_op op = { .kind = STUB_OP_SAVE_FP };
	int err;

	if (t->load_fp) { /* set and not yet loaded */
		memcpy(xsave, (u8 *)t->f + AREA_XSAVE, trap_layout.xsave_size);
		return 0;
	}
	err = work(t, &op, 1);
	if (!err)
		memcpy(xsave, (u8 *)t->f + AREA_XSAVE, trap_layout.xsave_size);
	return err;
}

static int seccomp_set_fp(struct trap_task *t, const void *xsave)
{
	int err = wait_posted(t);

	if (err)
		return err;
	memcpy((u8 *)t->f + AREA_XSAVE, xsave, trap_layout.xsave_size);
	t->load_fp = true;
	return 0;
}

static int seccomp_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->fs;
	*gs = t->gs;
	return t->dead ? -EIO : 0;
}

static int seccomp_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->fs = fs;
	t->gs = gs;
	t->load_bases = true;
	return t->dead ? -EIO : 0;
}

static int seccomp_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return cpu_task_set_affinity(&t->cpu, mask, words);
}

static int seccomp_set_sched(struct trap_task *t, int policy, int nice)
{
	return cpu_task_set_sched(&t->cpu, policy, nice);
}

static u64 seccomp_cpu_time(struct trap_task *t)
{
	u64 time = t->dead ? 0 : stub_cpu_time(t->pid);

	return time > t->cpu_base ? time - t->cpu_base : 0;
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
	u64 start, ns;

	if (host_info.cpus < 2)
		return 0;
	start = now_ns();
	for (int i = 0; i < 2000; i++)
		__builtin_ia32_pause();
	ns = now_ns() - start;
	return (u32)(SPIN_NS * 2000 / (ns ? ns : 1));
}

static bool knows(pid_t pid)
{
	for (unsigned i = 0; i < STUB_MAX_AREAS; i++)
		if (by_area[i] && by_area[i]->pid == pid)
			return true;
	return false;
}

static int seccomp_init(void)
{
	int err;

	spin_rounds = calibrate_spin();
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
	.protect = seccomp_protect,
	.flush = seccomp_flush,
	.running = seccomp_running,
	.rewrite_thunk = seccomp_rewrite_thunk,
};

/* Every stub dies with the zygote's and umk's end by PR_SET_PDEATHSIG; this makes it prompt. */
static void seccomp_shutdown(void)
{
	for (unsigned i = 0; i < STUB_MAX_AREAS; i++)
		if (by_area[i])
			kill(by_area[i]->pid, SIGKILL);
	zygote_shutdown();
}

static void seccomp_stop_all(bool stop)
{
	for (unsigned i = 0; i < STUB_MAX_AREAS; i++)
		if (by_area[i])
			kill(by_area[i]->pid, stop ? SIGSTOP : SIGCONT);
}

const struct backend seccomp_backend = {
	.ops = &seccomp_trap_ops,
	.init = seccomp_init,
	.poll = seccomp_poll,
	.prepare_sleep = seccomp_prepare_sleep,
	.finish_sleep = seccomp_finish_sleep,
	.shutdown = seccomp_shutdown,
	.stop_all = seccomp_stop_all,
	.sleep_fd = &bell_fd,
	.wants_sigchld = true,
	.can_spin = true,
};
