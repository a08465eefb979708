/* What sem.c and sem_undo.c share. */
#ifndef UMK_KERNEL_IPC_SEM_H
#define UMK_KERNEL_IPC_SEM_H

#include "ipc.h"
#include <linux/sem.h>

struct sem {
	int value, pid;
};
struct sem_array {
	struct kern_ipc_perm perm; /* first */
	s64 otime, ctime;
	unsigned nsems;
	struct sem *sems;
	struct list_head waiting;  /* struct sem_waiter, in order of arrival */
	struct list_head undos;    /* struct sem_undo.of_set */
};
/* One semop call: on its caller's stack. */
struct sem_waiter {
	struct list_head node;
	struct task *task;
	const struct sembuf *sops;
	unsigned nsops;
	bool undoes, alters;
	const struct sembuf *blocking; /* the operation that could not be done */
	struct sem_undo *undo;         /* with undoes */
	int result;                    /* 1: still waiting */
};
/* What the tasks of one list have to take back in one set. */
struct sem_undo {
	struct list_head of_set, of_list;
	struct sem_array *set;
	s16 adjust[]; /* one a semaphore */
};

static inline struct sem_array *to_sems(struct kern_ipc_perm *p) { return container_of(p, struct sem_array, perm); }
extern struct ipc_ids sem_ids;
/* Carries out what has become possible. */
void sem_update(struct sem_array *a);
/* current's undo entry for the set, made if need be. NULL: no memory. */
struct sem_undo *sem_undo_find(struct sem_array *a);
void sem_undo_drop(struct sem_undo *u);

#endif
