/* Advisory locks: fcntl(2)'s record locks, owned by a process (its descriptor table) or by an open file description, and
 * flock(2)'s. They hold among umk's guests; processes of the host do not see them. */
#include "internal.h"
#include "locks.h"
#include "seq.h"
#include "syscalls.h"

enum lock_kind { LOCK_POSIX, LOCK_OFD, LOCK_FLOCK };
struct file_lock {
	struct file_lock *next;  /* inode.locks, unordered */
	enum lock_kind kind;
	struct list_head all;    /* all_locks, the newest first */
	struct inode *inode;     /* which holds it */
	const void *owner;       /* files_struct (LOCK_POSIX) or struct file */
	const struct file *file; /* by which it was taken: only compared */
	int pid;
	short type;              /* F_RDLCK, F_WRLCK */
	u64 start, end;          /* bytes, inclusive */
};
#define LOCK_END (~0ull >> 1)

static LIST_HEAD(all_locks);

/* Who waits for what: for EDEADLK and /proc/locks. */
struct lock_waiter {
	struct list_head list;
	const struct file_lock *want;
	const void *owner;
	const void *blocked_by;
};
static LIST_HEAD(waiters);
static struct wait_queue_head unlocked = { .entries = LIST_HEAD_INIT(unlocked.entries) };

static struct file_lock *lock_new(const struct file_lock *like)
{
	struct file_lock *l = kmemdup(like, sizeof(*like));

	if (l)
		list_add(&l->all, &all_locks);
	return l;
}

static void lock_free(struct file_lock *l)
{
	if (l)
		list_del(&l->all);
	kfree(l);
}

static bool same_class(const struct file_lock *a, const struct file_lock *b)
{
	return (a->kind == LOCK_FLOCK) == (b->kind == LOCK_FLOCK);
}

static bool same_owner(const struct file_lock *a, const struct file_lock *b)
{
	return a->kind == b->kind && a->owner == b->owner;
}

/* The one that begins first. */
static struct file_lock *find_conflict(struct inode *inode, const struct file_lock *want)
{
	struct file_lock *first = NULL;

	for (struct file_lock *l = inode->locks; l; l = l->next)
		if (same_class(l, want) && !same_owner(l, want) && l->start <= want->end && want->start <= l->end &&
				(l->type == F_WRLCK || want->type == F_WRLCK) && (!first || l->start < first->start))
			first = l;
	return first;
}

/* What F_OFD_GETLK with F_UNLCK asks for, since Linux 6.4: a lock of the caller's own in the range. */
static struct file_lock *find_own(struct inode *inode, const struct file_lock *want)
{
	struct file_lock *first = NULL;

	for (struct file_lock *l = inode->locks; l; l = l->next)
		if (same_class(l, want) && same_owner(l, want) && l->start <= want->end && want->start <= l->end &&
				(!first || l->start < first->start))
			first = l;
	return first;
}

/* Takes [start, end] of @want's owner out of the list: locks are cut, split or dropped. One split needs *spare. */
static void clear_range(struct inode *inode, const struct file_lock *want, struct file_lock **spare)
{
	struct file_lock **at = &inode->locks, *l;

	while ((l = *at)) {
		if (!same_owner(l, want) || l->end < want->start || l->start > want->end) {
			at = &l->next;
		} else if (l->start < want->start && l->end > want->end) {
			struct file_lock *tail = *spare;
			struct list_head all = tail->all;

			*spare = NULL;
			*tail = *l;
			tail->all = all;
			tail->start = want->end + 1;
			l->end = want->start - 1;
			l->next = tail;
			return;
		} else if (l->start < want->start) {
			l->end = want->start - 1;
			at = &l->next;
		} else if (l->end > want->end) {
			l->start = want->end + 1;
			at = &l->next;
		} else {
			*at = l->next;
			lock_free(l);
		}
	}
}

/* Grows @l by what its owner holds next to it in the same way. */
static void merge(struct inode *inode, struct file_lock *l)
{
	struct file_lock **at = &inode->locks, *o;

	while ((o = *at)) {
		bool touches = o != l && same_owner(o, l) && o->type == l->type &&
			(o->end + 1 == l->start || l->end + 1 == o->start);

		if (!touches) {
			at = &o->next;
			continue;
		}
		l->start = min(l->start, o->start);
		l->end = max(l->end, o->end);
		*at = o->next;
		lock_free(o);
	}
}

