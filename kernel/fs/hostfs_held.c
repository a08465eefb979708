/* Host descriptors of files that guests have closed and may open again: compilers open the same headers, interpreters the same
 * modules, again and again. One that was opened for reading only, nothing more, is kept instead of being closed while the name
 * that it was opened by is known (hostwatch.c), and serves the next such open when the host's inode has not changed since: then
 * its owner, mode and access lists have not either. What is removed on the host is let go by the event of that. */
#include "hostfs.h"
#include "trap.h"
#include <linux/resource.h>

#define MAX_HELD 128
#define MAX_SIZE (32ull << 20) /* bytes of a file: until its removal is seen, the host cannot free them */

static LIST_HEAD(held);        /* oldest first */
static unsigned nr_held;

static unsigned limit(void)
{
	return min((u64)MAX_HELD, (u64)umk_options.rlimit[RLIMIT_NOFILE].max / 16);
}

static int take(struct hostfs_inode *hi)
{
	int fd = hi->held_fd;

	hi->held_fd = -1;
	list_del(&hi->held);
	nr_held--;
	return fd;
}

void hostfs_drop_held(struct hostfs_inode *hi)
{
	if (hi->held_fd >= 0)
		hostfs_close(take(hi));
}

void hostfs_let_go(struct hostfs_inode *hi)
{
	struct address_space *m = &hi->inode.mapping;

	hostfs_drop_held(hi);
	if (m->host_id)
		trap->forget_file(m->host_id);
	m->host_id = 0;
}

void hostfs_drop_all_held(const struct hostfs_inode *dir)
{
	struct hostfs_inode *hi, *n;

again:
	list_for_each_entry_safe(hi, n, &held, held) {
		if (dir && hi->dir != dir)
			continue;
		hostfs_drop_held(hi);
		goto again; /* that may have slept */
	}
}

bool hostfs_hold(struct file *f, struct hostfs_file *hf)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct dentry *d = f->path.dentry;

	if (!hf->plain || hf->dio || hi->direct || !S_ISREG(f->inode->mode) || hi->held_fd >= 0 || f->inode->size > MAX_SIZE)
		return false;
	if (!d || d->deleted || !d->parent || !hi->dir || d->parent->inode != &hi->dir->inode || !hostwatch_knows(d) || !limit())
		return false;
	hi->held_fd = hf->fd;
	hi->held_ctime = hf->ctime;
	list_add_tail(&hi->held, &held);
	if (++nr_held > limit())
		hostfs_drop_held(list_first_entry(&held, struct hostfs_inode, held));
	return true;
}

int hostfs_take_held(struct hostfs_inode *hi, const struct file *f, struct host_stat *st)
{
	const struct dentry *d = f->path.dentry;
	bool known;
	int fd, err;

	if (hi->held_fd < 0 || (f->flags & (O_ACCMODE | HOSTFS_OPEN_FLAGS)))
		return -1;
	fd = take(hi);
	known = d && d->parent && hi->dir && d->parent->inode == &hi->dir->inode && hostwatch_knows(d);
	if (known)
		err = hostfs_statat(fd, "", st);
	else
		err = hi->dir ? hostfs_statat(hostfs_fd(hi->dir), hi->name, st) : -ESTALE;
	if (!err && st->dev == hi->dev && st->ino == hi->inode.ino && st->nlink && st->ctime.sec == hi->held_ctime.sec &&
			st->ctime.nsec == hi->held_ctime.nsec)
		return fd;
	hostfs_close(fd);
	return -1;
}
