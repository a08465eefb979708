/* SEM_UNDO: what semop(2) has changed is taken back when the last task of an undo list ends. Tasks share a list when they were
 * cloned with CLONE_SYSVSEM, as the threads of a process are. */
#include "ipc_calls.h"
#include "sem.h"
#include <linux/sched.h>

struct sem_undo_list {
	u32 refs;
	struct list_head undos; /* struct sem_undo.of_list */
};

static struct sem_undo_list *list_of_current(void)
{
	struct sem_undo_list *l = current->sem_undo;

	if (l)
		return l;
	l = kzalloc(sizeof(*l));
	if (!l)
		return NULL;
	l->refs = 1;
	INIT_LIST_HEAD(&l->undos);
	current->sem_undo = l;
	return l;
}

struct sem_undo *sem_undo_find(struct sem_array *a)
{
	struct sem_undo_list *l = list_of_current();
	struct sem_undo *u;

	if (!l)
		return NULL;
	list_for_each_entry(u, &l->undos, of_list)
		if (u->set == a)
			return u;
	u = kzalloc(sizeof(*u) + a->nsems * sizeof(u->adjust[0]));
	if (!u)
		return NULL;
	u->set = a;
	list_add_tail(&u->of_list, &l->undos);
	list_add_tail(&u->of_set, &a->undos);
	return u;
}

void sem_undo_drop(struct sem_undo *u)
{
	list_del(&u->of_list);
	list_del(&u->of_set);
	kfree(u);
}

int sem_undo_copy(struct task *child, unsigned long flags)
{
	struct sem_undo_list *l;

	child->sem_undo = NULL;
	if (!(flags & CLONE_SYSVSEM))
		return 0;
	l = list_of_current();
	if (!l)
		return -ENOMEM;
	l->refs++;
	child->sem_undo = l;
	return 0;
}

/* Takes back one list's operations in one set; never below 0, never above the greatest value (semop(2), BUGS). */
static void undo_set(struct sem_undo *u)
{
	struct sem_array *a = u->set;

	for (unsigned i = 0; i < a->nsems; i++) {
		struct sem *s = &a->sems[i];

		if (!u->adjust[i])
			continue;
		s->value = min(max(s->value + u->adjust[i], 0), SEMVMX);
		s->pid = current->tgid;
	}
	sem_undo_drop(u);
	a->otime = ipc_now();
	sem_update(a);
}

void sem_undo_exit(struct task *t)
{
	struct sem_undo_list *l = t->sem_undo;

	t->sem_undo = NULL;
	if (!l || --l->refs)
		return;
	while (!list_empty(&l->undos))
		undo_set(list_first_entry(&l->undos, struct sem_undo, of_list));
	kfree(l);
}
