/* Opening files: flags, rights, creation; what the rest of the kernel does with paths and files; sizes and syncing.
 * The walk is namei.c's; what an open file can do is its file system's. */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/falloc.h>
#include <linux/resource.h>

#define __O_TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define VALID_OPEN_FLAGS (O_RDONLY | O_WRONLY | O_RDWR | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NDELAY | \
	O_NONBLOCK | O_SYNC | O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | \
	O_PATH | O_TMPFILE)
#define O_PATH_FLAGS (O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
/* Flags that act on open(2) alone and are not the description's. */
#define OPEN_ONLY_FLAGS (O_BY_NAME | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)
#ifndef O_LARGEFILE
#define O_LARGEFILE 0100000
#endif

struct open_request {
	u32 flags, mode, lookup;
	int acc;            /* MAY_* */
	bool exec;          /* for execve(2): MAY_EXEC is what is asked for */
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

/* Called when the file is open: what cannot do it is refused only now, and created all the same. */
static int check_direct(struct file *f)
{
	f->can_direct = f->ops->direct_io && S_ISREG(f->inode->mode);
	return (f->flags & O_DIRECT) && !f->can_direct ? -EINVAL : 0;
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

/* A mount that somebody writes through cannot become read-only. */
static void mnt_writer(struct file *f)
{
	if (!f->path.mnt || f->mnt_writer)
		return;
	f->mnt_writer = true;
	f->path.mnt->writers++;
}

/* The same for umk's own use, which watchers do not see. */
static struct file *path_open_quiet(const struct path *path, int flags)
{
	struct inode *inode = path->dentry->inode;
	struct file *f;
	int err;

	f = file_at(path, flags & O_PATH ? flags & ~O_CLOEXEC : flags);
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
		mnt_writer(f);
	} else if (S_ISREG(inode->mode) && (flags & O_TRUNC) && inode->deny_write) {
		file_put(f); /* O_TRUNC writes, whatever the descriptor may */
		return ERR_PTR(-ETXTBSY);
	}
	if (S_ISREG(inode->mode) && (flags & O_ACCMODE) == O_RDONLY) {
		inode->readers++;
		f->reader = true;
	}
	err = inode->leases ? __break_leases(inode, (flags & O_ACCMODE) != O_RDONLY, flags & O_NONBLOCK) : 0;
	if (!err)
		err = open_inode(f);
	if (!err && (flags & O_TRUNC) && S_ISREG(inode->mode) && !inode->sb->host) {
		file_remove_privs(f);
		err = f->ops->truncate ? f->ops->truncate(f, 0) : 0;
	}
	if (err) {
		/* What has not been opened is not released. */
		if (!f->private)
			f->ops = NULL;
		file_put(f);
		return ERR_PTR(err);
	}
	err = check_direct(f);
	if (err) {
		file_put(f);
		return ERR_PTR(err);
	}
	f->flags &= ~OPEN_ONLY_FLAGS;
	if ((flags & O_TRUNC) && S_ISREG(inode->mode) && inode->sb->host)
		truncate_pages(&inode->mapping, 0);
	return f;
}

struct file *path_open(const struct path *path, int flags)
{
	struct file *f = path_open_quiet(path, flags);

