/* What the files of a task's life share among themselves: sched.c, pid.c, fork.c, exec.c, exit.c, main.c. */
#ifndef UMK_KERNEL_TASK_H
#define UMK_KERNEL_TASK_H

#include "sched.h"

#define INIT_PID 1
#define FIRST_PID 2 /* the program of the command line; umk ends with it */
extern int pid_max; /* kernel.pid_max: numbers of tasks are below it */
#define KSTACK_SIZE (64 * 1024)
#define KSTACK_SIZE_SANITIZED (256 * 1024)

/* ---- sched.c ---- */
void sched_init(void);
/* Leaves the boot stack for good and runs the first task of the run queue. */
void __noreturn sched_start(void);
/* Puts a new task on the run queue. */
void sched_enqueue(struct task *t);
/* Current's last switch; its state is TASK_ZOMBIE or TASK_DEAD (then its struct is freed, too). */
void __noreturn sched_end(void);

/* ---- pid.c: numbers of tasks, process groups and sessions ---- */
void pid_init(void);
/* A free number, which then belongs to @t; or exactly @want if not 0. -EAGAIN, -ENOMEM, -EEXIST, -EINVAL. */
int pid_alloc(struct task *t, int want);
/* @t no longer has the number @nr. */
void pid_free(int nr, struct task *t);
/* The number @nr now means @t (execve by a thread that is not the leader). */
void pid_transfer(int nr, struct task *t);
/* Process group and session of a signal_struct: they keep their numbers from being given away again. */
void pgrp_join(struct signal_struct *sig, int pgid);
void session_join(struct signal_struct *sig, int sid);
void pgrp_leave(struct signal_struct *sig);

/* ---- fork.c ---- */
void fork_init(void);
/* The in-kernel init, or the first program's task: no guest memory yet. NULL: no memory. */
struct task *task_create_kernel(struct task *parent, int pid);
/* Unlinks a task from every table except its zombie's references (exit.c), and frees it (any time after). */
void task_free(struct task *t);

/* ---- schedcalls.c ---- */
/* What a child inherits of how its parent is scheduled. 0, or -EAGAIN (SCHED_DEADLINE has no children). */
int sched_fork(struct task *child, const struct task *parent);
/* Tells a new host thread of @t what was asked of the host for it: CPUs, nice value, policy. */
void sched_apply(struct task *t);

/* ---- ioprio.c ---- */
int io_context_fork(struct task *child, bool share); /* 0 or -ENOMEM */
void io_context_exit(struct task *t);

/* ---- exit.c ---- */
/* Every thread has ended and only the leader's zombie is left. */
bool process_is_zombie(const struct signal_struct *sig);
/* The wait status of a process that has ended. */
int process_exit_code(const struct task *leader);
/* The siginfo that tells of the end of @t. */
void exit_info(siginfo_t *info, const struct task *t, int sig);
/* Gives up one reference of an address space whose trap_task is already destroyed; the last one frees all. */
/* Current lets go of its address space: futex words, vfork parent, trap_task. With @heir the host's side (trap_mm and
 * trap_task) passes on to it instead of ending: execve of a process that has it for itself. */
void exit_mm(struct mm *heir);
extern struct completion first_exit; /* the first program has ended, with this wait status: */
extern int first_exit_code;

/* ---- main.c ---- */
extern struct task *init_task;

#endif
