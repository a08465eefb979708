/* The ptrace trap backend: PTRACE_SYSEMU. The plain reference, which works wherever ptrace does.
 *
 * A guest thread is a tracee that is seized in the zygote's child. Every stop is an event or is sorted out here. Memory
 * operations and thread creation are system calls that the tracee makes for us (ptrace_call.c); what its registers mean is in
 * ptrace_state.c. Nothing is shared with the guest but physmem.
 *
 * SYSEMU does not stop the three calls of the vsyscall page: a filter gives SIGSYS for them. Where the host has no seccomp
 * it serves them itself. */
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ptrace_parts.h"
#include "zygote.h"

#ifndef PTRACE_SYSEMU
#define PTRACE_SYSEMU 31
#endif
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif
#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE)
#define HASH 1024

static struct trap_task *hash[HASH];
static struct trap_task *notify_list, **notify_tail = &notify_list;

static struct trap_task *find_task(pid_t pid)
{
	struct trap_task *t;

	for (t = hash[(unsigned)pid % HASH]; t && t->pid != pid; t = t->hash_next)
		;
	return t;
}

/* The task that runs has its event in t->ev: the upcall follows at the next poll. */
static void park(struct trap_task *t)
{
	t->interrupt = false;
	if (t->running) {
		t->running = false;
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	if (!t->notify) {
		t->notify = true;
		t->next_notify = NULL;
		*notify_tail = t;
		notify_tail = &t->next_notify;
	}
}

static void unnotify(struct trap_task *t)
{
	struct trap_task **p;

	if (!t->notify)
		return;
	for (p = &notify_list; *p != t; p = &(*p)->next_notify)
		;
	*p = t->next_notify;
	if (notify_tail == &t->next_notify)
		notify_tail = p;
	t->notify = false;
}

static void report_death(struct trap_task *t)
{
	t->ev = (struct trap_event){ .kind = TRAP_DIED, .signo = t->death };
	park(t);
}

void tracee_died(struct trap_task *t, int status)
{
	t->dead = true;
	cpu_task_del(&t->cpu);
	t->death = WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;
	/* the kernel hears of a parked one, too: whatever it sleeps in, it ends */
	report_death(t);
}

/* ---- events ---- */

static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGTRAP;
}

static bool is_stop(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* The terminal's, and what else may be sent to a whole process group: umk's own business (see um/zygote_start.c). */
static bool is_ignored(int sig)
{
	switch (sig) {
	case SIGHUP: case SIGINT: case SIGQUIT: case SIGTERM: case SIGPIPE: case SIGALRM: case SIGUSR1: case SIGUSR2:
	case SIGVTALRM: case SIGPROF: case SIGIO: case SIGPWR: case SIGCONT: case SIGCHLD: case SIGWINCH: case SIGURG:
		return true;
	}
	return false;
}

static void report(struct trap_task *t, enum trap_event_kind kind)
{
	t->ev.kind = kind;
	if (t->running)
		tracee_to_pt_regs(t->regs, &t->user);
	park(t);
}

static void report_syscall(struct trap_task *t, u32 arch)
{
	t->ev = (struct trap_event){ .arch_i386 = arch == AUDIT_ARCH_I386 };
	t->user.rax = (unsigned long)-ENOSYS;
	t->fault_addr = t->fault_ip = 0;
	report(t, TRAP_SYSCALL);
}

/* Which of the two ways to make a call: the code segment does not tell, 64-bit code can make int $0x80 too. */
static u32 syscall_arch(const struct trap_task *t)
{
	struct __ptrace_syscall_info info = { .arch = AUDIT_ARCH_X86_64 };

	ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info);
	return info.arch;
}

/* The tracee has stopped with @status while its guest ran. True: it was an event, and the task is parked. False: it is to
 * run on with the signal *@deliver, or, when t->listening, is left as it is. */
