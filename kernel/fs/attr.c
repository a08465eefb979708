/* The calls on what a path names that do not open it: rights (access, chmod, chown), times, and where a process stands
 * (chdir, chroot, getcwd, umask). Attributes are the file systems'; who may change them is checked here where the host
 * does not check by itself. */
#include "internal.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/time.h>
#include <linux/utime.h>

/* ---- access ---- */

static long do_faccessat(int dfd, const char __user *filename, int mode, int flags)
{
	struct cred *cred = current->cred, real;
	struct path path;
	int err;

	if ((mode & ~7) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return -EINVAL;
	if (!(flags & AT_EACCESS) && (cred->fsuid != cred->uid || cred->fsgid != cred->gid ||
			cred->cap_effective != (cred->uid ? 0 : cred->cap_permitted))) {
		/* access(2): with the real ids; and only a real root has root's capabilities. */
		real = *cred;
		real.refs = 2; /* never freed by a put */
		real.fsuid = real.euid = cred->uid;
		real.fsgid = real.egid = cred->gid;
		real.cap_effective = cred->uid ? 0 : cred->cap_permitted;
		current->cred = &real;
	}
	err = user_path(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0) | (cred_is_host() ? LOOKUP_KNOWN : 0), &path);
	if (!err) {
		struct inode *inode = path.dentry->inode;

		if ((mode & MAY_EXEC) && S_ISREG(inode->mode) && path_noexec(&path))
			err = -EACCES;
		else if (mode)
			err = inode_permission(inode, mode);
		if (!err && (mode & MAY_WRITE) && !S_ISFIFO(inode->mode) && !S_ISSOCK(inode->mode) && !S_ISCHR(inode->mode) &&
				!S_ISBLK(inode->mode))
			err = mnt_want_write(path.mnt);
		path_put(&path);
	}
	current->cred = cred;
	return err;
}

SYSCALL_DEFINE2(access, const char __user *, filename, int, mode)
{
	return do_faccessat(AT_FDCWD, filename, mode, 0);
}

SYSCALL_DEFINE3(faccessat, int, dfd, const char __user *, filename, int, mode)
{
	return do_faccessat(dfd, filename, mode, 0);
}

SYSCALL_DEFINE4(faccessat2, int, dfd, const char __user *, filename, int, mode, int, flags)
{
	return do_faccessat(dfd, filename, mode, flags);
}

/* ---- where a process stands ---- */

/* Takes over the reference. */
static int set_cwd(const struct path *path)
{
	struct path old = current->fs->cwd;
	int err = path->dentry->inode->sb->host ? hostfs_pin(path->dentry->inode) : 0;

	if (err) {
		path_put(path);
		return err;
	}
	current->fs->cwd = *path;
	path_put(&old);
	return 0;
}