static int set_lock(struct inode *inode, const struct file_lock *want)
{
	struct file_lock *spare = lock_new(want), *l = lock_new(want);

	if (!spare || !l) {
		lock_free(spare);
		lock_free(l);
		return -ENOLCK;
	}
	clear_range(inode, want, &spare);
	if (want->type != F_UNLCK) {
		l->next = inode->locks;
		inode->locks = l;
		merge(inode, l);
	} else {
		lock_free(l);
	}
	lock_free(spare);
	wake_up_all(&unlocked);
	return 0;
}

static bool would_deadlock(const void *me, const void *blocker)
{
	struct lock_waiter *w;
	const void *at = blocker;

	for (int steps = 0; steps < 16; steps++) {
		bool found = false;

		if (at == me)
			return true;
		list_for_each_entry(w, &waiters, list)
			if (w->owner == at) {
				at = w->blocked_by;
				found = true;
				break;
			}
		if (!found)
			return false;
	}
	return false;
}

/* Is nobody in the way any more, or somebody else? Whoever waits for that one must be looked at anew. */
static bool blocker_changed(struct inode *inode, const struct lock_waiter *w)
{
	struct file_lock *other = find_conflict(inode, w->want);

	return !other || other->owner != w->blocked_by;
}

static int take_lock(struct inode *inode, const struct file_lock *want, bool wait)
{
	for (;;) {
		struct file_lock *other = want->type == F_UNLCK ? NULL : find_conflict(inode, want);
		struct lock_waiter w = { .owner = want->owner, .want = want };
		long err;

		if (!other)
			return set_lock(inode, want);
		if (!wait)
			return -EAGAIN;
		if (want->kind == LOCK_POSIX && would_deadlock(want->owner, other->owner))
			return -EDEADLK;
		w.blocked_by = other->owner;
		list_add_tail(&w.list, &waiters);
		err = wait_event_interruptible(&unlocked, blocker_changed(inode, &w));
		list_del(&w.list);
		if (err)
			return err;
	}
}

static void drop_locks(struct inode *inode, const void *owner)
{
	struct file_lock **at = &inode->locks, *l;
	bool any = false;

	while ((l = *at)) {
		if (l->owner == owner) {
			*at = l->next;
			lock_free(l);
			any = true;
		} else {
			at = &l->next;
		}
	}
	if (any)
		wake_up_all(&unlocked);
}

/* fcntl(2): a process loses its locks on a file when it closes any descriptor of it. */
void locks_release_owner(struct inode *inode, void *owner)
{
	drop_locks(inode, owner);
}

void locks_release_file(struct file *f)
{
	drop_locks(f->inode, f);
}

/* ---- /proc/locks and the lines "lock:" of /proc/PID/fdinfo ---- */

static void lock_line(struct seq *s, unsigned long long id, const char *arrow, const struct file_lock *l)
{
	u64 dev = inode_dev(l->inode);

	seq_printf(s, "%llu: %s%s ADVISORY  %s %d %02x:%02x:%llu ", id, arrow,
		l->kind == LOCK_FLOCK ? "FLOCK " : l->kind == LOCK_OFD ? "OFDLCK" : "POSIX ", l->type == F_RDLCK ? "READ" : "WRITE",
		l->kind == LOCK_OFD ? -1 : l->pid, dev_major(dev), dev_minor(dev),
		(unsigned long long)l->inode->ino);
	if (l->end == LOCK_END)
		seq_printf(s, "%llu EOF\n", (unsigned long long)l->start);
	else
		seq_printf(s, "%llu %llu\n", (unsigned long long)l->start, (unsigned long long)l->end);
}

/* Who waits stands below what it waits for. */
void locks_show(struct seq *s)
{
	unsigned long long id = 0;
	struct file_lock *l;
	struct lock_waiter *w;

	list_for_each_entry(l, &all_locks, all) {
		lock_line(s, ++id, "", l);
		list_for_each_entry(w, &waiters, list)
			if (find_conflict(l->inode, w->want) == l && w->want->inode == l->inode)
				lock_line(s, id, "-> ", w->want);
	}
}

/* The whole-file locks first, then records from the first byte on. */
void locks_show_file(struct seq *s, const struct file *f, const struct files_struct *files)
{
	unsigned long long id = 0;

	for (int flock = 1; flock >= 0; flock--) {
		const struct file_lock *last = NULL, *next;

		do {
			next = NULL;
			for (const struct file_lock *l = f->inode->locks; l; l = l->next)
				if ((l->kind == LOCK_FLOCK) == flock && l->file == f && (l->owner == f || l->owner == files) &&
						(!last || l->start > last->start) && (!next || l->start < next->start))
					next = l;
			if (next) {
				seq_puts(s, "lock:\t");
				lock_line(s, ++id, "", next);
			}
			last = next;
		} while (next);
	}
}

