/* Calls about files that stand for themselves: sync_file_range, syncfs and sync, file handles, quotas, ustat, sysfs(2). */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/capability.h>
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

/* ---- file handles ---- */

#define MAX_HANDLE_SZ 128
#define AT_HANDLE_FID_BIT 0x200 /* Linux 6.5: an identifier is enough, it need not be opened */
#define FILEID_INO64_GEN 0x81

struct handle_head {
	u32 bytes;
	s32 type;
};

/* umk's file systems make no handles that could be opened again, as overlayfs does without nfs_export. */
SYSCALL_DEFINE5(name_to_handle_at, int, dfd, const char __user *, name, struct handle_head __user *, handle,
	int __user *, mnt_id, int, flag)
{
	struct handle_head h;
	struct { u64 ino; u32 gen; } fid = { 0 };
	struct path path;
	long err;

	if (flag & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH | AT_HANDLE_FID_BIT))
		return -EINVAL;
	err = user_path(dfd, name, (flag & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0) | (flag & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0),
		&path);
	if (err)
		return err;
	err = -EOPNOTSUPP;
	if (!(flag & AT_HANDLE_FID_BIT) || !path.mnt) {
		LEDGER("name_to_handle_at", flag);
		goto put;
	}
	err = -EFAULT;
	if (copy_from_user(&h, handle, sizeof(h)))
		goto put;
	err = -EINVAL;
	if (h.bytes > MAX_HANDLE_SZ)
		goto put;
	err = h.bytes < 12 ? -EOVERFLOW : 0;
	h.bytes = 12;
	h.type = FILEID_INO64_GEN;
	fid.ino = path.dentry->inode->ino;
	if (copy_to_user(handle, &h, sizeof(h)) || (!err && copy_to_user((u8 __user *)handle + sizeof(h), &fid, 12)) ||
			put_user((int)path.mnt->id, mnt_id))
		err = -EFAULT;
put:
	path_put(&path);
	return err;
}

SYSCALL_DEFINE3(open_by_handle_at, int, mountdirfd, struct handle_head __user *, handle, int, flags __maybe_unused)
{
	struct handle_head h;
	struct file *f;

	if (mountdirfd != AT_FDCWD) {
		f = fget_path(mountdirfd);
		if (!f)
			return -EBADF;
		file_put(f);
	}
	if (!capable(CAP_DAC_READ_SEARCH))
		return -EPERM;
	if (copy_from_user(&h, handle, sizeof(h)))
		return -EFAULT;
	if (!h.bytes || h.bytes > MAX_HANDLE_SZ || h.type < 0)
		return -EINVAL;
	LEDGER("open_by_handle_at", h.type);
	return -ESTALE;
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
