/* Tasks and the scheduler. One kernel thread: a task runs kernel code until it sleeps, so kernel data needs no locks;
 * anything may have changed after a call that may sleep. */
#ifndef UMK_SCHED_H
#define UMK_SCHED_H

#include "types.h"
#include "kerrno.h"
#include "list.h"
#include "ptrace.h"
#include "wait.h"
#include "ktime.h"
#include "ksignal.h"

struct mm;
struct files_struct;
struct fs_struct;
struct trap_task;
struct tty;
struct pid_entry;
struct user_count;
struct pid_handle;
struct io_context;
struct sem_undo_list;
struct held_lock;
struct futex_pi;
struct core_state;

enum task_state {
	TASK_RUNNING,         /* on the run queue or current */
	TASK_INTERRUPTIBLE,
	TASK_UNINTERRUPTIBLE,
	TASK_KILLABLE,        /* only SIGKILL interrupts */
	TASK_GUEST,           /* its guest runs on the host; the next trap event makes it runnable */
	TASK_STOPPED,
	TASK_ZOMBIE,          /* exited, not yet waited for; has no stack */
	TASK_DEAD,
};

struct cred {
	u32 refs;
	u32 uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	u32 ngroups;
	u32 *groups; /* kmalloc'd, sorted */
	u64 cap_permitted, cap_effective, cap_inheritable, cap_bset, cap_ambient;
	u32 securebits;
	bool no_new_privs;
};

struct rlimit64_k { u64 cur, max; };

/* What read and write calls have moved, and what of it came from host files, made pages of theirs dirty or was dropped again
 * before it was written: /proc/PID/io. */
struct task_io { u64 rchar, wchar, syscr, syscw, read_bytes, write_bytes, cancelled_write_bytes; };
static inline void task_io_add(struct task_io *sum, const struct task_io *io)
{
	sum->rchar += io->rchar;
	sum->wchar += io->wchar;
	sum->syscr += io->syscr;
	sum->syscw += io->syscw;
	sum->read_bytes += io->read_bytes;
	sum->write_bytes += io->write_bytes;
	sum->cancelled_write_bytes += io->cancelled_write_bytes;
}

/* What the threads of one process share. */
struct signal_struct {
	u32 refs;               /* threads, zombies included */
	u32 live;               /* threads that have not exited */
	struct list_head threads; /* task.thread_node */
	struct task *leader;
	struct sigpending shared_pending;
	struct wait_queue_head wait_chldexit;
	int group_exit_code;
	bool group_exit;        /* every thread is to exit with group_exit_code */
	struct core_state *core; /* coredump.c: the process is being dumped, or NULL */
	struct task *exec_task; /* execve waits for the others to end */
	int stop_sig;           /* stopped by this signal, or 0 */
	u32 stop_pending;       /* threads that have still to stop; the stop is complete when it is 0 */
	bool continued;         /* SIGCONT ended a stop and no wait has reported it */
	bool stop_reported, cont_reported; /* waits have seen it */
	int pgid, sid;
	struct list_head pgrp_node;
	struct tty *tty;        /* controlling terminal (a reference) or NULL: kernel/tty/jobctrl.c's */
	int tty_old_pgrp;       /* leader: the foreground group of the terminal that it lost; pid_hold() */
	bool has_execed;
	bool child_subreaper;
	u64 start_time;         /* ktime */
	u64 cutime, cstime, utime_dead, stime_dead; /* ns: waited-for children; exited threads */
	u64 min_flt, maj_flt, cmin_flt, cmaj_flt, maxrss, cmaxrss; /* maxrss in pages */
	u64 nvcsw, nivcsw, cnvcsw, cnivcsw; /* of exited threads; of waited-for children */
	struct task_io io_dead; /* of threads that have ended and of children that were waited for */
	u64 cinblock, coublock; /* bytes of the latter's, for rusage */
	s16 oom_score_adj, oom_score_adj_min; /* /proc/PID/oom_score_adj; how low it may go without CAP_SYS_RESOURCE */
	struct rlimit64_k rlim[16];
	struct ktimer real_timer; u64 real_interval, real_expires; /* ITIMER_REAL */
	struct ktimer cpu_timer; /* cputimer.c's */
	struct cpu_itimer { u64 expires, interval; } cpu_itimer[2]; /* ITIMER_VIRTUAL, ITIMER_PROF: ns of CPU time */
	struct list_head cpu_alarms;   /* cputimer.c: struct cpu_alarm on this process's clocks, anybody's */
	struct list_head posix_timers; /* posix_timer.c: struct posix_timer */
	int next_timer_id;
};

enum restart_kind { RESTART_NONE, RESTART_NANOSLEEP, RESTART_POLL, RESTART_FUTEX };
struct restart_block {
	enum restart_kind kind;
	u64 deadline;           /* ktime ns */
	u64 arg[6];
	long (*fn)(struct restart_block *rb); /* what restart_syscall(2) calls, unless kind is RESTART_NONE or _POLL */
};
long poll_restart(struct restart_block *rb); /* kernel/fs/select.c */

/* PR_SET_SYSCALL_USER_DISPATCH: kernel/userdispatch.c's. */
struct user_dispatch {
	bool on;
	u64 start, len;         /* calls from here are made */
	u64 selector;           /* guest address of the byte that lets them through, or 0 */
};

struct task {
	/* scheduler's */
	enum task_state state;
	struct list_head run_node;
	void *stack; size_t stack_size;
	void *ksp;              /* saved stack pointer while switched out */
	void *fiber;            /* sanitizer's */
	struct held_lock *held_locks; /* oops.c's: what it must give back if it fails */
	bool oopsed;            /* its struct stays when it is reaped */
	bool timed_out;
	struct ktimer sleep_timer;

