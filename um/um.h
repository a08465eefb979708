/* What the files of um/ share among themselves. The kernel never sees it.
 *
 * umk's host side is one kernel thread (the main thread) and a few helper threads (worker.c) that never touch the state
 * of the kernel or of a backend. Everything here is called on the kernel thread unless told otherwise. */
#ifndef UMK_UM_H
#define UMK_UM_H

#include <pthread.h>
#include <stdarg.h>
#include <sys/types.h>

#include "types.h"
#include "host.h"
#include "trap.h"

/* ---- the command line: options.c ---- */
enum trap_choice { TRAP_AUTO, TRAP_USE_SECCOMP, TRAP_USE_PTRACE };
struct um_config {
	struct umk_options kernel;  /* the part that the kernel sees */
	enum trap_choice trap;
	u64 mem;                    /* --mem in bytes, 0 if not given */
	const char *trace_path;     /* -o, or NULL: standard error */
	const char *pcap_path;      /* --pcap, or NULL */
	bool virtual_time;          /* --time=virtual */
	bool help, version;
};
/* Fills @cfg from the command line. 0, or -1 with one line of text (no newline) in @err. Strings are not copied;
 * cfg->kernel.envp is allocated. */
int options_parse(int argc, char **argv, char **envp, struct um_config *cfg, char *err, size_t err_size);
void options_help(void);

/* ---- messages: console.c ---- */
/* One line on standard error, "umk: " before and a newline after it. */
void um_message(const char *fmt, ...) __printf(1, 2);
/* The same, with -v only. */
void um_verbose(const char *fmt, ...) __printf(1, 2);
/* The same as um_message, then ends umk with @status (125: set-up). Restores the terminal, kills the stubs. */
void um_die(int status, const char *fmt, ...) __printf(2, 3) __noreturn;
/* All of it, as long as the host takes any: there is nobody to tell of an error. */
void um_write(int fd, const char *text, size_t size);
/* Why a backend's init failed, for the message that --trap=auto or --trap=X then gives; the last one stays. */
void um_reason(const char *fmt, ...) __printf(1, 2);
/* That text, or what @err (-errno) means if there is none. */
const char *um_reason_text(int err);
/* Flushes the trace, shuts the backend down, exits. main.c */
void um_exit(int status) __noreturn;

/* ---- physmem.c ---- */
extern int physmem_fd;      /* the memfd that is guest memory; sealed against resizing */
/* Gives guest memory and the kernel's objects back, at the very end: nobody touches them any more. */
void physmem_release(void);
void host_physmem_init(const struct um_config *cfg);
/* preadv2(2) with RWF_NOWAIT of up to @size bytes to @buf, guest memory or any other. Only for the kernel thread. Bytes, fewer than
 * asked for if the host has not more of them in memory, or -1 and errno. */
ssize_t physmem_pread_nowait(int fd, void *buf, u64 size, off_t offset);
/* A sealed memfd of @size bytes that may be mapped executable, CLOEXEC; or -errno. */
int um_memfd(const char *name, u64 size);
/* Raises the limits that umk itself needs; the old ones are in umk_options.rlimit. */
void limits_init(struct umk_options *opt);

/* ---- trap backends ---- */
struct backend {
	const struct trap_ops *ops;
	/* Starts the zygote and whatever else; fills what it knows of trap_layout. 0 or -errno after um_reason(). */
	int (*init)(void);
	/* Waits for what init has begun: guests can be made now. 0 or -errno after um_reason(). */
	int (*ready)(void);
	/* Takes the guest events that are there and makes trap_event_upcall() for each. True if there was any. This is
	 * called in the spinning loop: the case of nothing must be a few instructions. */
	bool (*poll)(void);
	/* Announces that the kernel is about to sleep and looks again: false if an event came meanwhile (then the
	 * announcement has been taken back). */
	bool (*prepare_sleep)(void);
	/* After the sleep: takes the announcement back. idle.c has emptied sleep_fd. */
	void (*finish_sleep)(void);
	/* Kills zygote and stubs; may be NULL. Called once, on the way out, possibly in the middle of anything. */
	void (*shutdown)(void);
	/* Stops (SIGSTOP) and continues all guest threads round a stop of umk itself; may be NULL. */
	void (*stop_all)(bool stop);
	const int *sleep_fd;  /* an eventfd that stubs ring while the kernel sleeps, valid after init; or NULL */
	bool wants_sigchld;   /* a SIGCHLD ends the sleep */
	/* poll() costs little when nothing is there, and an event can come without the host's help: spinning on it pays. */
	bool can_spin;
};
extern const struct backend ptrace_backend, seccomp_backend;
extern bool um_leaving;       /* umk ends: main.c */
extern const struct backend *backend; /* the chosen one: main.c */