static bool sort_out(struct trap_task *t, int status, int *deliver)
{
	int sig = WSTOPSIG(status), event = status >> 16;
	siginfo_t si;

	*deliver = 0;
	t->listening = false;
	if (sig == (SIGTRAP | 0x80)) {
		if (tracee_get_regs(t)) {
			report_syscall(t, syscall_arch(t));
			return true;
		}
		return false; /* killed meanwhile: the status follows */
	}
	if (event == PTRACE_EVENT_STOP) {
		if (t->interrupt) {
			if (!tracee_get_regs(t))
				return false;
			t->ev = (struct trap_event){ 0 };
			t->user.orig_rax = -1ul;
			report(t, TRAP_INTERRUPT);
			return true;
		}
		if (is_stop(sig))
			t->listening = true;
		return false;
	}
	if (event)
		return false;
	if (sig == SIGSYS && !ptrace(PTRACE_GETSIGINFO, t->pid, 0, &si) && si.si_code == SYS_SECCOMP && tracee_get_regs(t)) {
		t->user.orig_rax = (unsigned)si.si_syscall;
		report_syscall(t, si.si_arch);
		return true;
	}
	if (is_fault(sig) && !ptrace(PTRACE_GETSIGINFO, t->pid, 0, &si) && si.si_code > 0 && tracee_get_regs(t)) {
		t->ev = (struct trap_event){ .signo = sig, .code = si.si_code };
		t->ev.addr = sig == SIGSEGV && si.si_code == SI_KERNEL ? 0 : (u64)si.si_addr;
		tracee_guess_fault(t, &t->ev, t->user.rip);
		t->user.orig_rax = -1ul;
		report(t, TRAP_FAULT);
		return true;
	}
	if (!is_ignored(sig))
		*deliver = sig; /* a stop, or the end */
	return false;
}

static void run_on(struct trap_task *t, int sig)
{
	if (t->listening)
		ptrace(PTRACE_LISTEN, t->pid, 0, 0);
	else
		ptrace(PTRACE_SYSEMU, t->pid, 0, sig);
	/* If it has been killed meanwhile its status comes by waitpid. */
}

static void handle_status(struct trap_task *t, int status)
{
	int sig;

	if (!tracee_alive(status))
		tracee_died(t, status);
	else if (t->running && !sort_out(t, status, &sig))
		run_on(t, sig);
}

static bool ptrace_poll(void)
{
	struct trap_task *t;
	bool did = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		t = find_task(pid);
		if (t)
			handle_status(t, status);
		else if (!tracee_alive(status))
			zygote_child_died(pid, status);
		else /* a thread that came by itself */
			kill(pid, SIGKILL);
	}
	while ((t = notify_list)) {
		unnotify(t);
		trap_event_upcall(t->cookie);
		did = true;
	}
	return did;
}

static bool ptrace_prepare_sleep(void)
{
	zygote_pool_fill();
	/* SIGCHLD ends the sleep, also one that came before it. */
	return !notify_list;
}

static void ptrace_finish_sleep(void)
{
}

/* ---- ordering the guest about ---- */

static void ptrace_resume(struct trap_task *t, struct pt_regs *regs)
{
	struct trap_mm *mm = t->mm;
	int sig;

	t->regs = regs;
	if (!t->dead && mm->queue.n)
		tracee_do_queue(mm, t);
	if (t->dead) {
		report_death(t);
		return;
	}
	t->ev.kind = TRAP_NONE;
	t->listening = false;
	t->interrupt = false;
	tracee_from_pt_regs(&t->user, regs);
	t->running = true;
	mm->running++;
	cpu_task_resumed(&t->cpu);
	sig = t->stop_signal;
	t->stop_signal = 0;
	ptrace(PTRACE_SETREGS, t->pid, 0, &t->user);
	ptrace(PTRACE_SYSEMU, t->pid, 0, sig);
}

static const struct trap_event *ptrace_event(struct trap_task *t)
{
	return &t->ev;
}

static void ptrace_will_block(struct trap_task *t)
{
}

static void ptrace_interrupt(struct trap_task *t)
{
	if (!t->running || t->interrupt)
		return;
	t->interrupt = true;
	ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
}

/* Stops a running task, has it do what is queued, and lets it run on, unless what stopped it was an event. */
static void flush_by(struct trap_mm *mm, struct trap_task *t)
{
	int status, sig;
	bool was_parked;

	if (t->interrupt == false)
		ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
	tracee_wait(t->pid, &status);
	if (!tracee_alive(status)) {
		tracee_died(t, status);
		return;
	}
	was_parked = sort_out(t, status, &sig);
	if (!was_parked && !tracee_get_regs(t))
		return; /* killed: the next round of flush waits for its end */
	if (tracee_do_queue(mm, t) || was_parked)
		return;
	t->user.orig_rax = -1ul;
	ptrace(PTRACE_SETREGS, t->pid, 0, &t->user);
	/* It is no longer in the stop that could listen: job control's stop is made anew. */
	if (t->listening)
		sig = SIGSTOP;
	t->listening = false;
	run_on(t, sig);
}

static void ptrace_flush(struct trap_mm *mm)
{
	struct trap_task *t;

	while (mm->queue.n && mm->running) {
		for (t = mm->tasks; t && (t->running || t->dead); t = t->next_in_mm)
			;
		if (t) {
			tracee_do_queue(mm, t);
			continue;
		}
		for (t = mm->tasks; t && !t->running; t = t->next_in_mm)
			;
		if (!t)
			return;
		flush_by(mm, t);
	}
}

