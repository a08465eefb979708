/* System V semaphores: semget(2), semop(2), semtimedop(2), semctl(2). An operation is done whole or waits on its set's list;
 * whoever changes a value carries out what has become possible, in order of arrival. What SEM_UNDO has changed is taken back
 * when the last task of an undo list ends (sem_undo.c). */
#include "sem.h"
#include "syscalls.h"
#include "sysctl.h"
#include <linux/capability.h>

struct ipc_ids sem_ids = IPC_IDS_INIT;
static unsigned used_sems;
static int sem_limits[4] = { SEMMSL, SEMMNS, SEMOPM, SEMMNI };
#define LIMIT_MSL sem_limits[0] /* semaphores a set */
#define LIMIT_MNS sem_limits[1] /* in all sets */
#define LIMIT_OPM sem_limits[2] /* operations a call */
#define LIMIT_MNI sem_limits[3] /* sets */

/* ---- sets ---- */

static void set_free(struct kern_ipc_perm *p)
{
	struct sem_array *a = to_sems(p);

	kfree(a->sems);
	kfree(a);
}

static int set_create(int key, int flags, u64 nsems, struct kern_ipc_perm **made)
{
	struct sem_array *a;
	int id = -ENOMEM;

	if (!nsems)
		return -EINVAL;
	if (used_sems + nsems > (u64)LIMIT_MNS)
		return -ENOSPC;
	a = kzalloc(sizeof(*a));
	if (!a)
		return -ENOMEM;
	a->nsems = (unsigned)nsems;
	a->perm.free = set_free;
	a->ctime = ipc_now();
	INIT_LIST_HEAD(&a->waiting);
	INIT_LIST_HEAD(&a->undos);
	a->sems = kcalloc(nsems, sizeof(*a->sems));
	if (a->sems)
		id = ipc_add(&sem_ids, &a->perm, key, flags, (unsigned)LIMIT_MNI);
	if (id < 0) {
		set_free(&a->perm);
		return id;
	}
	used_sems += a->nsems;
	*made = &a->perm;
	return 0;
}

static int set_check(const struct kern_ipc_perm *p, u64 nsems)
{
	return nsems > container_of(p, const struct sem_array, perm)->nsems ? -EINVAL : 0;
}

SYSCALL_DEFINE3(semget, int, key, int, nsems, int, semflg)
{
	static const struct ipc_get_ops ops = { .create = set_create, .check = set_check };

	if (nsems < 0 || nsems > LIMIT_MSL)
		return -EINVAL;
	return ipc_get(&sem_ids, &ops, key, semflg, (u64)nsems);
}

static void end_wait(struct sem_waiter *w, int result)
{
	list_del(&w->node);
	w->result = result;
	wake_task(w->task);
}

static void set_remove(struct sem_array *a)
{
	while (!list_empty(&a->waiting))
		end_wait(list_first_entry(&a->waiting, struct sem_waiter, node), -EIDRM);
	while (!list_empty(&a->undos))
		sem_undo_drop(list_first_entry(&a->undos, struct sem_undo, of_set));
	used_sems -= a->nsems;
	ipc_remove(&sem_ids, &a->perm);
}

/* ---- operations ---- */

/* Does all of the operations or none: 0, 1 (it has to wait; w->blocking tells for which), -EAGAIN, -ERANGE. */
static int perform(struct sem_array *a, struct sem_waiter *w)
{
	unsigned i;
	int err = 0;

	for (i = 0; i < w->nsops; i++) {
		const struct sembuf *op = &w->sops[i];
		struct sem *s = &a->sems[op->sem_num];
		int value = s->value + op->sem_op;

		if ((!op->sem_op && s->value) || value < 0) {
			w->blocking = op;
			err = op->sem_flg & IPC_NOWAIT ? -EAGAIN : 1;
			break;
		}
		if (value > SEMVMX) {
			err = -ERANGE;
			break;
		}
		if (op->sem_flg & SEM_UNDO) {
			int adjust = w->undo->adjust[op->sem_num] - op->sem_op;

			if (adjust < -SEMAEM - 1 || adjust > SEMAEM) {
				err = -ERANGE;
				break;
			}
			w->undo->adjust[op->sem_num] = (s16)adjust;
		}
		s->value = value;
	}
	if (!err) {
		while (i-- > 0)
			a->sems[w->sops[i].sem_num].pid = w->task->tgid;
		return 0;
	}
	while (i-- > 0) {
		const struct sembuf *op = &w->sops[i];

		a->sems[op->sem_num].value -= op->sem_op;
		if (op->sem_flg & SEM_UNDO)
			w->undo->adjust[op->sem_num] = (s16)(w->undo->adjust[op->sem_num] + op->sem_op);
	}
	return err;
}