	if (IS_ERR(f) || (flags & O_PATH))
		return f;
	f->opened = true;
	fsnotify_file(f, IN_OPEN);
	if ((flags & O_TRUNC) && S_ISREG(f->inode->mode))
		fsnotify_file(f, IN_MODIFY);
	return f;
}

static int may_open(const struct path *path, const struct open_request *rq)
{
	struct inode *inode = path->dentry->inode;
	int err, readonly = 0;

	switch (inode->mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (rq->acc & MAY_WRITE)
			return -EISDIR;
		break;
	case S_IFCHR:
	case S_IFBLK:
		if (path->mnt && (path->mnt->flags & MS_NODEV))
			return -EACCES;
		break;
	case S_IFREG:
		if (rq->acc & MAY_WRITE)
			readonly = mnt_want_write(path->mnt);
		/* A mount's own flag comes after the rights, but for who truncates. */
		if (readonly && ((rq->flags & O_TRUNC) || (path->mnt->sb->flags & MS_RDONLY)))
			return readonly;
	}
	/* The host checks when it opens; but it does not know that a file is to be executed. */
	err = inode_permission(inode, rq->acc | (!rq->exec && (S_ISREG(inode->mode) || S_ISDIR(inode->mode)) ? MAY_DEFER : 0));
	if (err)
		return err;
	if (inode_append(inode) && ((rq->flags & O_TRUNC) || ((rq->flags & O_ACCMODE) != O_RDONLY && !(rq->flags & O_APPEND))))
		return -EPERM;
	if ((rq->flags & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return readonly;
}

static struct file *create_and_open(struct nameidata *nd, const struct open_request *rq)
{
	struct inode *dir = nd->path.dentry->inode, *made = NULL;
	u32 mode = creation_mode(dir, S_IFREG | (rq->mode & ~walk_fs()->umask & 07777));
	struct dentry *dentry;
	struct file *f;
	int err = mnt_want_write(nd->path.mnt);

	/* Where nothing can be created (procfs), the lookup itself has failed, whatever the rights are. */
	if (!err && (nd->path.dentry->deleted || !dir->ops->create))
		err = -ENOENT;
	if (!err)
		err = inode_permission(dir, MAY_WRITE | MAY_EXEC | MAY_DEFER);
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
	if (!err)
		err = check_direct(f);
	dentry = d_add(nd->path.dentry, nd->last, nd->last_len, inode_get(made));
	if (IS_ERR(dentry))
		err = PTR_ERR(dentry);
	else
		f->path = (struct path){ mntget(nd->path.mnt), dentry };
	f->flags &= ~OPEN_ONLY_FLAGS;
	if (err) {
		file_put(f);
		return ERR_PTR(err);
	}
	if ((rq->flags & O_ACCMODE) != O_RDONLY)
		mnt_writer(f);
	f->opened = f->created = true;
	fsnotify_name(dir, nd->last, IN_CREATE, 0);
	fsnotify_file(f, IN_OPEN);
	return f;
}

/* A file without a name in the file system of @dir. */
static struct file *make_tmpfile(const struct path *dir, const struct open_request *rq)
{
	struct inode *inode = dir->dentry->inode, *made = NULL;
	struct file *f = file_alloc(NULL, NULL, rq->flags | X86_O_LARGEFILE);
	int err = f ? mnt_want_write(dir->mnt) : -ENFILE;

	if (!err)
		err = inode_permission(inode, MAY_WRITE | MAY_EXEC | MAY_DEFER);
	if (!err && !inode->ops->tmpfile)
		err = -EOPNOTSUPP;
	if (!err)
		err = inode->ops->tmpfile(inode, rq->mode & ~walk_fs()->umask & 07777, f, &made);
	if (!err) {
		char text[32];

		f->inode = made;
		made->writers++;
		made->linkable = !(rq->flags & O_EXCL);
		ksnprintf(text, sizeof(text), "#%llu", (unsigned long long)made->ino);
		f->path.dentry = d_alloc_unlinked(dir->dentry, inode_get(made), text);
		if (f->path.dentry) {
			f->path.mnt = mntget(dir->mnt);
			mnt_writer(f);
		} else {
			err = -ENOMEM;
		}
		if (!err)
			err = check_direct(f);
		f->flags &= ~OPEN_ONLY_FLAGS;
	}
	if (err && f)
		file_put(f);
	return err ? ERR_PTR(err) : f;
}

static struct file *open_tmpfile(int dfd, const char *name, const struct open_request *rq)
{
	struct path dir;
	struct file *f;
	int err = path_lookup(dfd, name, rq->lookup | LOOKUP_DIRECTORY | LOOKUP_FOLLOW, &dir);

	if (err)
		return ERR_PTR(err);
	f = make_tmpfile(&dir, rq);
	path_put(&dir);
	return f;
}

static struct file *open_walk(int dfd, const char *name, const struct open_request *rq)
{
	bool guess = false, create = rq->flags & O_CREAT, nofollow = (rq->flags & O_NOFOLLOW) || (create && (rq->flags & O_EXCL));
	struct nameidata nd;
	struct path child;
	struct file *f = NULL;
	int err;
	unsigned lookup = rq->lookup;

	/* What the host opens is looked at again, and it checks the rights. */
	if (!(rq->flags & O_PATH) && cred_is_host())
		lookup |= LOOKUP_KNOWN | (create && (rq->flags & O_EXCL) ? 0 : LOOKUP_OPEN);
	err = nd_parent(&nd, dfd, name, lookup);

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
		guess = (lookup & LOOKUP_OPEN) && !(lookup & LOOKUP_SLOW) && nd.last_type == LAST_NORM;
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
			/* the root of a mount is what was mounted, whatever that is called now */
			bool named = nd.last_type == LAST_NORM && child.mnt == nd.path.mnt && !(rq->flags & O_PATH);

			f = path_open(&child, rq->flags | (rq->flags & O_PATH ? 0 : X86_O_LARGEFILE) | (named ? O_BY_NAME : 0));
			err = IS_ERR(f) ? PTR_ERR(f) : 0;
		}
		path_put(&child);
		/* What the name was before may be the reason. */
		if (err && guess)
			err = -ESTALE;
		break;
	}
	nd_end(&nd);
	return err ? ERR_PTR(err) : f;
}

/* What the flags ask for. */
static void set_access(struct open_request *rq)
{
	static const int acc[4] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE, MAY_READ | MAY_WRITE };