static unsigned ptrace_running(struct trap_mm *mm)
{
	return mm->running;
}

/* ---- life ---- */

static struct trap_task *new_task(struct trap_mm *mm, pid_t pid, unsigned area, void *cookie, u32 generation)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->mm = mm;
	t->pid = pid;
	t->area = area;
	t->cookie = cookie;
	t->next_in_mm = mm->tasks;
	mm->tasks = t;
	t->hash_next = hash[(unsigned)pid % HASH];
	hash[(unsigned)pid % HASH] = t;
	cpu_task_add(&t->cpu, pid, generation);
	return t;
}

static void forget(struct trap_task *t)
{
	struct trap_task **p;

	unnotify(t);
	for (p = &hash[(unsigned)t->pid % HASH]; *p && *p != t; p = &(*p)->hash_next)
		;
	if (*p)
		*p = t->hash_next;
	for (p = &t->mm->tasks; *p != t; p = &(*p)->next_in_mm)
		;
	*p = t->next_in_mm;
	if (t->running) {
		t->mm->running--;
		cpu_task_parked(&t->cpu);
	}
	if (!t->dead)
		cpu_task_del(&t->cpu);
	free(t);
}

/* A stopped thread never sees the guest again and is reaped when its SIGCHLD comes; one that runs may be storing into
 * guest memory: its end is waited for. */
static void ptrace_task_destroy(struct trap_task *t)
{
	int status;

	if (!t->dead) {
		if (t->running) {
			kill(t->pid, SIGKILL);
			do
				tracee_wait(t->pid, &status);
			while (tracee_alive(status));
			area_free(t->area);
		} else {
			zygote_kill(t->pid, t->area);
		}
	} else {
		area_free(t->area);
	}
	forget(t);
}

static void ptrace_mm_destroy(struct trap_mm *mm, u64 program)
{
	(void)program;
	while (mm->tasks)
		ptrace_task_destroy(mm->tasks);
	free(mm->queue.ops);
	free(mm);
}

/* Takes hold of a child of the zygote. 0, -EPERM..., or -ESRCH, -EAGAIN: it was killed. */
static int seize(struct trap_task *t)
{
	siginfo_t ended = { 0 };
	long result;
	int status;

	if (ptrace(PTRACE_SEIZE, t->pid, 0, OPTIONS)) {
		int err = -errno;

		/* What is dead already is refused as what is forbidden. */
		if (err == -EPERM && !waitid(P_PID, t->pid, &ended, WEXITED | WNOHANG | WNOWAIT | __WALL) && ended.si_pid)
			err = -ESRCH;
		return err;
	}
	ptrace(PTRACE_INTERRUPT, t->pid, 0, 0);
	do {
		tracee_wait(t->pid, &status);
		if (!tracee_alive(status)) {
			tracee_died(t, status);
			return -EAGAIN;
		}
	} while (status >> 16 != PTRACE_EVENT_STOP && !ptrace(PTRACE_CONT, t->pid, 0, 0));
	if (!tracee_get_regs(t))
		return -EAGAIN;
	t->user.fs_base = t->user.gs_base = 0;
	return tracee_call(t, &result, NULL, SYS_munmap, STUB_ZYGOTE, STUB_ZYGOTE_SIZE, 0, 0, 0, 0) ? -EAGAIN : 0;
}

/* One try of ptrace_mm_create: a child of the zygote, in our hands. 0, -EPERM..., or -ESRCH: that child was killed. */
static int take_child(struct trap_mm *mm, struct trap_task **first, void *cookie)
{
	unsigned area;
	pid_t pid;
	u32 generation;
	int err = zygote_child(&area, &pid, &generation);

	if (err)
		return err;
	*first = new_task(mm, pid, area, cookie, generation);
	if (!*first) {
		zygote_kill(pid, area);
		return -ENOMEM;
	}
	err = seize(*first);
	if (err)
		ptrace_task_destroy(*first);
	return !err || err == -EPERM ? err : -ESRCH;
}

static int ptrace_mm_create(struct trap_mm **out, struct trap_task **first, void *cookie, u64 program)
{
	struct trap_mm *mm = calloc(1, sizeof(*mm));
	int err = -ESRCH;

	(void)program; /* all are clean */
	if (!mm)
		return -ENOMEM;
	/* Children that were forked ahead may have been killed from outside. */
	for (int tries = 0; err == -ESRCH && tries < 4; tries++)
		err = take_child(mm, first, cookie);
	if (err) {
		ptrace_mm_destroy(mm, 0);
		return err == -ESRCH ? -EAGAIN : err;
	}
	*out = mm;
	return 0;
}