void sem_update(struct sem_array *a)
{
	struct sem_waiter *w, *next;
	bool again;

	do {
		again = false;
		list_for_each_entry_safe(w, next, &a->waiting, node) {
			int err = perform(a, w);

			if (err > 0)
				continue;
			end_wait(w, err);
			if (!err)
				a->otime = ipc_now();
			if (!err && w->alters) {
				again = true;
				break;
			}
		}
	} while (again);
}

/* Sleeps until the operations are done: 0, -EIDRM, -EAGAIN (time is up, or a later IPC_NOWAIT), -ERANGE, -EINTR. */
static int wait_for_ops(struct sem_array *a, struct sem_waiter *w, u64 deadline)
{
	bool timeout = false;

	w->result = 1;
	list_add_tail(&w->node, &a->waiting);
	while (w->result > 0 && !timeout && !signal_pending(current)) {
		current->state = TASK_INTERRUPTIBLE;
		timeout = schedule_until(deadline);
		current->state = TASK_RUNNING;
	}
	if (w->result <= 0)
		return w->result;
	list_del(&w->node);
	return timeout ? -EAGAIN : -EINTR;
}

static long semop_on(struct sem_array *a, struct sem_waiter *w, unsigned highest, u64 deadline)
{
	int err;

	if (highest >= a->nsems)
		return -EFBIG;
	if (ipc_permission(&a->perm, w->alters ? S_IWUGO : S_IRUGO))
		return -EACCES;
	if (w->undoes) {
		w->undo = sem_undo_find(a);
		if (!w->undo)
			return -ENOMEM;
	}
	err = perform(a, w);
	if (err > 0)
		return wait_for_ops(a, w, deadline);
	if (err)
		return err;
	a->otime = ipc_now();
	if (w->alters)
		sem_update(a);
	return 0;
}

static long do_semtimedop(int id, const struct sembuf __user *usops, unsigned nsops, u64 deadline)
{
	struct sem_waiter w = { .task = current, .nsops = nsops };
	struct kern_ipc_perm *p;
	struct sembuf *sops;
	unsigned highest = 0;
	long ret = -EINVAL;

	if (nsops < 1 || id < 0)
		return -EINVAL;
	if (nsops > (unsigned)LIMIT_OPM)
		return -E2BIG;
	sops = kmalloc(nsops * sizeof(*sops));
	if (!sops)
		return -ENOMEM;
	if (copy_from_user(sops, usops, nsops * sizeof(*sops))) {
		ret = -EFAULT;
		goto free_sops;
	}
	for (unsigned i = 0; i < nsops; i++) {
		highest = max(highest, (unsigned)sops[i].sem_num);
		w.undoes |= !!(sops[i].sem_flg & SEM_UNDO);
		w.alters |= sops[i].sem_op != 0;
	}
	w.sops = sops;
	p = ipc_find(&sem_ids, id);
	if (!p)
		goto free_sops;
	ipc_perm_get(p);
	ret = semop_on(to_sems(p), &w, highest, deadline);
	ipc_perm_put(p);
free_sops:
	kfree(sops);
	return ret;
}

SYSCALL_DEFINE3(semop, int, semid, struct sembuf __user *, tsops, unsigned, nsops)
{
	return do_semtimedop(semid, tsops, nsops, KTIME_MAX);
}

