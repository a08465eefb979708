/* What stat(2) and statfs(2) tell: the file systems' attributes in the layouts of the calls. */
#include "internal.h"
#include "syscalls.h"
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/stat.h>

int vfs_getattr(struct file *f, struct kstat *st)
{
	st->result_mask = 0;
	return inode_getattr(f->inode, st);
}

void kstat_set_mount(struct kstat *st, const struct mount *mnt, bool root)
{
	if (!mnt)
		return;
	st->mnt_id = mnt->id;
	st->result_mask |= STATX_MNT_ID;
	st->attributes_mask |= STATX_ATTR_MOUNT_ROOT;
	st->attributes &= ~(u64)STATX_ATTR_MOUNT_ROOT;
	if (root)
		st->attributes |= STATX_ATTR_MOUNT_ROOT;
}

int path_stat(const struct path *path, struct kstat *st)
{
	int err = inode_getattr(path->dentry->inode, st);

	if (!err)
		kstat_set_mount(st, path->mnt, path->mnt && path->dentry == path->mnt->root);
	return err;
}

static int stat_at(int dfd, const char __user *filename, int flags, struct kstat *st)
{
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && dfd >= 0 && upath_is_empty(filename, &err)) {
		struct file *f;

		if (err)
			return err;
		f = fget_path(dfd);
		if (!f)
			return -EBADF;
		err = vfs_getattr(f, st);
		file_put(f);
		return err;
	}
	if (!filename && (flags & AT_EMPTY_PATH) && dfd == AT_FDCWD) {
		struct path cwd = current->fs->cwd;

		path_get(&cwd);
		err = path_stat(&cwd, st);
		path_put(&cwd);
		return err;
	}
	return path_getattr(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), st);
}

