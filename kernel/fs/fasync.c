/* O_ASYNC: who gets which signal when a file becomes ready. A file that can tell keeps a struct fasync_list of the open
 * descriptions that asked for it (file_operations.fasync, by fasync_helper) and calls kill_fasync() where it wakes
 * pollers. The owner, a thread, a process or a group, is the description's: F_SETOWN, F_SETOWN_EX, F_SETSIG of fcntl(2). */
#include "internal.h"
#include "syscalls.h"
#include <linux/eventpoll.h>

#ifndef F_GETOWNER_UIDS
#define F_GETOWNER_UIDS 17
#endif

struct fasync_entry {
	struct list_head list;
	struct file *file;    /* no reference: it leaves the list before it goes */
	int fd;               /* as fcntl(2) named it: si_fd */
};

static void fasync_init(struct fasync_list *l)
{
	INIT_LIST_HEAD(&l->entries);
}

static struct fasync_entry *find_entry(struct fasync_list *l, const struct file *f)
{
	struct fasync_entry *e;

	if (!l->entries.next)
		fasync_init(l);
	list_for_each_entry(e, &l->entries, list)
		if (e->file == f)
			return e;
	return NULL;
}

int fasync_helper(int fd, struct file *f, bool on, struct fasync_list *l)
{
	struct fasync_entry *e = find_entry(l, f);

	if (!on) {
		if (!e)
			return 0;
		list_del(&e->list);
		kfree(e);
		f->flags &= ~FASYNC;
		return 1;
	}
	if (e) {
		e->fd = fd;
		return 0;
	}
	e = kmalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->file = f;
	e->fd = fd;
	list_add(&e->list, &l->entries);
	f->flags |= FASYNC;
	return 1;
}

/* ---- sending ---- */

/* The owner was named by somebody who could have signalled @t then. */
static bool may_signal(const struct fown *o, const struct task *t)
{
	const struct cred *c = t->cred;

	return c && (o->euid == 0 || o->euid == c->suid || o->euid == c->uid || o->uid == c->suid || o->uid == c->uid);
}

static long band_of(int code)
{
	static const u32 bands[] = {
		[POLL_IN & 0xff] = EPOLLIN | EPOLLRDNORM, [POLL_OUT & 0xff] = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND,
		[POLL_MSG & 0xff] = EPOLLIN | EPOLLRDNORM | EPOLLMSG, [POLL_ERR & 0xff] = EPOLLERR,
		[POLL_PRI & 0xff] = EPOLLPRI | EPOLLRDBAND, [POLL_HUP & 0xff] = EPOLLHUP | EPOLLERR,
	};

	return bands[code & 0xff];
}

/* Signals whose si_code would be taken for something else. */
static bool has_own_codes(int sig)
{
	return sig == SIGILL || sig == SIGFPE || sig == SIGSEGV || sig == SIGBUS || sig == SIGTRAP || sig == SIGCHLD ||
		sig == SIGSYS;
}

static void send_to(const struct fown *o, struct task *t, int fd, int code)
{
	siginfo_t info;
	int err;

	if (!may_signal(o, t))
		return;
	if (o->sig) {
		memset(&info, 0, sizeof(info));
		info.si_signo = o->sig;
		info.si_code = has_own_codes(o->sig) ? SI_SIGIO : code;
		info.si_fd = fd;
		info.si_band = band_of(code);
		err = o->type == F_OWNER_TID ? send_sig_task(o->sig, &info, t) : send_sig_group(o->sig, &info, t);
		if (!err)
			return; /* otherwise the queue is full, and a plain SIGIO says so */
	}
	if (o->type == F_OWNER_TID)
		send_sig_task(SIGIO, SEND_SIG_PRIV, t);
	else
		send_sig_group(SIGIO, SEND_SIG_PRIV, t);
}