/* ---- zygote_start.c ---- */
/* Begins the zygote's start, whatever backend it will be for, so that it goes on beside umk's. After host_physmem_init(). */
void zygote_early(void);
void zygote_shutdown(void);

/* ---- idle.c ---- */
void idle_init(void);           /* before the backend's init */
void idle_start(void);          /* when it is ready */
/* Descriptors of um/'s own in the epoll: @fn(@events) is called when one is ready. 0 or -errno. */
int idle_add_fd(int fd, u32 events, void (*fn)(u32 events));
int idle_epoll_fd(void);

/* ---- worker.c ---- */
/* Hands @req to a helper thread, which calls hostfile_perform(). */
void worker_submit(struct host_req *req);
/* Takes what helpers have finished, and makes host_complete_upcall() for each. True if there was any. */
bool worker_poll(void);
/* Is a request under way that will end by itself? */
bool worker_busy(void);
/* No helper has anything to do, so none touches the kernel's memory. */
bool workers_rest(void);
/* Announces that the kernel is about to sleep: false if a completion is there. */
bool worker_prepare_sleep(void);
void worker_finish_sleep(void);
bool worker_cancel(struct host_req *req);
extern int worker_fd;           /* eventfd, rung by helpers while the kernel sleeps */
extern u32 worker_pending;      /* completions are there (a hint, read without order) */
void worker_init(void);
/* True on a helper whose request has been cancelled; blocking calls go through worker_syscall(). */
long worker_syscall(long nr, long a, long b, long c, long d);

/* ---- hostfile.c ---- */
/* Does the request, blocking; called on helper threads and in place. Returns the result. */
/* hostsock.c, for helpers: wait as blocking calls do if @wait */
struct host_sock_msg;
long hostsock_connect(int fd, int to, bool wait);
long hostsock_send(int fd, struct host_sock_msg *m, bool wait);

long hostfile_perform(struct host_req *req);
void hostfile_init(void);
void hostfile_check_root(const char *dir); /* does not return if --root cannot be used */
void hostfile_watch_mounts(void);

/* ---- watch.c ---- */
/* The watched descriptor @fd of the epoll is ready. True if an upcall was made. */
bool watch_ready(int fd, u32 events);
/* Descriptors that are always ready and are watched: makes their upcalls. True if there was any. */
bool watch_poll_always(void);

/* ---- console.c ---- */
void console_first(void);       /* descriptors 0 to 2 exist; before anything opens a file */
void console_init(struct umk_options *opt);
void console_start(void);       /* after idle_init */
void console_signals_ready(u32 events);
/* Host signals that have arrived: makes the upcalls. True if there was any. */
bool console_poll_signals(void);
/* Restores the terminal's modes if a guest changed them. Async-signal-safe. */
void console_restore(void);
/* An ioctl that a guest makes on @fd: notes that it changes terminal modes. */
void console_note_ioctl(int fd, unsigned cmd);
extern bool console_closed[3];  /* the standard descriptors that were closed when umk was started */
/* The mask that umk's threads run with, and that zygote and stubs must not inherit unchanged. */
extern unsigned long long console_sigmask;
extern bool console_children; /* SIGCHLD has come; who reaps clears it first */
void console_add_signal(int signo); /* one more signal (SIGCHLD) that ends a sleep */

/* ---- trace.c ---- */
void trace_open(const char *path);
void capture_open(const char *path);
void trace_flush(void);

