/* Starting points of the kernel's parts that other parts call, where a header of their own would hold one line. */
#ifndef UMK_KERNEL_H
#define UMK_KERNEL_H

#include "types.h"

struct task;
struct signal_struct;
struct pt_regs;
struct mm;
struct file;

/* kernel/exec.c: replaces current's program. @path is guest-visible; argv/envp are kernel arrays, NULL-ended. */
int kernel_execve(const char *path, char *const *argv, char *const *envp);
/* kernel/rewrite.c: after a trapped call from @regs->ip; may rewrite the site. Never sleeps. */
void rewrite_consider(struct pt_regs *regs);
/* Turns an interrupted ip inside a thunk back to the site; also fills regs for event.site. */
void rewrite_fix_interrupt(struct mm *mm, struct pt_regs *regs);
/* The site @index (event.site - 1) of the table: its number and return address into regs. False if there is none. */
bool rewrite_site_regs(struct mm *mm, u32 index, struct pt_regs *regs);
/* [addr] of @mm has just been mapped: private, executable, of a file. Shows it with the sites rewritten that other programs
 * have met. May sleep. */
void rewrite_attach(struct mm *mm, u64 addr);
/* @mm is about to fork: text whose sites were rewritten one by one becomes one image. May sleep. */
void rewrite_upgrade(struct mm *mm);
/* A mapping goes away; and all, at umk's end. */
struct address_space;
void rewrite_drop_images(struct address_space *mapping);
void rewrite_mm_exit(struct mm *mm);
int rewrite_mm_copy(struct mm *child, struct mm *parent);
void rewrite_exit(void); /* at the end of umk: the table of sites */
/* [start,end) is being unmapped or becomes writable: forget and undo the sites in it. */
void rewrite_forget(struct mm *mm, u64 start, u64 end);

/* kernel/trace.c (--strace) */
int trace_set_expr(void); /* --strace=EXPR: 0, or -EINVAL after a message */
void trace_syscall_enter(struct task *t);
void trace_syscall_exit(struct task *t);
void trace_signal(struct task *t, int sig, const void *siginfo);
/* A signal that is ignored where it was sent: strace's tracees see those, too. */
void trace_signal_ignored(struct task *t, const void *siginfo);
void trace_exit(struct task *t, int code);

/* kernel/signal/deliver.c, called by the entry loop before the guest runs on: delivers signals, handles restarts. */
void exit_to_guest_work(struct task *t);
/* Resolves TRAP_FAULT: memory faults, or a forced signal. */
void handle_guest_fault(struct task *t);

/* Called by the life of a task (kernel/fork.c, exec.c, exit.c). */
void exit_itimers(struct signal_struct *sig);  /* kernel/time/itimer.c: the process's last thread ends */
struct seq;
void posix_timers_show(struct seq *s, const struct signal_struct *sig); /* /proc/PID/timers */
void exec_posix_timers(struct signal_struct *sig); /* POSIX timers do not survive execve; ITIMER_REAL does */
void exit_robust_list(struct task *t);         /* kernel/futex/robust.c: mm still there; t is current */
/* Wakes at most @nr waiters on the private or shared futex word @uaddr of current's mm; the number woken or -errno. */
long futex_wake_user(u64 uaddr, int nr);

/* kernel/entry.c: the loop of every task on its kernel stack. Argument unused. */
void task_loop(void *unused);

/* kernel/fs/aio.c: @mm ends, and its contexts with it. */
void aio_exit_mm(struct mm *mm);

/* net/ */
void net_init(void);
void net_exit(void); /* at the end of umk: what is only cached */

#endif