SYSCALL_DEFINE4(semtimedop, int, semid, struct sembuf __user *, tsops, unsigned, nsops,
	const struct __kernel_timespec __user *, timeout)
{
	struct __kernel_timespec ts;
	u64 deadline = KTIME_MAX;
	int err;

	if (timeout) {
		if (copy_from_user(&ts, timeout, sizeof(ts)))
			return -EFAULT;
		/* A bad time is noticed after all that is wrong with the arguments before it. */
		if (nsops < 1 || semid < 0)
			return -EINVAL;
		if (nsops > (unsigned)LIMIT_OPM)
			return -E2BIG;
		err = get_timespec(&deadline, timeout);
		if (err)
			return err;
		deadline = ktime_add_safe(ktime_get(), deadline);
	}
	return do_semtimedop(semid, tsops, nsops, deadline);
}

/* ---- control ---- */

static long sem_info(int cmd, struct seminfo __user *u)
{
	struct seminfo info = { .semmni = LIMIT_MNI, .semmns = LIMIT_MNS, .semmsl = LIMIT_MSL, .semopm = LIMIT_OPM, .semvmx = SEMVMX,
		.semmnu = SEMMNU, .semmap = SEMMAP, .semume = SEMUME, .semusz = SEMUSZ, .semaem = SEMAEM };

	if (cmd == SEM_INFO) {
		info.semusz = (int)sem_ids.in_use;
		info.semaem = (int)used_sems;
	}
	return copy_to_user(u, &info, sizeof(info)) ? -EFAULT : ipc_max_index(&sem_ids);
}

static long sem_stat(int id, int cmd, struct semid64_ds __user *u)
{
	struct kern_ipc_perm *p = ipc_find_stat(&sem_ids, id, cmd != IPC_STAT, cmd == SEM_STAT_ANY);
	struct semid64_ds ds;

	if (IS_ERR(p))
		return PTR_ERR(p);
	memset(&ds, 0, sizeof(ds));
	ipc_perm_fill(&ds.sem_perm, p);
	ds.sem_otime = to_sems(p)->otime;
	ds.sem_ctime = to_sems(p)->ctime;
	ds.sem_nsems = to_sems(p)->nsems;
	id = cmd == IPC_STAT ? 0 : p->id;
	return copy_to_user(u, &ds, sizeof(ds)) ? -EFAULT : id;
}

static long sem_set_owner(int id, const struct semid64_ds __user *u)
{
	struct kern_ipc_perm *p;
	struct semid64_ds ds;
	int err;

	if (copy_from_user(&ds, u, sizeof(ds)))
		return -EFAULT;
	p = ipc_find_owned(&sem_ids, id);
	if (IS_ERR(p))
		return PTR_ERR(p);
	err = ipc_perm_set(p, &ds.sem_perm);
	if (!err)
		to_sems(p)->ctime = ipc_now();
	return err;
}

/* Values [num, num + count) have been set from outside: nothing is left to undo for them. */
static void values_were_set(struct sem_array *a, unsigned num, unsigned count)
{
	struct sem_undo *u;

	list_for_each_entry(u, &a->undos, of_set)
		memset(&u->adjust[num], 0, count * sizeof(u->adjust[0]));
}

static long sem_setval(int id, unsigned num, unsigned long arg)
{
	struct kern_ipc_perm *p;
	struct sem_array *a;
	int value = (int)arg;

	if (value > SEMVMX || value < 0)
		return -ERANGE;
	p = ipc_find(&sem_ids, id);
	if (!p)
		return -EINVAL;
	a = to_sems(p);
	if (num >= a->nsems)
		return -EINVAL;
	if (ipc_permission(p, S_IWUGO))
		return -EACCES;
	values_were_set(a, num, 1);
	a->sems[num].value = value;
	a->sems[num].pid = current->tgid;
	a->ctime = ipc_now();
	sem_update(a);
	return 0;
}

static long sem_getall(struct sem_array *a, u16 __user *u)
{
	u16 *values = kmalloc(a->nsems * sizeof(*values));
	long err;

	if (!values)
		return -ENOMEM;
	for (unsigned i = 0; i < a->nsems; i++)
		values[i] = (u16)a->sems[i].value;
	err = copy_to_user(u, values, a->nsems * sizeof(*values)) ? -EFAULT : 0;
	kfree(values);
	return err;
}