static void for_owners(const struct fown *o, void (*fn)(const struct fown *o, struct task *t, int fd, int code), int fd, int code)
{
	struct task *t, *n;

	if (!o->pid)
		return;
	if (o->type == F_OWNER_PGRP) {
		list_for_each_entry_safe(t, n, &all_tasks, task_node)
			if (t->signal && t == t->signal->leader && t->signal->pgid == o->pid && t->state != TASK_ZOMBIE)
				fn(o, t, fd, code);
		return;
	}
	t = find_task(o->pid);
	if (t && t->signal && t->state != TASK_ZOMBIE && t->start_time == o->start)
		fn(o, o->type == F_OWNER_TID ? t : t->signal->leader, fd, code);
}

void send_sigio(struct file *f, int fd, int code)
{
	for_owners(&f->owner, send_to, fd, code);
}

void kill_fasync(struct fasync_list *l, int sig, int code)
{
	struct fasync_entry *e, *n;

	if (!l->entries.next)
		return;
	list_for_each_entry_safe(e, n, &l->entries, list)
		if (sig != SIGURG || e->file->owner.sig)
			send_sigio(e->file, e->fd, code);
}

static void send_urg(const struct fown *o, struct task *t, int fd __maybe_unused, int code __maybe_unused)
{
	if (!may_signal(o, t))
		return;
	if (o->type == F_OWNER_TID)
		send_sig_task(SIGURG, SEND_SIG_PRIV, t);
	else
		send_sig_group(SIGURG, SEND_SIG_PRIV, t);
}

bool send_sigurg(struct file *f)
{
	for_owners(&f->owner, send_urg, 0, 0);
	return f->owner.pid != 0;
}

/* ---- fcntl(2) ---- */

static int set_owner(struct file *f, int type, int pid)
{
	struct task *t = NULL;

	if (pid && type == F_OWNER_PGRP) {
		if (!pgrp_exists(pid, 0))
			return -ESRCH;
	} else if (pid) {
		t = find_task(pid);
		if (!t || (type == F_OWNER_PID && t->tgid != t->pid))
			return -ESRCH;
	}
	f->owner = (struct fown){ .pid = pid, .type = type, .sig = f->owner.sig, .start = t ? t->start_time : 0,
		.uid = current->cred->uid, .euid = current->cred->euid };
	return 0;
}

int f_setown(struct file *f, int who)
{
	if (who == (int)0x80000000)
		return -EINVAL;
	return who < 0 ? set_owner(f, F_OWNER_PGRP, -who) : set_owner(f, F_OWNER_PID, who);
}

/* The id, or 0 when nobody has it any more. */
static int owner_id(const struct fown *o)
{
	const struct task *t;

	if (!o->pid || o->type == F_OWNER_PGRP)
		return o->pid && pgrp_exists(o->pid, 0) ? o->pid : 0;
	t = find_task(o->pid);
	return t && t->start_time == o->start ? o->pid : 0;
}

int f_getown(const struct file *f)
{
	int id = owner_id(&f->owner);

	return f->owner.type == F_OWNER_PGRP ? -id : id;
}

long fcntl_owner(struct file *f, unsigned cmd, unsigned long arg)
{
	void __user *uarg = u64_to_uptr(arg);
	struct f_owner_ex ex;
	u32 ids[2];

	switch (cmd) {
	case F_GETOWN:
		return f_getown(f);
	case F_SETOWN:
		return f_setown(f, (int)arg);
	case F_GETSIG:
		return f->owner.sig;
	case F_SETSIG:
		if (arg > _NSIG)
			return -EINVAL;
		f->owner.sig = arg;
		return 0;
	case F_GETOWN_EX:
		ex = (struct f_owner_ex){ f->owner.type, owner_id(&f->owner) };
		return copy_to_user(uarg, &ex, sizeof(ex)) ? -EFAULT : 0;
	case F_SETOWN_EX:
		if (copy_from_user(&ex, uarg, sizeof(ex)))
			return -EFAULT;
		if (ex.type != F_OWNER_TID && ex.type != F_OWNER_PID && ex.type != F_OWNER_PGRP)
			return -EINVAL;
		return set_owner(f, ex.type, ex.pid);
	case F_GETOWNER_UIDS:
		ids[0] = f->owner.uid;
		ids[1] = f->owner.euid;
		return copy_to_user(uarg, ids, sizeof(ids)) ? -EFAULT : 0;
	}
	return -EINVAL;
}
