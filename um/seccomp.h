/* What the files of the seccomp backend share: seccomp.c (events, operations, life) and spare.c (host threads and processes
 * that wait for the next guest). */
#ifndef UMK_UM_SECCOMP_H
#define UMK_UM_SECCOMP_H

#include "shown.h"
#include "stub.h"
#include "um.h"
#include "zygote.h"

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
	u64 kick_time;          /* when it was interrupted, 0 if not */
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
	struct stub_op *queue;
	unsigned nops, cap;
	struct trap_task *carrier; /* has operations in a reply that it may not have done yet */
	struct shown *shown;    /* what the host shows once the queue is done; NULL: no memory for it */
	struct shown *before;   /* what it shows before it: the queue stands aside, and is what turns one into the other */
	u64 program;    /* on the list of kept ones: what has run there */
	struct trap_mm *next_kept;
};

/* ---- seccomp.c ---- */
extern struct trap_task *by_area[STUB_MAX_AREAS];
void stub_kill_and_reap(struct trap_task *t);
void stub_prepare_area(unsigned area);
static inline bool stub_parked(const struct trap_task *t)
{
	return !t->dead && !t->running && __atomic_load_n(&t->f->state, __ATOMIC_ACQUIRE) == STUB_POSTED;
}

/* Nothing of what the host shows in @mm, where nothing runs, is wanted any more: operations from here on say what its next
 * program needs, and what is there already stays. False: no memory. */
bool stub_begin_anew(struct trap_mm *mm);

/* @t is parked and its answer will take long: it sleeps, after it has woken whoever runs next on its CPU. */
void stub_rest(struct trap_task *t);
/* @t is about to be freed, or to be told something else. */
void stub_rest_end(struct trap_task *t);

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
