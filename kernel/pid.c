/* Numbers: of threads, process groups and sessions, all from one space as in Linux. A number is given away again when
 * no task, no group and no session has it. Here too: the calls that tell and change these identities. */
#include "ktime.h"
#include "slab.h"
#include "syscalls.h"
#include "sysctl.h"
#include "task.h"
#include "tty.h"

/* A number in use. */
struct pid_entry {
	struct pid_entry *next;
	int nr;
	u32 refs;                /* the task, and every process whose group or session has this number */
	struct task *task;       /* NULL: only a group or session still has it */
	struct list_head pgrp;   /* signal_struct.pgrp_node of the group's processes */
};

#define PID_HASH_SIZE 1024
static struct pid_entry *pid_hash[PID_HASH_SIZE];
static struct kmem_cache *pid_cache;
static int last_pid;
int pid_max = 32768;

void pid_init(void)
{
	static const struct ctl_table table[] = {
		{ "kernel/pid_max", 0644, SYSCTL_INT(pid_max, 301, 4 << 20) }, { 0 },
	};

	sysctl_register(table);
	pid_cache = kmem_cache_create("pid", sizeof(struct pid_entry), 8);
}

static struct pid_entry **pid_slot(int nr)
{
	struct pid_entry **p = &pid_hash[(unsigned)nr % PID_HASH_SIZE];

	while (*p && (*p)->nr != nr)
		p = &(*p)->next;
	return p;
}

static struct pid_entry *pid_find(int nr)
{
	return *pid_slot(nr);
}

static void pid_put(struct pid_entry *e)
{
	if (--e->refs)
		return;
	*pid_slot(e->nr) = e->next;
	kmem_cache_free(pid_cache, e);
}

int pid_alloc(struct task *t, int want)
{
	struct pid_entry *e, **slot;
	int nr = want, tries;

	if (want < 0 || want >= pid_max)
		return -EINVAL;
	if (want && pid_find(want))
		return -EEXIST;
	if (!want) {
		for (tries = 0, nr = last_pid + 1; ; nr++) {
			if (nr >= pid_max)
				nr = last_pid < 300 ? 1 : 300; /* the first time round only, Linux gives the low numbers */
			if (!pid_find(nr))
				break;
			if (++tries >= pid_max)
				return -EAGAIN;
		}
		last_pid = nr;
	}
	e = kmem_cache_zalloc(pid_cache);
	if (!e)
		return -ENOMEM;
	e->nr = nr;
	e->refs = 1;
	e->task = t;
	INIT_LIST_HEAD(&e->pgrp);
	slot = &pid_hash[(unsigned)nr % PID_HASH_SIZE];
	e->next = *slot;
	*slot = e;
	return nr;
}

void pid_free(int nr, struct task *t)
{
	struct pid_entry *e = pid_find(nr);

	if (!e || e->task != t)
		return;
	e->task = NULL;
	pid_put(e);
}

void pid_transfer(int nr, struct task *t)
{
	struct pid_entry *e = pid_find(nr);

	if (e)
		e->task = t;
}

struct task *find_task(int nr)
{
	struct pid_entry *e = nr > 0 ? pid_find(nr) : NULL;

	return e ? e->task : NULL;
}

void pgrp_join(struct signal_struct *sig, int pgid)
{
	struct pid_entry *e = pid_find(pgid);

	e->refs++;
	list_add_tail(&sig->pgrp_node, &e->pgrp);
	sig->pgid = pgid;
}

void session_join(struct signal_struct *sig, int sid)
{
	pid_find(sid)->refs++;
	sig->sid = sid;
}

static void pgrp_quit(struct signal_struct *sig)
{
	list_del(&sig->pgrp_node);
	pid_put(pid_find(sig->pgid));
}

void pgrp_leave(struct signal_struct *sig)
{
	pgrp_quit(sig);
	pid_put(pid_find(sig->sid));
}

void pid_hold(int nr)
{
	struct pid_entry *e = pid_find(nr);

	if (e)
		e->refs++;
}

void pid_release(int nr)
{
	struct pid_entry *e = pid_find(nr);

	if (e)
		pid_put(e);
}

bool pgrp_exists(int pgid, int sid)
{
	struct pid_entry *e = pgid > 0 ? pid_find(pgid) : NULL;
	struct signal_struct *sig;

	if (!e)
		return false;
	list_for_each_entry(sig, &e->pgrp, pgrp_node)
		if (!sid || sig->sid == sid)
			return true;
	return false;
}

/* ---- identities, getpid(2) and kin ---- */

SYSCALL_DEFINE0(getpid)
{
	return current->tgid;
}

SYSCALL_DEFINE0(gettid)
{
	return current->pid;
}

SYSCALL_DEFINE0(getppid)
{
	return current->signal->leader->real_parent->tgid;
}

SYSCALL_DEFINE0(getpgrp)
{
	return current->signal->pgid;
}

/* getpgid(2): ESRCH. */
SYSCALL_DEFINE1(getpgid, int, pid)
{
	struct task *t = pid ? find_task(pid) : current;

	return t ? t->signal->pgid : -ESRCH;
}

/* getsid(2): ESRCH. */
SYSCALL_DEFINE1(getsid, int, pid)
{
	struct task *t = pid ? find_task(pid) : current;

	return t ? t->signal->sid : -ESRCH;
}

/* setpgid(2): EINVAL (negative group, or not a process), ESRCH, EACCES (the child has run execve), EPERM. The order of
 * the checks is that of Linux. */
SYSCALL_DEFINE2(setpgid, int, pid, int, pgid)
{
	struct task *self = current->signal->leader, *t;

	if (!pid)
		pid = current->tgid;
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	t = find_task(pid);
	if (!t)
		return -ESRCH;
	if (t != t->signal->leader)
		return -EINVAL;
	if (t->real_parent->signal == current->signal) {
		if (t->signal->sid != self->signal->sid)
			return -EPERM;
		if (t->signal->has_execed)
			return -EACCES;
	} else if (t != self) {
		return -ESRCH;
	}
	if (t->signal->sid == t->tgid)
		return -EPERM;
	if (pgid != pid && !pgrp_exists(pgid, self->signal->sid))
		return -EPERM;
	if (t->signal->pgid != pgid) {
		pgrp_quit(t->signal);
		pgrp_join(t->signal, pgid);
	}
	return 0;
}

/* setsid(2): EPERM. */
SYSCALL_DEFINE0(setsid)
{
	struct signal_struct *sig = current->signal;
	int pid = current->tgid;

	if (sig->sid == pid || pgrp_exists(pid, 0))
		return -EPERM;
	pgrp_leave(sig);
	session_join(sig, pid);
	pgrp_join(sig, pid);
	signal_tty_clear(sig);
	return pid;
}

/* set_tid_address(2) */
SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = (u64)(unsigned long)tidptr;
	return current->pid;
}