/* ---- clock.c ---- */
void clock_init(u64 seed, bool virtual);
u64 clock_real(void);           /* the host's CLOCK_MONOTONIC, ns, whatever time guests have */
extern bool clock_virtual;      /* --time=virtual */
void clock_advance(u64 to);     /* virtual HOST_MONOTONIC is @to, unless it is later already */

/* ---- cpu.c: which host CPU runs what ---- */
/* A guest's host thread, inside the backend's own struct. Zeroed by the owner before cpu_task_add(). */
struct cpu_task {
	pid_t tid;
	bool running;           /* between cpu_task_resumed() and cpu_task_parked() */
	u32 generation;         /* of the policy that was last applied */
	bool has_want;          /* the guest chose an affinity of its own: */
	u64 want[16];           /* host CPUs */
	int policy, nice;       /* the host's, as last set or inherited */
	unsigned seen_window;   /* cpu.c's last look at its CPU time, ns */
	u64 seen_cpu;
	struct cpu_task *next, **prev;
};
extern u32 cpu_generation;      /* counts the changes of policy */
extern unsigned cpu_running;    /* guest threads between resumed and parked */
extern unsigned cpu_events;     /* counts what guests had for the kernel */
extern u32 cpu_no_spin;         /* 1: whoever waits for another host thread sleeps at once */
extern unsigned cpu_guest_cpus; /* with more guest threads that run, it is crowded */
void cpu_init(void);
/* Before a backend's init: the policy for one that can spin, or cannot. Also when another was tried before. */
void cpu_choose(bool spin);
/* The host thread @tid exists, and runs where the policy of @generation said. */
void cpu_task_add(struct cpu_task *t, pid_t tid, u32 generation);
void cpu_task_del(struct cpu_task *t);
/* trap_ops.set_affinity: 0, or -EINVAL if no allowed CPU is left. */
int cpu_task_set_affinity(struct cpu_task *t, const u64 *mask, unsigned words);
/* @t was cloned from a thread of the same address space: the host gave it what that one has. */
void cpu_task_inherit(struct cpu_task *t, const struct cpu_task *creator);
/* trap_ops.set_sched: 0 or -errno. */
int cpu_task_set_sched(struct cpu_task *t, int policy, int nice);
/* The zygote, bound under the policy of @generation (0: not yet), is about to fork: binds it to the CPUs that guests have
 * now, which the child inherits. Returns the generation of that policy. */
u32 cpu_bind_zygote(pid_t pid, u32 generation);
/* A helper thread does not belong on the kernel's own CPU. */
void cpu_free_thread(pthread_t thread);
void cpu_task_apply(struct cpu_task *t);
void cpu_crowd(void);
void cpu_uncrowd(void);
/* Call in resume(), before the guest runs, and when its event was taken: a few instructions each. */
static inline void cpu_task_resumed(struct cpu_task *t)
{
	if (t->running)
		return;
	t->running = true;
	if (unlikely(t->generation != cpu_generation))
		cpu_task_apply(t);
	if (unlikely(++cpu_running > cpu_guest_cpus))
		cpu_crowd();
}
static inline void cpu_task_parked(struct cpu_task *t)
{
	if (!t->running)
		return;
	t->running = false;
	cpu_events++;
	if (unlikely(cpu_running-- == cpu_guest_cpus + 1))
		cpu_uncrowd();
}
/* The kernel has nothing to do, or has something again. */
void cpu_idle(bool begins);
/* A timer woke the kernel thread, or found it awake, @late ns after it was due: no wake-up costs more than the shortest of these. */
void cpu_woken(u64 late);
/* How long the kernel may spin now, ns: 0 where a spinner would take a CPU from runnable work. */
u64 cpu_spin_ns(void);
/* Time passes: may change the policy. Returns when it wants to be called again (HOST_MONOTONIC ns, or HOST_FOREVER). */
u64 cpu_tick(u64 now);

/* ---- probe.c: what the host forbids. NULL if it works, else a text that names the obstacle ---- */
const char *probe_seccomp(void);
const char *probe_ptrace(void);
const char *probe_memfd(int err);

/* ---- stack.c, unwind.c ---- */
void crash_init(void);          /* a fault in umk itself: message, backtrace, exit 125 */

#endif
