/* Opening files, and the calls that change what a path names: access, chdir, chmod, chown, times, truncate.
 * The walk is namei.c's; what an open file can do is its file system's. */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/utime.h>
#include <linux/falloc.h>
#include <linux/resource.h>

#define __O_TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define VALID_OPEN_FLAGS (O_RDONLY | O_WRONLY | O_RDWR | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NDELAY | \
	O_NONBLOCK | O_SYNC | O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | \
	O_PATH | O_TMPFILE)
#define O_PATH_FLAGS (O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
/* Flags that act on open(2) alone and are not the description's. */
#define OPEN_ONLY_FLAGS (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)
#ifndef O_LARGEFILE
#define O_LARGEFILE 0100000
#endif
#define X86_O_LARGEFILE 0100000

struct open_request {
	u32 flags, mode, lookup;
	int acc;            /* MAY_* */
};

/* ---- opening ---- */

static const struct file_operations path_fops = { .name = "O_PATH" };

static int open_inode(struct file *f)
{
	struct inode *inode = f->inode;

	switch (inode->mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFIFO:
		return inode->ops && inode->ops->open && !inode->sb->host ? inode->ops->open(inode, f) : fifo_open(inode, f);
	case S_IFCHR:
		return inode->ops && inode->ops->open && !inode->sb->host ? inode->ops->open(inode, f) :
			chrdev_open(inode, f);
	case S_IFBLK:
	case S_IFSOCK:
		return -ENXIO;
	}
	f->ops = inode->fops;
	if (inode->ops && inode->ops->open)
		return inode->ops->open(inode, f);
	return f->ops ? 0 : -ENXIO;
}

static struct file *file_at(const struct path *path, u32 flags)
{
	struct file *f = file_alloc(NULL, path->dentry->inode, flags);

	if (!f)
		return ERR_PTR(-ENFILE);
	f->path = *path;
	path_get(&f->path);
	return f;
}

struct file *path_open(const struct path *path, int flags)
{
	struct inode *inode = path->dentry->inode;
	struct file *f;
	int err;

	f = file_at(path, flags & O_PATH ? flags & ~O_CLOEXEC : flags | X86_O_LARGEFILE);
	if (IS_ERR(f))
		return f;
	/* What has no open descriptor on the host would be lost with its name. */
	if (inode->sb && inode->sb->host && ((flags & O_PATH) || !(S_ISREG(inode->mode) || S_ISDIR(inode->mode)))) {
		err = hostfs_pin(inode);
		if (err) {
			file_put(f);
			return ERR_PTR(err);
		}
	}
	if (flags & O_PATH) {
		f->ops = &path_fops;
		return f;
	}
	if (S_ISREG(inode->mode) && (flags & O_ACCMODE) != O_RDONLY) {
		inode->writers++;
		if (inode->deny_write) {
			file_put(f);
			return ERR_PTR(-ETXTBSY);
		}
	}
	err = open_inode(f);
	if (!err && (flags & O_TRUNC) && S_ISREG(inode->mode) && !inode->sb->host)
		err = vfs_truncate(f, 0);
	if (err) {
		/* What has not been opened is not released. */
		if (!f->private)
			f->ops = NULL;
		file_put(f);
		return ERR_PTR(err);
	}
	f->flags &= ~OPEN_ONLY_FLAGS;
	if ((flags & O_TRUNC) && S_ISREG(inode->mode) && inode->sb->host)
		truncate_pages(&inode->mapping, 0);
	return f;
}