SYSCALL_DEFINE1(chdir, const char __user *, filename)
{
	struct path path;
	int err = user_path(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = inode_permission(path.dentry->inode, MAY_EXEC);
	if (!err)
		return set_cwd(&path);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE1(fchdir, unsigned, fd)
{
	struct file *f = fget_path(fd);
	int err;

	if (!f)
		return -EBADF;
	if (!f->path.dentry || !S_ISDIR(f->inode->mode))
		err = -ENOTDIR;
	else
		err = inode_permission(f->inode, MAY_EXEC);
	if (!err) {
		struct path path = f->path;

		path_get(&path);
		err = set_cwd(&path);
	}
	file_put(f);
	return err;
}

SYSCALL_DEFINE1(chroot, const char __user *, filename)
{
	struct path path, old;
	int err = user_path(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = inode_permission(path.dentry->inode, MAY_EXEC);
	if (!err && !capable(CAP_SYS_CHROOT))
		err = -EPERM;
	if (err) {
		path_put(&path);
		return err;
	}
	old = current->fs->root;
	current->fs->root = path;
	path_put(&old);
	return 0;
}

SYSCALL_DEFINE2(getcwd, char __user *, buf, unsigned long, size)
{
	char *text = kmalloc(PATH_MAX);
	bool deleted;
	long len;

	if (!text)
		return -ENOMEM;
	len = path_text(&current->fs->cwd, text, PATH_MAX, &deleted);
	if (len >= 0 && !deleted && !path_reachable(&current->fs->cwd, &current->fs->root)) {
		static const char mark[] = "(unreachable)"; /* getcwd(2) */

		if (len + sizeof(mark) > PATH_MAX) {
			len = -ENAMETOOLONG;
		} else {
			memmove(text + sizeof(mark) - 1, text, len + 1);
			memcpy(text, mark, sizeof(mark) - 1);
			len += sizeof(mark) - 1;
		}
	}
	if (len >= 0 && deleted)
		len = -ENOENT;
	if (len >= 0) {
		len++;
		if ((unsigned long)len > size)
			len = -ERANGE;
		else if (copy_to_user(buf, text, len))
			len = -EFAULT;
	}
	kfree(text);
	return len;
}

SYSCALL_DEFINE1(umask, int, mask)
{
	u32 old = current->fs->umask;

	current->fs->umask = mask & 0777;
	return old;
}

/* ---- attributes ---- */

/* What inotify(7) calls a change of these attributes. */
static u32 attr_event(unsigned valid)
{
	bool atime = valid & (ATTR_ATIME | ATTR_ATIME_NOW), mtime = valid & (ATTR_MTIME | ATTR_MTIME_NOW);

	if ((valid & (ATTR_UID | ATTR_GID | ATTR_MODE)) || (atime && mtime))
		return IN_ATTRIB;
	return atime ? IN_ACCESS : IN_MODIFY;
}

static int do_setattr(const struct path *path, unsigned valid, const struct kstat *st)
{
	struct inode *inode = path->dentry->inode;
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	if (inode_fixed(inode) || (inode_append(inode) && (valid & ~(ATTR_ATIME_NOW | ATTR_MTIME_NOW))))
		return -EPERM;
	if (!inode->ops || !inode->ops->setattr)
		err = inode->sb && inode->sb->magic == PROC_SUPER_MAGIC ? -EPERM :
			inode->sb && inode->sb->magic == ANON_INODE_FS_MAGIC ? -EOPNOTSUPP : simple_setattr(inode, valid, st);
	else
		err = inode->ops->setattr(inode, valid, st);
	if (!err)
		fsnotify_dentry(path->dentry, attr_event(valid));
	return err;
}

static int chmod_path(const struct path *path, u32 mode)
{
	struct kstat st = { .mode = mode & 07777 };
	struct inode *inode = path->dentry->inode;

	if (S_ISLNK(inode->mode))
		return -EOPNOTSUPP;
	if (!(inode->sb->host && cred_is_host())) {
		if (mnt_want_write(path->mnt))
			return -EROFS;
		if (!inode_owner_or_capable(inode))
			return -EPERM;
		/* chmod(2): who is not of the file's group cannot give it set-group-id. */
		if (!in_group(inode->gid) && !capable(CAP_FSETID))
			st.mode &= ~S_ISGID;
	}
	return do_setattr(path, ATTR_MODE, &st);
}

static long do_fchmodat(int dfd, const char __user *filename, u32 mode, unsigned flags)
{
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), &path);
	if (err)
		return err;
	err = chmod_path(&path, mode);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE2(chmod, const char __user *, filename, unsigned short, mode)
{
	return do_fchmodat(AT_FDCWD, filename, mode, 0);
}

SYSCALL_DEFINE3(fchmodat, int, dfd, const char __user *, filename, unsigned short, mode)
{
	return do_fchmodat(dfd, filename, mode, 0);
}

SYSCALL_DEFINE4(fchmodat2, int, dfd, const char __user *, filename, unsigned short, mode, unsigned, flags)
{
	return do_fchmodat(dfd, filename, mode, flags);
}

/* Runs @what on the path of an open file. */
static int with_fd(unsigned fd, int (*what)(const struct path *path, const void *arg), const void *arg)
{
	struct file *f = fget(fd);
	struct path path;
	int err;

	if (!f)
		return -EBADF;
	err = file_dentry_path(f, &path);
	if (!err) {
		err = what(&path, arg);
		path_put(&path);
	}
	file_put(f);
	return err;
}

static int chmod_arg(const struct path *path, const void *arg)
{
	return chmod_path(path, *(const u32 *)arg);
}

SYSCALL_DEFINE2(fchmod, unsigned, fd, unsigned short, mode)
{
	u32 m = mode;

	return with_fd(fd, chmod_arg, &m);
}

struct owner { u32 uid, gid; };

static int chown_arg(const struct path *path, const void *arg)
{
	const struct owner *o = arg;
	struct kstat st = { .uid = o->uid, .gid = o->gid };
	struct inode *inode = path->dentry->inode;
	unsigned valid = (o->uid != (u32)-1 ? ATTR_UID : 0) | (o->gid != (u32)-1 ? ATTR_GID : 0);

	if (!(inode->sb->host && cred_is_host())) {
		if (mnt_want_write(path->mnt))
			return -EROFS;
		if ((valid & ATTR_UID) && !(o->uid == inode->uid && current->cred->fsuid == inode->uid) && !capable(CAP_CHOWN))
			return -EPERM;
		if ((valid & ATTR_GID) && !(current->cred->fsuid == inode->uid && (in_group(o->gid) || o->gid == inode->gid)) &&
				!capable(CAP_CHOWN))
			return -EPERM;
		/* chown(2): set-user-id and set-group-id of a program end with its owner. */
		if (!S_ISDIR(inode->mode) && (inode->mode & 06000)) {
			st.mode = mode_without_privs(inode);
			if (st.mode != inode->mode) {
				if (!inode_owner_or_capable(inode))
					return -EPERM;
				valid |= ATTR_MODE;
			}
		}
	}
	return do_setattr(path, valid, &st);
}

static long do_fchownat(int dfd, const char __user *filename, u32 uid, u32 gid, int flags)
{
	struct owner o = { uid, gid };
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), &path);
	if (err)
		return err;
	err = chown_arg(&path, &o);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE3(chown, const char __user *, filename, u32, user, u32, group)
{
	return do_fchownat(AT_FDCWD, filename, user, group, 0);
}

SYSCALL_DEFINE3(lchown, const char __user *, filename, u32, user, u32, group)
{
	return do_fchownat(AT_FDCWD, filename, user, group, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE5(fchownat, int, dfd, const char __user *, filename, u32, user, u32, group, int, flag)
{
	return do_fchownat(dfd, filename, user, group, flag);
}

SYSCALL_DEFINE3(fchown, unsigned, fd, u32, user, u32, group)
{
	struct owner o = { user, group };

	return with_fd(fd, chown_arg, &o);
}

/* ---- times ---- */

struct two_times {
	bool now;               /* no times given: both now, and write permission is enough */
	struct { s64 sec; s64 nsec; } t[2];
};

static int utimes_arg(const struct path *path, const void *arg)
{
	const struct two_times *tt = arg;
	struct inode *inode = path->dentry->inode;
	struct kstat st = { 0 };
	unsigned valid = 0;
	int err;

	for (int i = 0; i < 2; i++)
		if (tt->t[i].nsec != UTIME_NOW && tt->t[i].nsec != UTIME_OMIT && (u64)tt->t[i].nsec > 999999999)
			return -EINVAL;
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	if (tt->now || (tt->t[0].nsec == UTIME_NOW && tt->t[1].nsec == UTIME_NOW)) {
		valid = ATTR_ATIME_NOW | ATTR_MTIME_NOW;
		if (!(inode->sb->host && cred_is_host()) && !inode_owner_or_capable(inode)) {
			err = inode_permission(inode, MAY_WRITE);
			if (err)
				return err;
		}
		return do_setattr(path, valid, &st);
	}
	st.atime.sec = tt->t[0].sec, st.atime.nsec = tt->t[0].nsec;
	st.mtime.sec = tt->t[1].sec, st.mtime.nsec = tt->t[1].nsec;
	valid |= tt->t[0].nsec == UTIME_NOW ? ATTR_ATIME_NOW : tt->t[0].nsec != UTIME_OMIT ? ATTR_ATIME : 0;
	valid |= tt->t[1].nsec == UTIME_NOW ? ATTR_MTIME_NOW : tt->t[1].nsec != UTIME_OMIT ? ATTR_MTIME : 0;
	if (!(inode->sb->host && cred_is_host()) && !inode_owner_or_capable(inode))
		return -EPERM;
	return do_setattr(path, valid, &st);
}

static long do_utimes(int dfd, const char __user *filename, const struct two_times *tt, int flags)
{
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!filename && dfd != AT_FDCWD) {
		if (flags)
			return -EINVAL;
		return with_fd(dfd, utimes_arg, tt);
	}
	err = user_path(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), &path);
	if (err)
		return err;
	err = utimes_arg(&path, tt);
	path_put(&path);
	return err;
}

SYSCALL_DEFINE4(utimensat, int, dfd, const char __user *, filename, const struct __kernel_timespec __user *, utimes,
	int, flags)
{
	struct two_times tt = { .now = !utimes };
	struct __kernel_timespec ts[2];

	if (utimes) {
		if (copy_from_user(ts, utimes, sizeof(ts)))
			return -EFAULT;
		for (int i = 0; i < 2; i++) {
			tt.t[i].sec = ts[i].tv_sec;
			tt.t[i].nsec = ts[i].tv_nsec;
		}
		/* Nothing to do: Linux does not even look the path up. */
		if (ts[0].tv_nsec == UTIME_OMIT && ts[1].tv_nsec == UTIME_OMIT)
			return 0;
	}
	return do_utimes(dfd, filename, &tt, flags);
}

static int get_timevals(struct two_times *tt, const struct __kernel_old_timeval __user *utimes)
{
	struct __kernel_old_timeval tv[2];

	if (!utimes) {
		tt->now = true;
		return 0;
	}
	if (copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (int i = 0; i < 2; i++) {
		if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
			return -EINVAL;
		tt->t[i].sec = tv[i].tv_sec;
		tt->t[i].nsec = tv[i].tv_usec * 1000;
	}
	return 0;
}

SYSCALL_DEFINE3(futimesat, int, dfd, const char __user *, filename, struct __kernel_old_timeval __user *, utimes)
{
	struct two_times tt = { 0 };
	int err = get_timevals(&tt, utimes);

	return err ? err : do_utimes(dfd, filename, &tt, 0);
}

SYSCALL_DEFINE2(utimes, char __user *, filename, struct __kernel_old_timeval __user *, utimes)
{
	struct two_times tt = { 0 };
	int err = get_timevals(&tt, utimes);

	return err ? err : do_utimes(AT_FDCWD, filename, &tt, 0);
}

SYSCALL_DEFINE2(utime, char __user *, filename, struct utimbuf __user *, times)
{
	struct two_times tt = { .now = !times };
	struct utimbuf ub;

	if (times) {
		if (copy_from_user(&ub, times, sizeof(ub)))
			return -EFAULT;
		tt.t[0].sec = ub.actime;
		tt.t[1].sec = ub.modtime;
	}
	return do_utimes(AT_FDCWD, filename, &tt, 0);
}
