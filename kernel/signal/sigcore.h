/* What the signal files share among themselves: signal.c, sigcalls.c, sigframe.c, fault.c, time.c. */
#ifndef UMK_KERNEL_SIGCORE_H
#define UMK_KERNEL_SIGCORE_H

#include "sched.h"

/* uapi has these as pointers to functions; the kernel keeps a guest's handler as a number. */
#define SIG_DFL_ADDR 0ul
#define SIG_IGN_ADDR 1ul

#define SIG_STOP_MASK (sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_CORE_MASK (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) | sigmask(SIGBUS) | \
	sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGXCPU) | sigmask(SIGXFSZ) | sigmask(SIGSYS))
#define SIG_IGNORE_MASK (sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define SIG_SYNC_MASK (sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGFPE) | \
	sigmask(SIGSYS))

#define NSEC_PER_TICK 10000000ull /* of clock_t: 100 a second */

static inline bool in_mask(int sig, ksigset_t mask) { return sigmask(sig) & mask; }

struct posix_timer;

/* ---- signal.c ---- */
void signal_wake_up(struct task *t, bool fatal);
int next_signal(const struct sigpending *p, ksigset_t blocked);
/* Takes the next deliverable signal off @t's or its process's queue: its number, 0 if there is none. */
int dequeue_signal(struct task *t, ksigset_t blocked, siginfo_t *info);
/* The same for what an instruction of @t caused: it goes before anything that came from outside, so that its frame
 * shows the fault. */
int dequeue_synchronous(struct task *t, siginfo_t *info);
/* Process-wide signals in @which will not be taken by @t any more: siblings that can take them are told. */
void retarget_shared(struct task *t, ksigset_t which);
/* Forgets every pending instance of the signals in @mask, in the process and all its threads. */
void drop_signals(struct signal_struct *s, ksigset_t mask);
void set_blocked(struct task *t, ksigset_t set);
void restore_saved_sigmask(struct task *t);
void force_siginfo(const siginfo_t *info, struct task *t);
/* An entry for the queue that a timer of current keeps: NULL: RLIMIT_SIGPENDING or no memory. */
struct sigqueue *sigqueue_alloc_timer(struct posix_timer *timer);
/* Off whatever queue it is on, and freed. */
void sigqueue_free_timer(struct sigqueue *q);
/* Queues @q, which is not queued, to thread @t or its process. False: the signal is ignored. */
bool send_sigqueue(struct sigqueue *q, struct task *t, bool group);

/* ---- posix_timer.c ---- */
/* The timer's signal has been taken off its queue: starts the next interval; *@info gets the overruns. @info NULL: it was
 * dropped. */
void posix_timer_taken(struct posix_timer *timer, siginfo_t *info);

/* ---- deliver.c ---- */
/* False, and a signal is forced, if the CPU would refuse to go on with t->regs. */
bool regs_loadable(struct task *t);

/* ---- sigcalls.c ---- */
/* sigaltstack(2) with the guest's stack pointer @sp: 0, -EPERM, -EINVAL, -ENOMEM. @new or @old may be NULL. */
int do_sigaltstack(struct task *t, const stack_t *new, stack_t *old, u64 sp);

/* ---- fault.c ---- */
/* With -v: one line about the signal that ends a process. */
void report_fatal_signal(struct task *t, const siginfo_t *info);

/* ---- itimer.c, cputimer.c ---- */
/* ITIMER_REAL's signal has been taken: starts the next interval. */
void itimer_real_rearm(struct signal_struct *s);
/* CPU time of a whole process, dead threads included, in ns. */
void process_times(const struct signal_struct *s, u64 *utime, u64 *stime);
u64 task_utime(const struct task *t);

#endif