/* ---- fcntl ---- */

static int range_of(struct file *f, const struct flock *fl, struct file_lock *l)
{
	struct kstat st = { 0 };
	s64 start, len = fl->l_len;
	int err;

	switch (fl->l_whence) {
	case 0:
		start = 0;
		break;
	case 1:
		start = f->pos;
		break;
	case 2:
		err = vfs_getattr(f, &st);
		if (err)
			return err;
		start = st.size;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(start, (s64)fl->l_start, &start))
		return -EOVERFLOW;
	if (start < 0)
		return -EINVAL;
	if (len > 0) {
		if (len - 1 > (s64)LOCK_END - start)
			return -EOVERFLOW;
		l->start = start;
		l->end = start + (len - 1);
	} else if (len < 0) {
		if (start + len < 0)
			return -EINVAL;
		l->start = start + len;
		l->end = start - 1;
	} else {
		l->start = start;
		l->end = LOCK_END;
	}
	return 0;
}

long fcntl_lock(struct file *f, unsigned cmd, unsigned long arg)
{
	struct flock __user *ufl = u64_to_uptr(arg);
	struct file_lock want = { .pid = current->tgid, .inode = f->inode, .file = f }, *other;
	bool ofd = cmd == F_OFD_GETLK || cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;
	bool get = cmd == F_GETLK || cmd == F_OFD_GETLK;
	struct flock fl;
	u32 acc = f->flags & O_ACCMODE;
	int err;

	if (copy_from_user(&fl, ufl, sizeof(fl)))
		return -EFAULT;
	if (fl.l_type != F_RDLCK && fl.l_type != F_WRLCK && (cmd == F_GETLK || fl.l_type != F_UNLCK))
		return -EINVAL;
	if (ofd && fl.l_pid)
		return -EINVAL;
	err = range_of(f, &fl, &want);
	if (err)
		return err;
	want.type = fl.l_type;
	want.kind = ofd ? LOCK_OFD : LOCK_POSIX;
	want.owner = ofd ? (const void *)f : current->files;
	if (get) {
		other = want.type == F_UNLCK ? find_own(f->inode, &want) : find_conflict(f->inode, &want);
		if (other) {
			fl.l_type = other->type;
			fl.l_whence = 0;
			fl.l_start = other->start;
			fl.l_len = other->end == LOCK_END ? 0 : (s64)(other->end - other->start + 1);
			fl.l_pid = other->kind == LOCK_OFD ? -1 : other->pid;
		} else {
			fl.l_type = F_UNLCK;
		}
		return copy_to_user(ufl, &fl, sizeof(fl)) ? -EFAULT : 0;
	}
	if ((want.type == F_RDLCK && acc == O_WRONLY) || (want.type == F_WRLCK && acc == O_RDONLY))
		return -EBADF;
	return take_lock(f->inode, &want, cmd == F_SETLKW || cmd == F_OFD_SETLKW);
}

/* ---- flock ---- */

SYSCALL_DEFINE2(flock, unsigned, fd, unsigned, cmd)
{
	struct file_lock want = { .kind = LOCK_FLOCK, .end = LOCK_END, .pid = current->tgid };
	struct file *f;
	int err;

	if (cmd & 32)
		return 0; /* LOCK_MAND: flock(2) of today ignores it */
	switch (cmd & ~4u) {
	case 1:
		want.type = F_RDLCK;
		break;
	case 2:
		want.type = F_WRLCK;
		break;
	case 8:
		want.type = F_UNLCK;
		break;
	default:
		return -EINVAL;
	}
	f = fget(fd);
	if (!f)
		return -EBADF;
	/* Access mode 3 gives neither right, and locking takes one of them. */
	if (want.type != F_UNLCK && (f->flags & O_ACCMODE) == O_ACCMODE) {
		file_put(f);
		return -EBADF;
	}
	want.owner = want.file = f;
	want.inode = f->inode;
	/* A conversion gives the old lock up first: flock(2). */
	if (want.type != F_UNLCK && find_conflict(f->inode, &want)) {
		struct file_lock none = want;

		none.type = F_UNLCK;
		set_lock(f->inode, &none);
	}
	err = take_lock(f->inode, &want, !(cmd & 4));
	file_put(f);
	return err;
}
