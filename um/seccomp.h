/* What the files of the seccomp backend share: seccomp.c (events), rest.c (threads that wait long), seccomp_ops.c (memory operations), mapfile.c (host files in them), seccomp_life.c (processes
 * and threads) and spare.c (those that wait for the next guest). */
#ifndef UMK_UM_SECCOMP_H
#define UMK_UM_SECCOMP_H

#include "opqueue.h"
#include "shown.h"
#include "stub.h"
#include "um.h"
#include "zygote.h"

/* A wait for a thread: when it began, and the CPU time that the thread had when its time was up. ns; 0: not yet. */
struct stub_wait { u64 since, cpu; };

struct trap_task {
	struct trap_mm *mm;
	struct trap_task *next_in_mm;
	struct trap_task *next_notify;
	struct stub_frame *f;
	unsigned area;
	pid_t pid;
	void *cookie;
	struct cpu_task cpu;
	struct pt_regs *regs;   /* the kernel's; NULL before the first resume */
	struct trap_event ev;
	bool running;           /* between resume and the event */
	bool dead;
	bool settled;           /* has posted its first event */
	bool notify;            /* on notify_list: event taken, upcall due */
	bool load_fp, load_bases;
	struct stub_wait kick;  /* since it was interrupted; .since is 0 if it was not */
	u64 fs, gs;             /* the guest's bases */
	bool spare;             /* on mm->spares, not on mm->tasks: its guest thread has ended */
	u64 cpu_base;           /* CPU time of the guest threads that it was before */
	bool brief;             /* the event came from a site: the stub has its registers still */
	struct pt_regs posted;  /* as they were then */
};

struct trap_mm {
	struct trap_task *tasks;
	struct trap_task *spares; /* parked threads that a new guest thread can become */
	unsigned nspares;
	unsigned running;
	struct op_queue queue;
	struct trap_task *carrier; /* has operations in a reply that it may not have done yet */
	struct shown *shown;    /* what the host shows once the queue is done; NULL: no memory for it */
	struct shown *before;   /* what it shows before it: the queue stands aside, and is what turns one into the other */
	u32 *files;             /* numbers of the host files that its descriptors from STUB_FILE_FD on are (mapfile.c); NULL: none */
	u64 program;    /* on the list of kept ones: what has run there */
	struct trap_mm *next_kept;
};

/* ---- seccomp.c ---- */
extern struct trap_task *by_area[STUB_MAX_AREAS];
void stub_kill_and_reap(struct trap_task *t);
void stub_prepare_area(unsigned area);
static inline bool stub_has_posted(const struct trap_task *t)
{
	return __atomic_load_n(&t->f->state, __ATOMIC_ACQUIRE) == STUB_POSTED;
}
static inline bool stub_parked(const struct trap_task *t)
{
	return !t->dead && !t->running && stub_has_posted(t);
}

extern u32 stub_spin_rounds; /* how often a wait looks before it yields */
u64 stub_now(void);         /* ns of a clock that is steady */
/* Waits until the frame is POSTED. 0, or -EIO: the thread is dead now. */
int stub_wait_posted(struct trap_task *t);
void stub_answer(struct stub_frame *f, u32 state);
/* Copies the posted event of a running task into its trap_event and pt_regs. */
void stub_take_event(struct trap_task *t);
void stub_notify(struct trap_task *t);
void stub_mark_dead(struct trap_task *t, int signo);
void stub_reap_children(void);
/* Has @t, which runs, come in. */
void stub_kick(struct trap_task *t);
void stub_unlink_task(struct trap_task *t);

/* ---- patience.c ---- */
/* Has @t been waited for long enough? @w is zeroed where the wait begins. What is waited for may just have come: look again. */
bool stub_overdue(const struct trap_task *t, struct stub_wait *w);
bool stub_pid_overdue(pid_t pid, struct stub_wait *w);
/* Kills @t, which is overdue. */
void stub_give_up(struct trap_task *t);