	/* the guest's registers; belongs to the trap backend while state is TASK_GUEST */
	struct pt_regs regs;
	struct trap_task *tt;   /* NULL once exited */

	/* identity */
	int pid, tgid;
	char comm[16];
	struct task *parent, *real_parent;    /* leaders */
	struct task *made_by;                 /* leaders: the live thread of real_parent's process whose child it is */
	struct list_head children, sibling;   /* leaders only: by real_parent */
	struct pid_handle *handle;            /* pidfd.c's; NULL until somebody asks for it */
	struct list_head thread_node;
	struct list_head task_node;           /* all tasks */
	int exit_signal;        /* -1 for a non-leader thread */
	int exit_code;          /* wait status */
	struct signal_struct *signal;
	struct sighand *sighand;
	struct mm *mm;          /* NULL once exited */
	struct files_struct *files;
	struct fs_struct *fs;
	struct cred *cred;
	struct user_count *user; /* counted there for RLIMIT_NPROC from fork to release */
	bool nproc_exceeded;    /* a set*id call went over RLIMIT_NPROC: execve looks again */

	/* signals */
	ksigset_t blocked, saved_sigmask;
	bool restore_sigmask;
	struct sigpending pending;
	bool sigpending;        /* a deliverable signal, a group exit or stop waits: the "TIF_SIGPENDING" */
	u64 sas_sp, sas_size; u32 sas_flags;
	struct restart_block restart;
	u64 trap_nr, trap_err, cr2; /* of the last fault: for signal frames */
	bool stopping;          /* counted in signal->stop_pending */
	bool exiting;           /* in do_exit: takes no more process-wide signals */
	ksigset_t real_blocked; /* the mask proper while sigtimedwait lets its signals wake it */

	/* calls */
	u64 clear_child_tid, set_child_tid;
	u64 robust_list; 
	void *vfork_done;       /* the parent's struct completion, or NULL */
	int in_syscall;         /* number being executed, -1 otherwise */
	u64 utime, stime;       /* ns */
	u64 stime_cycles;       /* sched.c's: not yet in stime */
	u64 min_flt, maj_flt, nvcsw, nivcsw;
	struct task_io io_count;
	u64 start_time;
	u32 personality, pdeath_signal;
	u32 loginuid, sessionid; /* /proc/PID/loginuid and sessionid: who has logged in, and which login that was; ~0: nobody */
	u64 timer_slack, default_timer_slack; /* ns */
	int nice;
	int sched_policy;       /* SCHED_*; and what it needs, kernel/sched/schedcalls.c's: */
	bool sched_reset_on_fork;
	u32 rt_priority;        /* 1 to 99 for SCHED_FIFO and SCHED_RR, else 0 */
	u64 dl_runtime, dl_deadline, dl_period, dl_flags; /* SCHED_DEADLINE */
	u64 sched_slice;        /* ns that it asked for, or 0 */
	struct io_context *io;  /* kernel/sched/ioprio.c's, or NULL */
	u8 mce_kill;            /* PR_MCE_KILL: PR_MCE_KILL_DEFAULT and so on */
	bool io_flusher;        /* PR_SET_IO_FLUSHER */
	struct user_dispatch dispatch;
	struct futex_pi *pi_blocked_on; /* kernel/futex/futex_pi.c: the lock that it waits for, or NULL */
	struct sem_undo_list *sem_undo; /* kernel/ipc/sem_undo.c */
	void *trace;            /* strace's per-task state */
	u64 cpu_mask[16];
	u64 mempolicy;          /* set_mempolicy(2), see mempolicy.h */
};

extern struct task *current;
extern struct list_head all_tasks;
extern u32 nr_tasks;
extern u64 nr_context_switches, nr_forks; /* since start */

#define task_pt_regs(t) (&(t)->regs)
static inline bool signal_pending(const struct task *t) { return t->sigpending; }
bool fatal_signal_pending(const struct task *t);

/* Gives the kernel thread away until current is TASK_RUNNING again. Polls the host when nothing else is runnable. */
void schedule(void);
/* The same with an end: true if @deadline (ktime ns) passed first. Sleeps in current->state, returns TASK_RUNNING. */
bool schedule_until(u64 deadline);
/* A reschedule point in a long loop: lets events and other tasks run if about 1 ms has passed. */
void cond_resched(void);
/* Adds the time that current has spent in the kernel until now to its stime. */
void sched_account(void);
void wake_task(struct task *t);                   /* from any sleeping state but STOPPED and GUEST */
void wake_task_signal(struct task *t, bool fatal); /* a signal became deliverable: wakes or interrupts the guest */

struct task *find_task(int pid);                  /* any thread by id; zombies too */
struct task *task_alloc(struct task *parent);
void task_release(struct task *t);                /* frees a reaped task */
/* Makes a task run @fn on its own kernel stack when first scheduled. */
int task_start(struct task *t, void (*fn)(void *), void *arg);

void __noreturn do_exit(int code);                /* wait status; this thread */
void __noreturn do_group_exit(int code);          /* wait status; the process */
bool capable(int cap);
u64 rlimit(unsigned which);                       /* current's soft limit */
struct cred *cred_get(struct cred *c);
void cred_put(struct cred *c);

/* Ends TASK_STOPPED (SIGCONT). */
void wake_stopped_task(struct task *t);
/* No process of the group has a parent in another group of the same session. (kernel/exit.c) */
bool pgrp_is_orphaned(int pgid);
/* Does a process belong to the group @pgid? Is one of them in session @sid (if sid is not 0)? (kernel/pid.c) */
bool pgrp_exists(int pgid, int sid);

struct completion { bool done; struct wait_queue_head wait; };
static inline void init_completion(struct completion *c) { c->done = false; init_waitqueue_head(&c->wait); }
void complete(struct completion *c);

#endif