static long put_stat(const struct kstat *st, struct stat __user *to)
{
	struct stat s = {
		.st_dev = st->dev, .st_ino = st->ino, .st_nlink = st->nlink, .st_mode = st->mode, .st_uid = st->uid,
		.st_gid = st->gid, .st_rdev = st->rdev, .st_size = st->size, .st_blksize = st->blksize,
		.st_blocks = st->blocks, .st_atime = st->atime.sec, .st_atime_nsec = st->atime.nsec,
		.st_mtime = st->mtime.sec, .st_mtime_nsec = st->mtime.nsec, .st_ctime = st->ctime.sec,
		.st_ctime_nsec = st->ctime.nsec,
	};

	return copy_to_user(to, &s, sizeof(s)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(stat, const char __user *, filename, struct stat __user *, statbuf)
{
	struct kstat st = { 0 };
	int err = stat_at(AT_FDCWD, filename, 0, &st);

	return err ? err : put_stat(&st, statbuf);
}

SYSCALL_DEFINE2(lstat, const char __user *, filename, struct stat __user *, statbuf)
{
	struct kstat st = { 0 };
	int err = stat_at(AT_FDCWD, filename, AT_SYMLINK_NOFOLLOW, &st);

	return err ? err : put_stat(&st, statbuf);
}

SYSCALL_DEFINE2(fstat, unsigned, fd, struct stat __user *, statbuf)
{
	struct kstat st = { 0 };
	struct file *f = fget_path(fd);
	int err;

	if (!f)
		return -EBADF;
	err = vfs_getattr(f, &st);
	file_put(f);
	return err ? err : put_stat(&st, statbuf);
}

SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, filename, struct stat __user *, statbuf, int, flag)
{
	struct kstat st = { 0 };
	int err = stat_at(dfd, filename, flag, &st);

	return err ? err : put_stat(&st, statbuf);
}


#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000u /* Linux 6.8 */
#endif

SYSCALL_DEFINE5(statx, int, dfd, const char __user *, filename, unsigned, flags, unsigned, mask,
	struct statx __user *, buffer)
{
	struct kstat st = { 0 };
	struct statx x = { 0 };
	int err;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = stat_at(dfd, filename, flags, &st);
	if (err)
		return err;
	x.stx_mask = st.result_mask & ~KSTAT_FRESH;
	x.stx_blksize = st.blksize;
	x.stx_attributes = st.attributes;
	x.stx_attributes_mask = st.attributes_mask;
	x.stx_nlink = st.nlink;
	x.stx_uid = st.uid;
	x.stx_gid = st.gid;
	x.stx_mode = st.mode;
	x.stx_ino = st.ino;
	x.stx_size = st.size;
	x.stx_blocks = st.blocks;
	x.stx_atime.tv_sec = st.atime.sec, x.stx_atime.tv_nsec = st.atime.nsec;
	x.stx_mtime.tv_sec = st.mtime.sec, x.stx_mtime.tv_nsec = st.mtime.nsec;
	x.stx_ctime.tv_sec = st.ctime.sec, x.stx_ctime.tv_nsec = st.ctime.nsec;
	x.stx_btime.tv_sec = st.btime.sec, x.stx_btime.tv_nsec = st.btime.nsec;
	x.stx_rdev_major = dev_major(st.rdev);
	x.stx_rdev_minor = dev_minor(st.rdev);
	x.stx_dev_major = dev_major(st.dev);
	x.stx_dev_minor = dev_minor(st.dev);
	x.stx_mnt_id = st.mnt_id;
	if ((mask & STATX_MNT_ID_UNIQUE) && (x.stx_mask & STATX_MNT_ID)) {
		x.stx_mnt_id = mount_unique_id_of(st.mnt_id);
		x.stx_mask ^= STATX_MNT_ID | STATX_MNT_ID_UNIQUE;
	}
	if (!(mask & STATX_DIOALIGN))
		x.stx_mask &= ~STATX_DIOALIGN;
	else
		x.stx_dio_mem_align = st.dio_mem_align, x.stx_dio_offset_align = st.dio_offset_align;
	return copy_to_user(buffer, &x, sizeof(x)) ? -EFAULT : 0;
}

/* ---- file systems ---- */

/* statfs(2)'s ST_* of a mount. */
static u64 st_flags(const struct mount *mnt)
{
	static const struct { u32 mnt, st; } map[] = { { MS_RDONLY, 1 }, { MS_NOSUID, 2 }, { MS_NODEV, 4 }, { MS_NOEXEC, 8 },
		{ MS_NOATIME, 1024 }, { MS_NODIRATIME, 2048 }, { MS_RELATIME, 4096 }, { MS_NOSYMFOLLOW, 8192 } };
	u64 flags = mnt->sb->flags & MS_RDONLY ? 1 : 0;

	for (unsigned i = 0; i < ARRAY_SIZE(map); i++)
		if (mnt->flags & map[i].mnt)
			flags |= map[i].st;
	return flags;
}

int statfs_inode(struct inode *inode, const struct mount *mnt, struct host_statfs *fs)
{
	struct super_block *sb = inode->sb;

	*fs = (struct host_statfs){ .type = sb ? sb->magic : 0, .bsize = PAGE_SIZE, .frsize = PAGE_SIZE, .namelen = NAME_MAX };
	if (inode->ops && inode->ops->statfs) {
		int err = inode->ops->statfs(inode, fs);

		if (err)
			return err;
	}
	if (mnt)
		fs->flags |= st_flags(mnt);
	return 0;
}

static long put_statfs(const struct host_statfs *fs, struct statfs __user *to)
{
	struct statfs s = {
		.f_type = fs->type, .f_bsize = fs->bsize, .f_blocks = fs->blocks, .f_bfree = fs->bfree, .f_bavail = fs->bavail,
		.f_files = fs->files, .f_ffree = fs->ffree, .f_fsid = { { fs->fsid, fs->fsid >> 32 } },
		.f_namelen = fs->namelen, .f_frsize = fs->frsize, .f_flags = fs->flags | 0x20 /* ST_VALID */,
	};

	return copy_to_user(to, &s, sizeof(s)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(statfs, const char __user *, pathname, struct statfs __user *, buf)
{
	struct host_statfs fs;
	struct path path;
	int err = user_path(AT_FDCWD, pathname, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = statfs_inode(path.dentry->inode, path.mnt, &fs);
	path_put(&path);
	return err ? err : put_statfs(&fs, buf);
}

SYSCALL_DEFINE2(fstatfs, unsigned, fd, struct statfs __user *, buf)
{
	struct file *f = fget_path(fd);
	struct host_statfs fs;
	int err;

	if (!f)
		return -EBADF;
	err = statfs_inode(f->inode, f->path.mnt, &fs);
	file_put(f);
	return err ? err : put_statfs(&fs, buf);
}