static long sem_setall(struct sem_array *a, const u16 __user *u)
{
	u16 *values = kmalloc(a->nsems * sizeof(*values));
	long err = 0;

	if (!values)
		return -ENOMEM;
	if (copy_from_user(values, u, a->nsems * sizeof(*values)))
		err = -EFAULT;
	for (unsigned i = 0; !err && i < a->nsems; i++)
		if (values[i] > SEMVMX)
			err = -ERANGE;
	if (!err && a->perm.deleted)
		err = -EIDRM;
	for (unsigned i = 0; !err && i < a->nsems; i++) {
		a->sems[i].value = values[i];
		a->sems[i].pid = current->tgid;
	}
	kfree(values);
	if (err)
		return err;
	values_were_set(a, 0, a->nsems);
	a->ctime = ipc_now();
	sem_update(a);
	return 0;
}

/* How many wait for the value to grow, or to become 0. */
static long count_waiting(const struct sem_array *a, unsigned num, bool for_zero)
{
	struct sem_waiter *w;
	long n = 0;

	list_for_each_entry(w, &a->waiting, node)
		n += w->blocking->sem_num == num && (w->blocking->sem_op == 0) == for_zero;
	return n;
}

static long sem_main(struct sem_array *a, unsigned num, int cmd, unsigned long arg)
{
	if (ipc_permission(&a->perm, cmd == SETALL ? S_IWUGO : S_IRUGO))
		return -EACCES;
	if (cmd == GETALL)
		return sem_getall(a, u64_to_uptr(arg));
	if (cmd == SETALL)
		return sem_setall(a, u64_to_uptr(arg));
	if (num >= a->nsems)
		return -EINVAL;
	switch (cmd) {
	case GETVAL:
		return a->sems[num].value;
	case GETPID:
		return a->sems[num].pid;
	case GETNCNT:
		return count_waiting(a, num, false);
	default:
		return count_waiting(a, num, true);
	}
}

SYSCALL_DEFINE4(semctl, int, semid, int, semnum, int, cmd, unsigned long, arg)
{
	struct kern_ipc_perm *p;
	long ret;

	if (semid < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SEM_INFO:
		return sem_info(cmd, u64_to_uptr(arg));
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		return sem_stat(semid, cmd, u64_to_uptr(arg));
	case GETALL:
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case SETALL:
		p = ipc_find(&sem_ids, semid);
		if (!p)
			return -EINVAL;
		ipc_perm_get(p);
		ret = sem_main(to_sems(p), (unsigned)semnum, cmd, arg);
		ipc_perm_put(p);
		return ret;
	case SETVAL:
		return sem_setval(semid, (unsigned)semnum, arg);
	case IPC_SET:
		return sem_set_owner(semid, u64_to_uptr(arg));
	case IPC_RMID:
		p = ipc_find_owned(&sem_ids, semid);
		if (IS_ERR(p))
			return PTR_ERR(p);
		set_remove(to_sems(p));
		return 0;
	default:
		return -EINVAL;
	}
}

void sem_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct kern_ipc_perm *p;

	seq_puts(s, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
	ipc_for_each(p, &sem_ids, i) {
		struct sem_array *a = to_sems(p);

		seq_printf(s, "%10d %10d  %4o %10u %5u %5u %5u %5u %10lld %10lld\n", p->key, p->id, p->mode, a->nsems, p->uid, p->gid,
			p->cuid, p->cgid, (long long)a->otime, (long long)a->ctime);
	}
}

void sem_init(void)
{
	static const struct ctl_table table[] = {
		{ "kernel/sem", 0644, SYSCTL_INTS(sem_limits, 0, 0x7fffffff) },
		{ "kernel/sem_next_id", 0644, SYSCTL_INT(sem_ids.next_id, 0, 0x7fffffff) },
		{ 0 }
	};

	sysctl_register(table);
}

void sem_exit(void)
{
	struct kern_ipc_perm *p;

	ipc_for_each(p, &sem_ids, i)
		set_remove(to_sems(p));
	ipc_ids_exit(&sem_ids);
}