/* ---- seccomp_ops.c ---- */
/* Has a PARKED task do @n operations now. 0, or -EIO: it died. */
int stub_work(struct trap_task *t, const struct stub_op *ops, unsigned n);
void stub_work_queue(struct trap_mm *mm, struct trap_task *t);
/* Waits until the operations that another task carries are done, so that orders keep their order. */
void stub_wait_carrier(struct trap_mm *mm);
/* One of @mm's threads that can do operations at once, or NULL. */
struct trap_task *stub_parked_thread(struct trap_mm *mm);
/* A process that had another program is about to run its new one: queues what makes it fit. */
void stub_adopt(struct trap_mm *mm);
void seccomp_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate);
void seccomp_unmap(struct trap_mm *mm, u64 addr, u64 size);
void seccomp_protect(struct trap_mm *mm, u64 addr, u64 size, int prot);
void seccomp_flush(struct trap_mm *mm);
/* Nothing of what the host shows in @mm, where nothing runs, is wanted any more: operations from here on say what its next
 * program needs, and what is there already stays. False: no memory. */
bool stub_begin_anew(struct trap_mm *mm);

/* ---- mapfile.c ---- */
bool seccomp_map_file(struct trap_mm *mm, u64 addr, u64 size, int prot, int fd, u32 *id, u64 offset);
void seccomp_forget_file(u32 id);

/* ---- seccomp_life.c ---- */
int seccomp_mm_create(struct trap_mm **out, struct trap_task **first, void *cookie, u64 program);
void seccomp_mm_destroy(struct trap_mm *mm, u64 program);
int seccomp_task_create(struct trap_task **out, struct trap_mm *mm, struct trap_task *creator, void *cookie);
void seccomp_task_destroy(struct trap_task *t);
int seccomp_get_fp(struct trap_task *t, void *xsave);
int seccomp_set_fp(struct trap_task *t, const void *xsave);
int seccomp_get_bases(struct trap_task *t, u64 *fs, u64 *gs);
int seccomp_set_bases(struct trap_task *t, u64 fs, u64 gs);
int seccomp_set_affinity(struct trap_task *t, const u64 *mask, unsigned words);
int seccomp_set_sched(struct trap_task *t, int policy, int nice);
u64 seccomp_cpu_time(struct trap_task *t);

/* ---- rest.c: threads that wait long ---- */
void stub_wake(struct stub_frame *f);
/* @t is parked and its answer will take long: it leaves the CPU to whoever runs next. */
void stub_rest(struct trap_task *t);
/* @t is about to be freed, or to be told something else than its answer. */
void stub_rest_end(struct trap_task *t);
/* @t is about to be answered. */
void stub_rest_answered(struct trap_task *t);
/* @t has been answered, and runs as soon as it has a CPU: is woken if it sleeps. */
void stub_rest_next(struct trap_task *t);
/* The kernel has looked for events; and, after a great many looks; and before it sleeps. */
void stub_rest_poll(void);
void stub_rest_look(void);
void stub_rest_before_sleep(void);
/* Whoever has been told to wake somebody may sleep already: the kernel repeats it. */
void stub_waker_settle(void);

/* ---- spare.c ---- */
u64 stub_cpu_time(pid_t pid);
/* @t has just left mm->tasks. Is its host thread worth keeping? Then it is on mm->spares. */
bool spare_make(struct trap_task *t);
/* A spare thread as a new task of @creator's address space, or NULL. */
struct trap_task *spare_take(struct trap_mm *mm, const struct trap_task *creator, void *cookie);
/* Its host thread is gone and has been reaped. */
void spare_died(struct trap_task *t);
/* Areas or processes of the host have run out: whether there is room again. */
bool spare_spend_all(void);
/* The last task of @mm has been destroyed: keeps its process for another address space, or ends it and frees @mm. */
void kept_add(struct trap_mm *mm, u64 program);
/* A kept process and its thread for a guest that will run @program, or NULL: a new one is to be made. */
struct trap_mm *kept_take(u64 program, void *cookie);
bool kept_has(u64 program);
void stub_mm_free(struct trap_mm *mm);

#endif
