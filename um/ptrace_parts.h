/* What the files of the ptrace backend share: ptrace.c (events, life), ptrace_call.c (calls that a tracee makes for us) and
 * ptrace_state.c (its registers). */
#ifndef UMK_UM_PTRACE_PARTS_H
#define UMK_UM_PTRACE_PARTS_H

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
/* user.h defines them too */
#undef PAGE_SIZE
#undef PAGE_MASK
#undef PAGE_SHIFT

#include "opqueue.h"
#include "trap.h"
#include "stub.h"
#include "um.h"

struct trap_task {
	struct trap_mm *mm;
	struct trap_task *next_in_mm;
	struct trap_task *hash_next;
	struct trap_task *next_notify;
	pid_t pid;
	unsigned area;                  /* only a number: the right to one more process */
	void *cookie;
	struct pt_regs *regs;           /* the kernel's, while running */
	struct user_regs_struct user;   /* the tracee's at its last stop, with the bases to resume with */
	struct trap_event ev;
	bool running;                   /* between resume and its event */
	bool dead;                      /* reaped */
	int death;                      /* the signal that it died of */
	bool listening;                 /* stopped by job control */
	bool notify;                    /* on notify_list: the upcall is due */
	bool interrupt;                 /* wanted by the kernel */
	int stop_signal;                /* a stop that came in the middle of an injected call: given at the next resume */
	u64 fault_ip, fault_addr;       /* of the last fault, to see a repetition */
	int fault_code;
	bool fault_fetch;               /* it was taken for a fetch */
	u64 cpu_time;                   /* at its end */
	struct cpu_task cpu;
};

struct trap_mm {
	struct trap_task *tasks;
	unsigned running;
	struct op_queue queue;
};

/* ---- ptrace.c ---- */
static inline bool tracee_alive(int status) { return WIFSTOPPED(status); }
/* The next status of @pid; that of a killed one if somebody else has reaped it. */
static inline pid_t tracee_wait(pid_t pid, int *status)
{
	pid_t r;

	do
		r = waitpid(pid, status, __WALL);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		*status = SIGKILL; /* as if killed: somebody else has reaped it */
	return r;
}
/* @t has ended with @status: the kernel hears of it. */
void tracee_died(struct trap_task *t, int status);

/* ---- ptrace_call.c ---- */
/* Makes a system call in @t, which is stopped; its registers stay as they are only in t->user. Stores the call's result,
 * and in *@cloned the pid of the task that it made. 0, or -EIO: @t has died. */
int tracee_call(struct trap_task *t, long *result, pid_t *cloned, long nr, long a1, long a2, long a3, long a4, long a5, long a6);
/* Does what is queued, in @t, which is stopped. If it dies the rest is left for another. */
int tracee_do_queue(struct trap_mm *mm, struct trap_task *t);
void ptrace_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate);
void ptrace_unmap(struct trap_mm *mm, u64 addr, u64 size);
void ptrace_protect(struct trap_mm *mm, u64 addr, u64 size, int prot);

/* ---- ptrace_state.c ---- */
void tracee_to_pt_regs(struct pt_regs *r, const struct user_regs_struct *u);
void tracee_from_pt_regs(struct user_regs_struct *u, const struct pt_regs *r);
/* Into t->user. False: it has been killed. */
bool tracee_get_regs(struct trap_task *t);
/* The x86 vector and error code that the siginfo in @ev stands for. */
void tracee_guess_fault(struct trap_task *t, struct trap_event *ev, u64 ip);
int ptrace_get_fp(struct trap_task *t, void *xsave);
int ptrace_set_fp(struct trap_task *t, const void *xsave);

#endif
