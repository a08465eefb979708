/* Calls about files that stand for themselves: sync_file_range, syncfs and sync, cachestat, quotas, ustat, sysfs(2). */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/quota.h>
#include <linux/fs.h>

/* ---- syncing ---- */

/* What guests have mapped and changed is written when it is closed or synced by name; the rest is on the host already, whose
 * own caches sync(2) leaves to it. */
SYSCALL_DEFINE0(sync)
{
	hostfs_sync();
	return 0;
}

SYSCALL_DEFINE1(syncfs, int, fd)
{
	struct file *f = fget(fd);
	int err;

	if (!f)
		return -EBADF;
	err = hostfs_sync();
	if (!err && f->inode->sb && f->inode->sb->host)
		err = hostfs_syncfs(f->inode);
	file_put(f);
	return err;
}

#define SYNC_FILE_RANGE_ALL 7u

SYSCALL_DEFINE4(sync_file_range, int, fd, loff_t, offset, loff_t, nbytes, unsigned, flags)
{
	struct file *f = fget(fd);
	loff_t end = (loff_t)((u64)offset + (u64)nbytes);
	int err = 0;

	if (!f)
		return -EBADF;
	if ((flags & ~SYNC_FILE_RANGE_ALL) || offset < 0 || end < 0 || end < offset)
		err = -EINVAL;
	else if (!S_ISREG(f->inode->mode) && !S_ISDIR(f->inode->mode) && !S_ISBLK(f->inode->mode) && !S_ISLNK(f->inode->mode))
		err = -ESPIPE;
	else if (flags && S_ISREG(f->inode->mode))
		err = write_dirty_pages(&f->inode->mapping, (u64)offset >> PAGE_SHIFT,
			nbytes ? ((u64)end + PAGE_SIZE - 1) >> PAGE_SHIFT : ~0ull);
	file_put(f);
	return err;
}

/* ---- cachestat(2) ---- */

struct cachestat_range {
	u64 off, len;
};
struct cachestat {
	u64 nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted;
};

static void count_cached(struct address_space *m, const struct cachestat_range *r, struct cachestat *cs)
{
	u64 index = r->off >> PAGE_SHIFT, last = r->len ? (r->off + r->len - 1) >> PAGE_SHIFT : ~0ull;
	bool writeback = m->ops && m->ops->write_page; /* elsewhere dirty pages are what memory is */
	struct page *p;

	for (; index <= last && (p = next_page(m, &index)) && index <= last; index++) {
		cs->nr_cache++;
		cs->nr_dirty += writeback && (p->flags & PG_DIRTY);
		if (index == ~0ull)
			return;
	}
}

SYSCALL_DEFINE4(cachestat, unsigned, fd, const struct cachestat_range __user *, range, struct cachestat __user *, stat,
	unsigned, flags)
{
	struct file *f = fget(fd);
	struct cachestat cs = { 0 };
	struct cachestat_range r;
	int err = 0;

	if (!f)
		return -EBADF;
	if (copy_from_user(&r, range, sizeof(r)))
		err = -EFAULT;
	else if ((f->flags & O_ACCMODE) == O_RDONLY && !inode_may_write(f->inode))
		err = -EPERM;
	else if (flags)
		err = -EINVAL;
	if (!err) {
		count_cached(&f->inode->mapping, &r, &cs);
		err = copy_to_user(stat, &cs, sizeof(cs)) ? -EFAULT : 0;
	}
	file_put(f);
	return err;
}

/* ---- quotas: there are none ---- */

static int quota_type(unsigned cmd)
{
	return (cmd & SUBCMDMASK) >= MAXQUOTAS ? -EINVAL : 0;
}

SYSCALL_DEFINE4(quotactl, unsigned, cmd, const char __user *, special, u32, id __maybe_unused, void __user *, addr __maybe_unused)
{
	struct path path;
	int err = quota_type(cmd);

	if (err)
		return err;
	if (!special)
		return cmd >> SUBCMDSHIFT == Q_SYNC ? 0 : -ENODEV;
	err = user_path(AT_FDCWD, special, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	err = S_ISBLK(path.dentry->inode->mode) ? -ENODEV : -ENOTBLK;
	path_put(&path);
	return err;
}

SYSCALL_DEFINE4(quotactl_fd, unsigned, fd, unsigned, cmd, u32, id __maybe_unused, void __user *, addr __maybe_unused)
{
	struct file *f = fget_path(fd);
	int err;

	if (!f)
		return -EBADF;
	err = quota_type(cmd);
	file_put(f);
	return err ? err : -ENOSYS; /* the file system has no quotas */
}

/* ---- what file systems there are ---- */

struct ustat_layout {
	s32 tfree;
	u64 tinode;
	char fname[6], fpack[6];
};

SYSCALL_DEFINE2(ustat, unsigned, dev, struct ustat_layout __user *, ubuf)
{
	struct ustat_layout u = { 0 };
	struct host_statfs fs;
	struct mount *m;

	list_for_each_entry(m, &mounts, list) {
		u64 have = m->sb->host ? hostfs_dev(m->root->inode) : m->sb->dev;
		int err;

		if (have != dev)
			continue;
		err = statfs_inode(m->root->inode, m, &fs);
		if (err)
			return err;
		u.tfree = fs.bfree;
		u.tinode = fs.ffree;
		return copy_to_user(ubuf, &u, sizeof(u)) ? -EFAULT : 0;
	}
	return -EINVAL;
}

SYSCALL_DEFINE3(sysfs, int, option, unsigned long, arg1, unsigned long, arg2)
{
	const char __user *uname = u64_to_uptr(arg1);
	char name[64];
	const char *found;
	long len;

	switch (option) {
	case 1:
		len = strncpy_from_user(name, uname, sizeof(name));
		if (len < 0 || len >= (long)sizeof(name))
			return len < 0 ? len : -EINVAL;
		for (unsigned i = 0; (found = fs_type_name(i)); i++)
			if (!strcmp(found, name))
				return i;
		return -EINVAL;
	case 2:
		found = arg1 < 64 ? fs_type_name(arg1) : NULL;
		if (!found)
			return -EINVAL;
		return copy_to_user(u64_to_uptr(arg2), found, strlen(found) + 1) ? -EFAULT : 0;
	case 3:
		for (len = 0; fs_type_name(len); len++)
			;
		return len;
	}
	return -EINVAL;
}