static int may_open(const struct path *path, const struct open_request *rq)
{
	struct inode *inode = path->dentry->inode;
	int err;

	switch (inode->mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (rq->acc & MAY_WRITE)
			return -EISDIR;
		break;
	case S_IFREG:
		if (rq->acc & MAY_WRITE) {
			err = mnt_want_write(path->mnt);
			if (err)
				return err;
		}
	}
	err = inode_permission(inode, rq->acc | (S_ISREG(inode->mode) || S_ISDIR(inode->mode) ? MAY_DEFER : 0));
	if (err)
		return err;
	if ((rq->flags & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

static struct file *create_and_open(struct nameidata *nd, const struct open_request *rq)
{
	struct inode *dir = nd->path.dentry->inode, *made = NULL;
	u32 mode = S_IFREG | (rq->mode & ~walk_fs()->umask & 07777);
	struct dentry *dentry;
	struct file *f;
	int err = mnt_want_write(nd->path.mnt);

	if (!err && nd->path.dentry->deleted)
		err = -ENOENT;
	if (!err)
		err = inode_permission(dir, MAY_WRITE | MAY_EXEC | MAY_DEFER);
	if (!err && !dir->ops->create)
		err = -ENOENT;
	if (err)
		return ERR_PTR(err);
	f = file_alloc(NULL, NULL, rq->flags | X86_O_LARGEFILE);
	if (!f)
		return ERR_PTR(-ENFILE);
	if (dir->ops->create_open)
		err = dir->ops->create_open(dir, nd->last, mode, f, &made);
	else
		err = dir->ops->create(dir, nd->last, mode, 0, &made);
	if (err) {
		file_put(f);
		return ERR_PTR(err);
	}
	f->inode = made;
	if ((rq->flags & O_ACCMODE) != O_RDONLY)
		made->writers++;
	if (!dir->ops->create_open)
		err = open_inode(f);
	dentry = d_add(nd->path.dentry, nd->last, nd->last_len, inode_get(made));
	if (IS_ERR(dentry))
		err = PTR_ERR(dentry);
	else
		f->path = (struct path){ nd->path.mnt, dentry };
	f->flags &= ~OPEN_ONLY_FLAGS;
	if (err) {
		file_put(f);
		return ERR_PTR(err);
	}
	return f;
}

static struct file *open_tmpfile(int dfd, const char *name, const struct open_request *rq)
{
	struct inode *made = NULL;
	struct path dir;
	struct file *f;
	int err = path_lookup(dfd, name, rq->lookup | LOOKUP_DIRECTORY | LOOKUP_FOLLOW, &dir);

	if (err)
		return ERR_PTR(err);
	f = file_alloc(NULL, NULL, rq->flags | X86_O_LARGEFILE);
	err = f ? mnt_want_write(dir.mnt) : -ENFILE;
	if (!err)
		err = inode_permission(dir.dentry->inode, MAY_WRITE | MAY_EXEC | MAY_DEFER);
	if (!err && !dir.dentry->inode->ops->tmpfile)
		err = -EOPNOTSUPP;
	if (!err)
		err = dir.dentry->inode->ops->tmpfile(dir.dentry->inode, rq->mode & ~walk_fs()->umask & 07777, f, &made);
	if (!err) {
		char text[32];

		f->inode = made;
		made->writers++;
		ksnprintf(text, sizeof(text), "#%llu", (unsigned long long)made->ino);
		f->path.dentry = d_alloc_root(inode_get(made), text);
		f->path.mnt = NULL;
		f->flags &= ~OPEN_ONLY_FLAGS;
	}
	path_put(&dir);
	if (err && f)
		file_put(f);
	return err ? ERR_PTR(err) : f;
}

static struct file *open_walk(int dfd, const char *name, const struct open_request *rq)
{
	bool create = rq->flags & O_CREAT, nofollow = (rq->flags & O_NOFOLLOW) || (create && (rq->flags & O_EXCL));
	struct nameidata nd;
	struct path child;
	struct file *f = NULL;
	int err = nd_parent(&nd, dfd, name, rq->lookup);

	while (!err) {
		struct inode *inode;

		if (create && (nd.last_type == LAST_DOT || nd.last_type == LAST_DOTDOT || nd.last_type == LAST_ROOT ||
				(nd.trailing && nd.last_type == LAST_NORM))) {
			err = (rq->flags & O_EXCL) && nd.last_type != LAST_NORM ? -EEXIST : -EISDIR;
			break;
		}
		err = nd_lookup_last(&nd, &child);
		if (err == -ENOENT && create && nd.last_type == LAST_NORM) {
			f = create_and_open(&nd, rq);
			err = IS_ERR(f) ? PTR_ERR(f) : 0;
			if (err == -EEXIST && !(rq->flags & O_EXCL)) {
				err = 0; /* somebody was faster: open what they made */
				continue;
			}
			break;
		}
		if (err)
			break;
		inode = child.dentry->inode;
		if (create && (rq->flags & O_EXCL)) {
			err = -EEXIST;
		} else if (S_ISLNK(inode->mode) && nd.last_type != LAST_JUMPED && (!nofollow || nd.trailing)) {
			err = nd_follow_last(&nd, &child);
			path_put(&child);
			continue;
		} else if (create && S_ISDIR(inode->mode)) {
			err = -EISDIR;
		} else if (!S_ISDIR(inode->mode) && ((rq->flags & O_DIRECTORY) || nd.trailing)) {
			err = -ENOTDIR;
		} else if (!(rq->flags & O_PATH)) {
			err = may_open(&child, rq);
		}
		if (!err) {
			f = path_open(&child, rq->flags);
			err = IS_ERR(f) ? PTR_ERR(f) : 0;
		}
		path_put(&child);
		break;
	}
	nd_end(&nd);
	return err ? ERR_PTR(err) : f;
}

static struct file *open_request(int dfd, const char *name, struct open_request *rq)
{
	static const int acc[4] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE, MAY_READ | MAY_WRITE };
	struct file *f;

	if (rq->flags & O_PATH)
		rq->flags &= O_PATH_FLAGS;
	rq->acc = rq->flags & O_PATH ? 0 : acc[rq->flags & O_ACCMODE];
	if (rq->flags & O_TRUNC)
		rq->acc |= MAY_WRITE;
	if ((rq->flags & O_TMPFILE) == O_TMPFILE)
		return open_tmpfile(dfd, name, rq);
	/* ESTALE: the object changed on the host between the look and the open. */
	for (int tries = 0; ; tries++) {
		f = open_walk(dfd, name, rq);
		if (!IS_ERR(f) || PTR_ERR(f) != -ESTALE || tries == 8)
			return f;
	}
}

struct file *do_open(int dfd, const char *path, int flags, u32 mode)
{
	struct open_request rq = { .flags = flags, .mode = mode };

	return open_request(dfd, path, &rq);
}

static long open_fd(int dfd, const char __user *upath, struct open_request *rq)
{
	char *name = getname(upath, 0);
	struct file *f;
	int fd;

	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = fd_reserve(rq->flags & O_CLOEXEC);
	if (fd >= 0) {
		f = open_request(dfd, name, rq);
		if (IS_ERR(f)) {
			fd_unreserve(fd);
			fd = PTR_ERR(f);
		} else {
			fd_install(fd, f);
		}
	}
	kfree(name);
	return fd;
}

/* open(2): unknown flags are ignored. */
static long do_sys_open(int dfd, const char __user *upath, u32 flags, u32 mode)
{
	struct open_request rq = { .flags = flags & VALID_OPEN_FLAGS, .mode = mode & 07777 };

	if (rq.flags & O_PATH)
		rq.flags &= O_PATH_FLAGS;
	if (rq.flags & __O_TMPFILE_BIT) {
		if ((rq.flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE || (rq.flags & O_ACCMODE) == O_RDONLY)
			return -EINVAL;
	} else if ((rq.flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
		return -EINVAL;
	}
	return open_fd(dfd, upath, &rq);
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags, unsigned short, mode)
{
	return do_sys_open(AT_FDCWD, filename, flags, mode);
}

SYSCALL_DEFINE4(openat, int, dfd, const char __user *, filename, int, flags, unsigned short, mode)
{
	return do_sys_open(dfd, filename, flags, mode);
}

SYSCALL_DEFINE2(creat, const char __user *, pathname, unsigned short, mode)
{
	return do_sys_open(AT_FDCWD, pathname, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* openat2(2): what open ignores is an error here. */
SYSCALL_DEFINE4(openat2, int, dfd, const char __user *, filename, struct open_how __user *, how, size_t, usize)
{
	struct open_request rq = { 0 };
	struct open_how h = { 0 };

	if (usize < sizeof(h))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(&h, how, sizeof(h)))
		return -EFAULT;
	for (size_t i = sizeof(h); i < usize; i++) {
		u8 c;

		if (get_user(c, (u8 __user *)how + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	if ((h.flags & ~(u64)VALID_OPEN_FLAGS) || (h.resolve & ~(u64)0x3f) || (h.mode & ~(u64)07777))
		return -EINVAL;
	if ((h.resolve & RESOLVE_BENEATH) && (h.resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if (h.mode && !(h.flags & (O_CREAT | __O_TMPFILE_BIT)))
		return -EINVAL;
	if ((h.flags & O_PATH) && (h.flags & ~(u64)O_PATH_FLAGS))
		return -EINVAL;
	if (h.flags & __O_TMPFILE_BIT) {
		if ((h.flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE || (h.flags & O_ACCMODE) == O_RDONLY)
			return -EINVAL;
	} else if ((h.flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
		return -EINVAL;
	}
	if (h.resolve & RESOLVE_CACHED) {
		LEDGER("openat2: RESOLVE_CACHED", h.resolve);
		return -EAGAIN; /* openat2(2): the caller then tries without it */
	}
	rq.flags = h.flags;
	rq.mode = h.mode;
	rq.lookup = (h.resolve & RESOLVE_NO_XDEV ? LOOKUP_NO_XDEV : 0) |
		(h.resolve & RESOLVE_NO_MAGICLINKS ? LOOKUP_NO_MAGICLINKS : 0) |
		(h.resolve & RESOLVE_NO_SYMLINKS ? LOOKUP_NO_SYMLINKS : 0) |
		(h.resolve & RESOLVE_BENEATH ? LOOKUP_BENEATH : 0) | (h.resolve & RESOLVE_IN_ROOT ? LOOKUP_IN_ROOT : 0);
	return open_fd(dfd, filename, &rq);
}

/* ---- for the rest of the kernel ---- */

ssize_t kernel_read(struct file *f, void *buf, size_t size, u64 pos)
{
	struct iov_iter it;

	if (!f->ops->read)
		return -EINVAL;
	iov_iter_kbuf(&it, buf, size);
	return f->ops->read(f, &it, &pos);
}

ssize_t kernel_write(struct file *f, const void *buf, size_t size, u64 pos)
{
	struct iov_iter it;

	if (!f->ops->write)
		return -EINVAL;
	iov_iter_kbuf(&it, (void *)buf, size);
	return f->ops->write(f, &it, &pos);
}

int file_path(struct file *f, char *buf, size_t size)
{
	struct path path;
	bool deleted;
	int err = file_dentry_path(f, &path), len;

	if (err)
		return err;
	len = path_text(&path, buf, size, &deleted);
	if (len >= 0 && deleted) {
		static const char mark[] = " (deleted)";

		if (len + sizeof(mark) > size) {
			len = -ENAMETOOLONG;
		} else {
			memcpy(buf + len, mark, sizeof(mark));
			len += sizeof(mark) - 1;
		}
	}
	path_put(&path);
	return len;
}

bool file_may_exec(struct file *f)
{
	return S_ISREG(f->inode->mode) && inode_permission(f->inode, MAY_EXEC) == 0;
}

int deny_write_access(struct file *f)
{
	if (f->inode->writers)
		return -ETXTBSY;
	f->inode->deny_write++;
	return 0;
}

void allow_write_access(struct file *f)
{
	f->inode->deny_write--;
}

/* ---- access ---- */

static long do_faccessat(int dfd, const char __user *filename, int mode, int flags)
{
	struct cred *cred = current->cred, real;
	struct path path;
	int err;

	if ((mode & ~7) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return -EINVAL;
	if (!(flags & AT_EACCESS) && (cred->fsuid != cred->uid || cred->fsgid != cred->gid)) {
		/* access(2): with the real ids; and only a real root has root's capabilities. */
		real = *cred;
		real.refs = 2; /* never freed by a put */
		real.fsuid = real.euid = cred->uid;
		real.fsgid = real.egid = cred->gid;
		real.cap_effective = cred->uid ? 0 : cred->cap_permitted;
		current->cred = &real;
	}
	err = user_path(dfd, filename, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), &path);
	if (!err) {
		struct inode *inode = path.dentry->inode;

		if (mode)
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

static int do_setattr(const struct path *path, unsigned valid, const struct kstat *st)
{
	struct inode *inode = path->dentry->inode;
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	if (!inode->ops || !inode->ops->setattr)
		return inode->sb && inode->sb->magic == 0x9fa0 ? -EPERM : simple_setattr(inode, valid, st);
	return inode->ops->setattr(inode, valid, st);
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
			st.mode = inode->mode & ~(S_ISUID | (inode->mode & S_IXGRP ? S_ISGID : 0));
			valid |= ATTR_MODE;
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

	if (tt->now || (tt->t[0].nsec == UTIME_NOW && tt->t[1].nsec == UTIME_NOW)) {
		valid = ATTR_ATIME_NOW | ATTR_MTIME_NOW;
		if (!(inode->sb->host && cred_is_host()) && !inode_owner_or_capable(inode)) {
			int err = inode_permission(inode, MAY_WRITE);

			if (err)
				return err;
		}
		return do_setattr(path, valid, &st);
	}
	if (tt->t[0].nsec == UTIME_OMIT && tt->t[1].nsec == UTIME_OMIT)
		return 0;
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
			if (ts[i].tv_nsec != UTIME_NOW && ts[i].tv_nsec != UTIME_OMIT &&
					(ts[i].tv_nsec < 0 || ts[i].tv_nsec > 999999999))
				return -EINVAL;
		}
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

/* ---- sizes ---- */

int vfs_truncate(struct file *f, u64 size)
{
	if (!f->ops->truncate)
		return -EINVAL;
	if (size > f->inode->size && size > rlimit(RLIMIT_FSIZE)) {
		send_sig_task(SIGXFSZ, SEND_SIG_PRIV, current);
		return -EFBIG;
	}
	return f->ops->truncate(f, size);
}

SYSCALL_DEFINE2(truncate, const char __user *, path, loff_t, length)
{
	struct open_request rq = { .flags = O_WRONLY, .acc = MAY_WRITE };
	struct path p;
	struct file *f;
	int err;

	if (length < 0)
		return -EINVAL;
	err = user_path(AT_FDCWD, path, LOOKUP_FOLLOW, &p);
	if (err)
		return err;
	if (S_ISDIR(p.dentry->inode->mode))
		err = -EISDIR;
	else if (!S_ISREG(p.dentry->inode->mode))
		err = -EINVAL;
	else
		err = may_open(&p, &rq);
	if (!err) {
		f = path_open(&p, O_WRONLY);
		err = IS_ERR(f) ? PTR_ERR(f) : vfs_truncate(f, length);
		if (!IS_ERR(f))
			file_put(f);
	}
	path_put(&p);
	return err;
}

SYSCALL_DEFINE2(ftruncate, unsigned, fd, loff_t, length)
{
	struct file *f;
	int err;

	if (length < 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (!S_ISREG(f->inode->mode) || (f->flags & O_ACCMODE) == O_RDONLY)
		err = -EINVAL;
	else
		err = vfs_truncate(f, length);
	file_put(f);
	return err;
}

SYSCALL_DEFINE4(fallocate, int, fd, int, mode, loff_t, offset, loff_t, len)
{
	struct file *f;
	int err;

	if (offset < 0 || len <= 0)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE |
			FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE))
		err = -EOPNOTSUPP;
	else if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		err = -EOPNOTSUPP;
	else if ((f->flags & O_ACCMODE) == O_RDONLY)
		err = -EBADF;
	else if (S_ISFIFO(f->inode->mode))
		err = -ESPIPE;
	else if (S_ISDIR(f->inode->mode))
		err = -EISDIR;
	else if (!S_ISREG(f->inode->mode))
		err = -ENODEV;
	else if (len > (loff_t)(~0ull >> 1) - offset)
		err = -EFBIG;
	else if (!f->ops->fallocate)
		err = -EOPNOTSUPP;
	else
		err = f->ops->fallocate(f, mode, offset, len);
	file_put(f);
	return err;
}

/* ---- syncing ---- */

static long do_fsync(unsigned fd, bool datasync)
{
	struct file *f = fget(fd);
	int err;

	if (!f)
		return -EBADF;
	err = f->ops->fsync ? f->ops->fsync(f, datasync) : -EINVAL;
	file_put(f);
	return err;
}

SYSCALL_DEFINE1(fsync, unsigned, fd)
{
	return do_fsync(fd, false);
}

SYSCALL_DEFINE1(fdatasync, unsigned, fd)
{
	return do_fsync(fd, true);
}
