/* Signals inside the kernel. uapi's asm/signal.h and asm-generic/siginfo.h give the guest's structures. */
#ifndef UMK_KSIGNAL_H
#define UMK_KSIGNAL_H

#include "list.h"
#include "wait.h"
#include <asm/signal.h>
#include <asm/siginfo.h>

struct task;
#undef _NSIG
#define _NSIG 64
typedef u64 ksigset_t; /* bit n-1 is signal n: the guest's sigset_t of 8 bytes */
#define sigmask(n) (1ull << ((n) - 1))

/* The guest's struct sigaction (kernel ABI, 32 bytes). */
struct k_sigaction {
	u64 handler; /* SIG_DFL 0, SIG_IGN 1 */
	u64 flags;
	u64 restorer;
	ksigset_t mask;
};
struct sigqueue {
	struct list_head list;
	siginfo_t info;
	struct user_count *user; /* whose RLIMIT_SIGPENDING it counts against */
	struct posix_timer *timer; /* whose one signal it is: queued again and again, freed by the timer; or NULL */
};
struct sigpending {
	struct list_head queue;
	ksigset_t set;
};
struct sighand {
	u32 refs;
	struct k_sigaction action[_NSIG];
	struct wait_queue_head signalfd_wait; /* woken when a signal is queued */
};

#define SEND_SIG_NOINFO ((const siginfo_t *)0) /* from a user: SI_USER of current */
#define SEND_SIG_PRIV ((const siginfo_t *)1)   /* from the kernel: SI_KERNEL */
/* To one thread / to the thread group. 0 or -errno (-EAGAIN: queue limit). The caller has checked permission. */
int send_sig_task(int sig, const siginfo_t *info, struct task *t);
int send_sig_group(int sig, const siginfo_t *info, struct task *leader);
int send_sig_pgrp(int sig, const siginfo_t *info, int pgid);
/* kill(2) of a group: to those that current may signal. 0, -ESRCH, -EPERM. @pgid 0: all but init and current's own. */
int kill_many(int sig, const siginfo_t *info, int pgid);
/* A synchronous signal: cannot be blocked or ignored (then it kills). */
void force_sig_fault(int sig, int code, u64 addr, u64 trapno, u64 err);
void force_sig(int sig);
void force_fatal_sig(int sig); /* whatever the guest has set for it */
void sigset_changed(struct task *t); /* after a change of blocked or pending: recomputes t->sigpending */
/* Replaces the mask for ppoll, pselect, epoll_pwait, sigsuspend; it is restored on the way to the guest. */
int set_user_sigmask(const void __user *umask, size_t size);
void restore_saved_sigmask_unless(bool interrupted);

/* ---- for fork.c, exec.c, exit.c ---- */
struct signal_struct;
void sigpending_init(struct sigpending *p);
void sigpending_flush(struct sigpending *p);   /* drops what is queued */
struct sighand *sighand_alloc(void);           /* everything default; NULL: no memory */
struct sighand *sighand_copy(const struct sighand *old); /* fork without CLONE_SIGHAND */
struct sighand *sighand_get(struct sighand *h);
void sighand_put(struct sighand *h);
void sighand_clear(struct sighand *h);         /* CLONE_CLEAR_SIGHAND: handlers to default, SIG_IGN stays */
int sighand_unshare(struct task *t);           /* execve: 0 or -ENOMEM; before the point of no return */
void signals_exec(struct task *t);             /* execve: handlers to default, no alternate stack */
void signals_exit(struct task *t);             /* a thread ends: its queue is dropped, process-wide signals that it
                                                * would have taken go to siblings, a group stop no longer waits for it */
/* SIGKILL to every other thread of t's process (exit_group, execve). The number of live ones. */
unsigned zap_other_threads(struct task *t);
/* A stop that is complete: report to wait(2) unless signal->stop_reported; status is (stop_sig << 8) | 0x7f.
 * signal->continued: WCONTINUED has something to report (clear it when reported). */
bool group_stopped(const struct signal_struct *s);
/* SIGCHLD with CLD_STOPPED or CLD_CONTINUED to t's parent, and its wait queue. */
void notify_parent_cldstop(struct task *t, int why);
bool sig_task_ignored(const struct task *t, int sig);
bool has_pending_signals(const struct sigpending *p, ksigset_t blocked);
/* May current send @sig to @t? 0 or -EPERM (kill(2)). */
int kill_permission(const struct task *t, int sig);
/* SI_USER from current. */
void siginfo_user(siginfo_t *info, int sig, int code);
/* The default action of @sig: is it to be dumped with a core? */
bool sig_dumps_core(int sig);

/* ---- kernel/signal/sigframe.c ---- */
struct ksignal {
	int sig;
	struct k_sigaction action;
	siginfo_t info;
};
/* Builds the handler's frame on the guest's stack and points the registers at the handler. 0 or -EFAULT, with the
 * registers unchanged. @mask goes into the frame. */
int setup_rt_frame(struct task *t, const struct ksignal *ks, ksigset_t mask);
/* The alternate stack: is @sp on it? */
bool on_sig_stack(const struct task *t, u64 sp);

#endif