	if (rq->flags & O_PATH)
		rq->flags &= O_PATH_FLAGS;
	rq->acc = rq->flags & O_PATH ? 0 : acc[rq->flags & O_ACCMODE];
	if (rq->flags & O_TRUNC)
		rq->acc |= MAY_WRITE;
	if (rq->exec)
		rq->acc = MAY_EXEC;
}

static struct file *open_request(int dfd, const char *name, struct open_request *rq)
{
	struct file *f;

	set_access(rq);
	if ((rq->flags & O_TMPFILE) == O_TMPFILE)
		return open_tmpfile(dfd, name, rq);
	/* ESTALE: the object changed on the host between the look and the open. */
	for (int tries = 0; ; tries++) {
		f = open_walk(dfd, name, rq);
		rq->lookup |= LOOKUP_SLOW;
		if (!IS_ERR(f) || PTR_ERR(f) != -ESTALE || tries == 8)
			return f;
	}
}

struct file *do_open(int dfd, const char *path, int flags, u32 mode)
{
	struct open_request rq = { .flags = flags, .mode = mode };

	return open_request(dfd, path, &rq);
}

struct file *do_open_exec(int dfd, const char *path, int flags)
{
	struct open_request rq = { .flags = flags, .exec = true };

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

/* Flags that contradict each other: 0 or -EINVAL. */
static int check_flags(u32 flags)
{
	if (flags & __O_TMPFILE_BIT)
		return (flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE || (flags & O_ACCMODE) == O_RDONLY ? -EINVAL : 0;
	return (flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY) ? -EINVAL : 0;
}

/* open(2): unknown flags are ignored. */
static u32 known_flags(u32 flags)
{
	return flags & (flags & O_PATH ? O_PATH_FLAGS : VALID_OPEN_FLAGS);
}

static long do_sys_open(int dfd, const char __user *upath, u32 flags, u32 mode)
{
	struct open_request rq = { .flags = known_flags(flags), .mode = mode & 07777 };
	int err = check_flags(rq.flags);

	return err ? err : open_fd(dfd, upath, &rq);
}

static struct file *open_found(const struct path *path, struct open_request *rq)
{
	u32 mode = path->dentry->inode->mode;
	int err;

	set_access(rq);
	if ((rq->flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return ERR_PTR(-EEXIST);
	if ((rq->flags & O_CREAT) && S_ISDIR(mode))
		return ERR_PTR(-EISDIR);
	if ((rq->flags & O_DIRECTORY) && !S_ISDIR(mode))
		return ERR_PTR(-ENOTDIR);
	if ((rq->flags & O_TMPFILE) == O_TMPFILE)
		return make_tmpfile(path, rq);
	err = rq->flags & O_PATH ? 0 : may_open(path, rq);
	return err ? ERR_PTR(err) : path_open(path, rq->flags | (rq->flags & O_PATH ? 0 : X86_O_LARGEFILE));
}

long path_open_fd(const struct path *path, u32 flags)
{
	struct open_request rq = { .flags = known_flags(flags) };
	int err = check_flags(rq.flags), fd;
	struct file *f;

	fd = err ? err : fd_reserve(rq.flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	f = open_found(path, &rq);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
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
	struct open_how h;
	int err;

	if (usize < sizeof(h))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&h, sizeof(h), how, usize);
	if (err)
		return err;
	if ((h.flags & ~(u64)VALID_OPEN_FLAGS) || (h.resolve & ~(u64)0x3f) || (h.mode & ~(u64)07777))
		return -EINVAL;
	if ((h.resolve & RESOLVE_BENEATH) && (h.resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if (h.mode && !(h.flags & (O_CREAT | __O_TMPFILE_BIT)))
		return -EINVAL;
	if ((h.flags & O_PATH) && (h.flags & ~(u64)O_PATH_FLAGS))
		return -EINVAL;
	if (check_flags(h.flags))
		return -EINVAL;
	if ((h.resolve & RESOLVE_CACHED) && (h.flags & (O_CREAT | O_TRUNC | __O_TMPFILE_BIT)))
		return -EAGAIN; /* openat2(2): these may have to wait; the caller then tries without it */
	rq.flags = h.flags;
	rq.mode = h.mode;
	rq.lookup = (h.resolve & RESOLVE_NO_XDEV ? LOOKUP_NO_XDEV : 0) |
		(h.resolve & RESOLVE_NO_MAGICLINKS ? LOOKUP_NO_MAGICLINKS : 0) |
		(h.resolve & RESOLVE_CACHED ? LOOKUP_CACHED : 0) |
		(h.resolve & RESOLVE_NO_SYMLINKS ? LOOKUP_NO_SYMLINKS : 0) |
		(h.resolve & RESOLVE_BENEATH ? LOOKUP_BENEATH : 0) | (h.resolve & RESOLVE_IN_ROOT ? LOOKUP_IN_ROOT : 0);
	return open_fd(dfd, filename, &rq);
}

/* ---- for the rest of the kernel ---- */

ssize_t kernel_peek(struct file *f, void *buf, size_t size, u64 pos)
{
	struct iov_iter it;

	if (!f->ops->read)
		return -EINVAL;
	iov_iter_kbuf(&it, buf, size);
	return f->ops->read(f, &it, &pos);
}

ssize_t kernel_read(struct file *f, void *buf, size_t size, u64 pos)
{
	ssize_t n = kernel_peek(f, buf, size, pos);

	if (n > 0)
		fsnotify_file(f, IN_ACCESS);
	return n;
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
	return S_ISREG(f->inode->mode) && !file_noexec(f) && inode_permission(f->inode, MAY_EXEC) == 0;
}

struct file *open_unreadable(int dfd, const char *path, int flags)
{
	struct file *f = do_open(dfd, path, O_PATH | flags, 0), *opened;

	if (IS_ERR(f))
		return f;
	opened = file_may_exec(f) ? path_open(&f->path, O_RDONLY) : ERR_PTR(-EACCES);
	file_put(f);
	return opened;
}

bool file_may_read(struct file *f)
{
	return inode_permission(f->inode, MAY_READ) == 0;
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

/* ---- sizes ---- */

int inode_newsize_ok(const struct inode *inode, u64 size)
{
	if (size <= inode->size || size <= rlimit(RLIMIT_FSIZE))
		return 0;
	send_sig_task(SIGXFSZ, SEND_SIG_NOINFO, current);
	return -EFBIG;
}

int vfs_truncate(struct file *f, u64 size)
{
	int err;

	if (!f->ops->truncate)
		return -EINVAL;
	if (inode_append(f->inode))
		return -EPERM;
	err = inode_newsize_ok(f->inode, size);
	if (err)
		return err;
	file_remove_privs(f);
	err = f->ops->truncate(f, size);
	if (!err && f->path.dentry)
		fsnotify_dentry(f->path.dentry, IN_MODIFY); /* a change of an attribute, as Linux sees it */
	else if (!err)
		fsnotify_file(f, IN_MODIFY);
	return err;
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
		f = path_open_quiet(&p, O_WRONLY);
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

	f = fget(fd);
	if (!f)
		return -EBADF;
	if (offset < 0 || len <= 0)
		err = -EINVAL;
	else if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_ZERO_RANGE |
			FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE))
		err = -EOPNOTSUPP;
	else if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		err = -EOPNOTSUPP;
	else if ((f->flags & O_ACCMODE) == O_RDONLY)
		err = -EBADF;
	else if (inode_fixed(f->inode) || (inode_append(f->inode) && (mode & ~FALLOC_FL_KEEP_SIZE)))
		err = -EPERM;
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
	else {
		file_remove_privs(f);
		err = f->ops->fallocate(f, mode, offset, len);
		if (!err)
			fsnotify_file(f, IN_MODIFY);
	}
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