static int ptrace_task_create(struct trap_task **out, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	const long flags = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_PARENT;
	int area = area_alloc(), status;
	struct trap_task *t;
	pid_t pid = 0;
	long result;

	if (area < 0)
		return -EAGAIN;
	if (creator->dead || tracee_call(creator, &result, &pid, SYS_clone, flags, 0, 0, 0, 0, 0)) {
		if (pid) {
			zygote_kill(pid, (unsigned)area);
		} else {
			area_free((unsigned)area);
		}
		return -EAGAIN;
	}
	if (result < 0 || !pid) {
		area_free((unsigned)area);
		return result == -ENOMEM ? -ENOMEM : -EAGAIN;
	}
	/* Seized already, it stops before its first instruction. */
	tracee_wait(pid, &status);
	if (!tracee_alive(status)) {
		area_free((unsigned)area);
		return -EAGAIN;
	}
	t = new_task(mm, pid, (unsigned)area, cookie, creator->cpu.generation);
	if (!t) {
		zygote_kill(pid, (unsigned)area);
		return -ENOMEM;
	}
	if (!tracee_get_regs(t)) {
		ptrace_task_destroy(t);
		return -EAGAIN;
	}
	cpu_task_inherit(&t->cpu, &creator->cpu);
	t->user.fs_base = creator->user.fs_base;
	t->user.gs_base = creator->user.gs_base;
	*out = t;
	return 0;
}

/* ---- what else a thread has ---- */

static int ptrace_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->user.fs_base;
	*gs = t->user.gs_base;
	return t->dead ? -EIO : 0;
}

static int ptrace_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->user.fs_base = fs;
	t->user.gs_base = gs;
	return t->dead ? -EIO : 0;
}

static int ptrace_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return cpu_task_set_affinity(&t->cpu, mask, words);
}

static int ptrace_set_sched(struct trap_task *t, int policy, int nice)
{
	return cpu_task_set_sched(&t->cpu, policy, nice);
}

static u64 ptrace_cpu_time(struct trap_task *t)
{
	struct timespec ts;
	clockid_t clock;

	if (!t->dead && !clock_getcpuclockid(t->pid, &clock) && !clock_gettime(clock, &ts))
		t->cpu_time = (u64)ts.tv_sec * 1000000000ull + (u64)ts.tv_nsec;
	return t->cpu_time;
}

static const struct trap_ops ptrace_trap_ops = {
	.name = "ptrace",
	.mm_create = ptrace_mm_create,
	.mm_destroy = ptrace_mm_destroy,
	.task_create = ptrace_task_create,
	.task_destroy = ptrace_task_destroy,
	.resume = ptrace_resume,
	.event = ptrace_event,
	.will_block = ptrace_will_block,
	.interrupt = ptrace_interrupt,
	.get_fp = ptrace_get_fp,
	.set_fp = ptrace_set_fp,
	.get_bases = ptrace_get_bases,
	.set_bases = ptrace_set_bases,
	.set_affinity = ptrace_set_affinity,
	.set_sched = ptrace_set_sched,
	.cpu_time = ptrace_cpu_time,
	.map = ptrace_map,
	.unmap = ptrace_unmap,
	.protect = ptrace_protect,
	.flush = ptrace_flush,
	.running = ptrace_running,
};

/* ---- the backend ---- */

static void for_all(void (*fn)(struct trap_task *t, int sig), int sig)
{
	for (unsigned i = 0; i < HASH; i++)
		for (struct trap_task *t = hash[i]; t; t = t->hash_next)
			fn(t, sig);
}

static void send(struct trap_task *t, int sig)
{
	if (!t->dead)
		kill(t->pid, sig);
}

static void end(struct trap_task *t, int sig)
{
	(void)sig;
	if (!t->dead)
		zygote_kill(t->pid, t->area);
}

static void ptrace_shutdown(void)
{
	for_all(end, SIGKILL);
	zygote_shutdown();
}

static void hold(struct trap_task *t, int sig)
{
	if (t->running)
		send(t, sig);
}

/* Tracees that run guest code stop as any process does; those that are parked wait anyway. */
static void ptrace_stop_all(bool stop)
{
	for_all(hold, stop ? SIGSTOP : SIGCONT);
}

static int ptrace_init(void)
{
	const char *obstacle = probe_ptrace();

	if (obstacle) {
		um_reason("%s", obstacle);
		return -EPERM;
	}
	return zygote_start(false);
}

const struct backend ptrace_backend = {
	.ops = &ptrace_trap_ops,
	.init = ptrace_init,
	.ready = zygote_ready,
	.poll = ptrace_poll,
	.prepare_sleep = ptrace_prepare_sleep,
	.finish_sleep = ptrace_finish_sleep,
	.shutdown = ptrace_shutdown,
	.stop_all = ptrace_stop_all,
	.wants_sigchld = true,
};
