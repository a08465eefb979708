/* Leases of files: fcntl(2), "Leases". Who has one is told by a signal (F_SETSIG; SIGIO) when somebody is about to open the
 * file in a way that conflicts, or to truncate it; the opener waits until the lease is given up or lowered, but no longer than
 * /proc/sys/fs/lease-break-time. Only guests are seen: what the host's processes open breaks nothing. */
#include "internal.h"
#include "sched.h"
#include "sysctl.h"
#include <linux/capability.h>

struct lease {
	struct list_head list;
	struct file *file;      /* no reference: the lease goes when the file does */
	int fd;                 /* as fcntl(2) named it: si_fd */
	short type;             /* F_RDLCK, F_WRLCK */
	bool unlock, lower;     /* a breaker waits for its end; for it to become F_RDLCK */
	u64 deadline;           /* ns: then it is taken; of the first breaker */
};

static LIST_HEAD(leases); /* all: there are few */
static struct wait_queue_head breakers = { LIST_HEAD_INIT(breakers.entries) };
static u64 changes; /* of leases, ever */
static int lease_break_time = 45; /* seconds; 0: for ever */

void leases_init(void)
{
	static const struct ctl_table table[] = {
		{ "fs/lease-break-time", 0644, SYSCTL_INT(lease_break_time, 0, 0x7fffffff) }, { 0 },
	};

	sysctl_register(table);
}

static struct lease *lease_of(const struct file *f)
{
	struct lease *l;

	if (!f->inode || !f->inode->leases)
		return NULL;
	list_for_each_entry(l, &leases, list)
		if (l->file == f)
			return l;
	return NULL;
}

/* It becomes @type; F_UNLCK ends it. Breakers look again. */
static void lease_modify(struct lease *l, int type)
{
	l->lower = false;
	changes++;
	if (type != F_UNLCK) {
		l->type = type;
	} else {
		l->file->inode->leases--;
		list_del(&l->list);
		kfree(l);
	}
	wake_up_all(&breakers);
}

/* What breakers have waited for long enough happens. */
static void time_out(const struct inode *inode)
{
	struct lease *l, *n;

	list_for_each_entry_safe(l, n, &leases, list)
		if (l->file->inode == inode && (l->unlock || l->lower) && ktime_get() >= l->deadline)
			lease_modify(l, l->unlock ? F_UNLCK : F_RDLCK);
}

void lease_release(const struct file *f)
{
	struct lease *l = lease_of(f);

	if (l)
		lease_modify(l, F_UNLCK);
}

/* F_GETLEASE: what it is, or what a breaker wants it to become. */
long fcntl_getlease(const struct file *f)
{
	const struct lease *l;

	time_out(f->inode);
	l = lease_of(f);
	return !l || l->unlock ? F_UNLCK : l->lower ? F_RDLCK : l->type;
}

/* Does somebody else have the file open, in a way that a lease of @type would have to be broken for? */
static bool conflicts_with_open(const struct file *f, short type)
{
	u32 own_writer = (f->flags & O_ACCMODE) != O_RDONLY && !f->uncounted, own_reader = f->reader;

	if (type == F_RDLCK)
		return f->inode->writers;
	return f->inode->writers != own_writer || f->inode->readers != own_reader;
}

static int add_lease(struct file *f, int fd, short type)
{
	struct lease *l, *own = NULL;

	time_out(f->inode);
	if (conflicts_with_open(f, type))
		return -EAGAIN;
	list_for_each_entry(l, &leases, list) {
		if (l->file == f)
			own = l;
		else if (l->file->inode == f->inode && (type == F_WRLCK || l->unlock))
			return -EAGAIN;
	}
	if (own) {
		lease_modify(own, type);
		return 0;
	}
	l = kzalloc(sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->file = f;
	l->fd = fd;
	l->type = type;
	f->inode->leases++;
	list_add_tail(&l->list, &leases);
	if (!f->owner.pid)
		f_setown(f, current->tgid);
	return 0;
}

/* F_SETLEASE: EINVAL, EAGAIN (others have it open, or there is none to give up), EACCES, ENOMEM. */
long fcntl_setlease(int fd, struct file *f, unsigned long arg)
{
	struct lease *l;

	if (arg != F_RDLCK && arg != F_WRLCK && arg != F_UNLCK)
		return -EINVAL;
	if (current->cred->fsuid != f->inode->uid && !capable(CAP_LEASE))
		return -EACCES;
	if (!S_ISREG(f->inode->mode))
		return -EINVAL;
	if (arg == F_UNLCK) {
		l = lease_of(f);
		if (!l)
			return -EAGAIN;
		lease_modify(l, F_UNLCK);
		return 0;
	}
	return add_lease(f, fd, arg);
}

/* Tells those whose leases @inode's opener cannot stand; *deadline: when the first of them is taken. Whether there are any. */
static bool must_break(const struct inode *inode, bool write, u64 *deadline)
{
	struct lease *l;
	bool any = false;

	time_out(inode);
	*deadline = KTIME_MAX;
	list_for_each_entry(l, &leases, list) {
		bool told = write ? l->unlock : l->unlock || l->lower;

		if (l->file->inode != inode || (!write && l->type != F_WRLCK))
			continue;
		any = true;
		if (!told) {
			if (!l->unlock && !l->lower)
				l->deadline = lease_break_time ? ktime_add_safe(ktime_get(), lease_break_time * 1000000000ull) : KTIME_MAX;
			if (write)
				l->unlock = true;
			else
				l->lower = true;
			send_sigio(l->file, l->fd, POLL_MSG);
		}
		*deadline = min(*deadline, l->deadline);
	}
	return any;
}

int __break_leases(const struct inode *inode, bool write, bool nonblock)
{
	u64 deadline, was;
	long err;

	while (must_break(inode, write, &deadline)) {
		if (nonblock)
			return -EAGAIN;
		/* Woken up for every change of any lease: must_break() knows of which. */
		was = changes;
		err = wait_event_deadline(&breakers, was != changes, TASK_INTERRUPTIBLE, deadline);
		if (err == -ERESTARTSYS)
			return err;
	}
	return 0;
}
