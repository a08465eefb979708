/* The calls that make, remove, link and rename names. The walk to the directory is namei.c's, what happens in it the file
 * system's; here are the checks between, in Linux's order, and the upkeep of dentries. */
#include "internal.h"
#include "syscalls.h"
#include "ledger.h"
#include <linux/capability.h>
#include <linux/fs.h>

/* ---- creating ---- */

/* Walks to where a new name shall be: the directory in nd. The name must be free; @isdir allows a trailing slash. Whether the
 * caller may make it is not asked yet. */
static int start_name(struct nameidata *nd, int dfd, const char *name, bool isdir)
{
	struct path child;
	int err = nd_parent(nd, dfd, name, LOOKUP_KNOWN);

	if (err)
		return err;
	if (nd->last_type != LAST_NORM)
		return -EEXIST;
	err = nd_lookup_last(nd, &child);
	if (!err) {
		path_put(&child);
		return -EEXIST;
	}
	if (err != -ENOENT || !nd->path.dentry->inode->ops->create) /* where nothing can be made, it just is not there */
		return err;
	if (nd->trailing && !isdir)
		return -ENOENT;
	err = mnt_want_write(nd->path.mnt);
	if (err)
		return err;
	return nd->path.dentry->deleted ? -ENOENT : 0;
}

static int may_create(const struct nameidata *nd)
{
	return inode_permission(nd->path.dentry->inode, MAY_WRITE | MAY_EXEC | MAY_DEFER);
}

static int start_create(struct nameidata *nd, int dfd, const char *name, bool isdir)
{
	int err = start_name(nd, dfd, name, isdir);

	return err ? err : may_create(nd);
}

static long do_mkdirat(int dfd, const char __user *upath, u32 mode)
{
	char *name = getname(upath, 0);
	struct nameidata nd;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = start_create(&nd, dfd, name, true);
	if (!err) {
		struct inode *dir = nd.path.dentry->inode;

		err = dir->ops->mkdir ? dir->ops->mkdir(dir, nd.last, mode & 01777 & ~current_umask()) : -EPERM;
		if (!err)
			fsnotify_name(dir, nd.last, IN_CREATE | IN_ISDIR, 0);
	}
	nd_end(&nd);
	kfree(name);
	return err;
}

SYSCALL_DEFINE2(mkdir, const char __user *, pathname, unsigned short, mode)
{
	return do_mkdirat(AT_FDCWD, pathname, mode);
}

SYSCALL_DEFINE3(mkdirat, int, dfd, const char __user *, pathname, unsigned short, mode)
{
	return do_mkdirat(dfd, pathname, mode);
}

static long do_mknodat(int dfd, const char __user *upath, u32 mode, u64 dev)
{
	char *name;
	struct nameidata nd;
	int err;

	switch (mode & S_IFMT) {
	case 0:
		mode |= S_IFREG;
		break;
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
	case S_IFCHR:
	case S_IFBLK:
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	name = getname(upath, 0);
	if (IS_ERR(name))
		return PTR_ERR(name);
	err = start_create(&nd, dfd, name, false);
	if (!err && (S_ISCHR(mode) || S_ISBLK(mode)) && !(S_ISCHR(mode) && !dev) && !capable(CAP_MKNOD))
		err = -EPERM; /* but for whiteouts */
	if (!err) {
		struct inode *dir = nd.path.dentry->inode;

		mode = creation_mode(dir, mode & ~current_umask());
		err = dir->ops->create ? dir->ops->create(dir, nd.last, mode, dev, NULL) : -EPERM;
		if (!err)
			fsnotify_name(dir, nd.last, IN_CREATE, 0);
	}
	nd_end(&nd);
	kfree(name);
	return err;
}

SYSCALL_DEFINE3(mknod, const char __user *, filename, unsigned short, mode, unsigned, dev)
{
	return do_mknodat(AT_FDCWD, filename, mode, dev);
}

SYSCALL_DEFINE4(mknodat, int, dfd, const char __user *, filename, unsigned short, mode, unsigned, dev)
{
	return do_mknodat(dfd, filename, mode, dev);
}

static long do_symlinkat(const char __user *utarget, int dfd, const char __user *upath)
{
	char *target = getname(utarget, 0), *name;
	struct nameidata nd;
	int err;

	if (IS_ERR(target))
		return PTR_ERR(target);
	name = getname(upath, 0);
	if (IS_ERR(name)) {
		kfree(target);
		return PTR_ERR(name);
	}
	err = start_create(&nd, dfd, name, false);
	if (!err) {
		struct inode *dir = nd.path.dentry->inode;

		err = dir->ops->symlink ? dir->ops->symlink(dir, nd.last, target) : -EPERM;
		if (!err)
			fsnotify_name(dir, nd.last, IN_CREATE, 0);
	}
	nd_end(&nd);
	kfree(name);
	kfree(target);
	return err;
}

SYSCALL_DEFINE2(symlink, const char __user *, oldname, const char __user *, newname)
{
	return do_symlinkat(oldname, AT_FDCWD, newname);
}

SYSCALL_DEFINE3(symlinkat, const char __user *, oldname, int, newdfd, const char __user *, newname)
{
	return do_symlinkat(oldname, newdfd, newname);
}

/* linkat(2) with AT_EMPTY_PATH, since Linux 6.10: by a descriptor links who has opened it or may read everything. What is
 * asked is who holds the descriptor, whatever the path relative to it is, and before what the descriptor is. */
static int may_link_by(int fd)
{
	struct file *f = fget_path(fd);
	bool may = f && (f->cred == current->cred || capable(CAP_DAC_READ_SEARCH));

	if (!f)
		return -EBADF;
	file_put(f);
	return may ? 0 : -ENOENT;
}

/* proc(5), protected_hardlinks, which is 1 as on Debian: others' files can be linked only if they are plain, and may be read
 * and written anyway. */
static int may_linkat(struct inode *inode)
{
	if ((inode->sb->host && cred_is_host()) || inode_owner_or_capable(inode))
		return 0;
	if (!S_ISREG(inode->mode) || (inode->mode & S_ISUID) || (inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		return -EPERM;
	return inode_permission(inode, MAY_READ | MAY_WRITE) ? -EPERM : 0;
}

static long do_linkat(int olddfd, const char __user *uold, int newdfd, const char __user *unew, int flags)
{
	unsigned lookup = (flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0) | (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
	struct path old;
	struct nameidata nd;
	char *name;
	int err = 0;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	name = getname(uold, lookup);
	if (IS_ERR(name))
		return PTR_ERR(name);
	if ((flags & AT_EMPTY_PATH) && olddfd != AT_FDCWD && *name != '/')
		err = may_link_by(olddfd);
	if (!err)
		err = path_lookup(olddfd, name, lookup, &old);
	kfree(name);
	if (err)
		return err;
	name = getname(unew, 0);
	if (IS_ERR(name)) {
		path_put(&old);
		return PTR_ERR(name);
	}
	err = start_name(&nd, newdfd, name, false);
	if (!err) {
		struct inode *dir = nd.path.dentry->inode, *inode = old.dentry->inode;

		/* O_TMPFILE files and files of /proc/self/fd have a mount of none: the file system decides. */
		if (old.mnt != nd.path.mnt && (old.mnt || inode->sb != dir->sb))
			err = -EXDEV;
		else if ((err = may_linkat(inode)) || (err = may_create(&nd)))
			;
		else if (!dir->ops->link || inode_append(inode) || inode_fixed(inode))
			err = -EPERM;
		else if (S_ISDIR(inode->mode))
			err = inode_permission(dir, MAY_WRITE | MAY_EXEC) ? -EACCES : -EPERM;
		else if (!inode->sb->host && !inode->nlink && !inode->linkable)
			err = -ENOENT;
		else
			err = dir->ops->link(inode, dir, nd.last);
		if (!err) {
			inode->linkable = false;
			fsnotify_inode(inode, IN_ATTRIB);
			fsnotify_name(dir, nd.last, IN_CREATE, 0);
		}
	}
	nd_end(&nd);
	kfree(name);
	path_put(&old);
	return err;
}

SYSCALL_DEFINE2(link, const char __user *, oldname, const char __user *, newname)
{
	return do_linkat(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

SYSCALL_DEFINE5(linkat, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname, int, flags)
{
	return do_linkat(olddfd, oldname, newdfd, newname, flags);
}

/* ---- removing ---- */

/* unlink, rmdir and rename are about the name: what is mounted on it is left. */
static void leave_mounts(const struct nameidata *nd, struct path *child)
{
	while (child->mnt != nd->path.mnt && child->mnt->parent) {
		struct path below = { mntget(child->mnt->parent), dget(child->mnt->mountpoint) };

		path_put(child);
		*child = below;
	}
}

int do_unlink(int dfd, const char *name)
{
	struct nameidata nd;
	struct path child;
	int err = nd_parent(&nd, dfd, name, 0);

	if (!err && nd.last_type != LAST_NORM)
		err = -EISDIR;
	if (!err)
		err = mnt_want_write(nd.path.mnt);
	if (!err)
		err = nd_lookup_last(&nd, &child);
	if (!err) {
		struct inode *dir = nd.path.dentry->inode;

		if (nd.trailing) {
			err = S_ISDIR(child.dentry->inode->mode) ? -EISDIR : -ENOTDIR;
		} else {
			leave_mounts(&nd, &child);
			err = may_delete(&nd.path, child.dentry, false);
			if (!err)
				err = dir->ops->unlink ? dir->ops->unlink(dir, nd.last) : -EPERM;
			if (!err) {
				d_delete(child.dentry);
				fsnotify_inode(child.dentry->inode, IN_ATTRIB);
			}
		}
		path_put(&child);
		if (!err)
			fsnotify_name(dir, nd.last, IN_DELETE, 0);
	}
	nd_end(&nd);
	return err;
}

static long do_unlinkat(int dfd, const char __user *upath)
{
	char *name = getname(upath, 0);
	long err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = do_unlink(dfd, name);
	kfree(name);
	return err;
}

static long do_rmdir(int dfd, const char __user *upath)
{
	char *name = getname(upath, 0);
	struct nameidata nd;
	struct path child;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = nd_parent(&nd, dfd, name, 0);
	if (!err && nd.last_type != LAST_NORM)
		err = nd.last_type == LAST_DOTDOT ? -ENOTEMPTY : nd.last_type == LAST_DOT ? -EINVAL : -EBUSY;
	if (!err)
		err = mnt_want_write(nd.path.mnt);
	if (!err)
		err = nd_lookup_last(&nd, &child);
	if (!err) {
		struct inode *dir = nd.path.dentry->inode;

		leave_mounts(&nd, &child);
		err = may_delete(&nd.path, child.dentry, true);
		if (!err)
			err = dir->ops->rmdir ? dir->ops->rmdir(dir, nd.last) : -EPERM;
		if (!err)
			d_delete(child.dentry);
		path_put(&child);
		if (!err)
			fsnotify_name(dir, nd.last, IN_DELETE | IN_ISDIR, 0);
	}
	nd_end(&nd);
	kfree(name);
	return err;
}

SYSCALL_DEFINE1(unlink, const char __user *, pathname)
{
	return do_unlinkat(AT_FDCWD, pathname);
}

SYSCALL_DEFINE3(unlinkat, int, dfd, const char __user *, pathname, int, flag)
{
	if (flag & ~AT_REMOVEDIR)
		return -EINVAL;
	return flag & AT_REMOVEDIR ? do_rmdir(dfd, pathname) : do_unlinkat(dfd, pathname);
}

SYSCALL_DEFINE1(rmdir, const char __user *, pathname)
{
	return do_rmdir(AT_FDCWD, pathname);
}

/* ---- renaming ---- */

/* 0, -errno, or 1: there is nothing to do. */
static int rename_checked(struct nameidata *from, struct path *old, struct nameidata *to, struct path *new, unsigned flags)
{
	struct inode *dir = from->path.dentry->inode, *dir2 = to->path.dentry->inode;
	bool isdir, busy;
	int err;

	leave_mounts(from, old);
	if (new->dentry)
		leave_mounts(to, new);
	isdir = S_ISDIR(old->dentry->inode->mode);
	if (!isdir && (from->trailing || (to->trailing && !(flags & RENAME_EXCHANGE))))
		return -ENOTDIR;
	if (new->dentry && new->dentry->inode == old->dentry->inode)
		return 1; /* rename(2): two names of one file: nothing happens */
	if (d_is_ancestor(old->dentry, to->path.dentry))
		return -EINVAL;
	if (new->dentry && d_is_ancestor(new->dentry, from->path.dentry))
		return flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	err = may_delete(&from->path, old->dentry, isdir);
	busy = err == -EBUSY; /* a mount point: what is wrong with the new name comes first */
	if (err && !busy)
		return err;
	if (new->dentry) {
		err = may_delete(&to->path, new->dentry, flags & RENAME_EXCHANGE ? S_ISDIR(new->dentry->inode->mode) : isdir);
	} else {
		err = inode_permission(dir2, MAY_WRITE | MAY_EXEC | MAY_DEFER);
		if (!err && to->path.dentry->deleted)
			err = -ENOENT;
	}
	/* Its ".." changes: that is a write to the directory itself. */
	if (!err && dir != dir2 && isdir)
		err = inode_permission(old->dentry->inode, MAY_WRITE);
	if (!err && dir != dir2 && new->dentry && (flags & RENAME_EXCHANGE) && S_ISDIR(new->dentry->inode->mode))
		err = inode_permission(new->dentry->inode, MAY_WRITE);
	if (err && dir->sb->host && inode_permission(dir, MAY_WRITE | MAY_EXEC))
		err = -EACCES; /* the right to the first directory comes first */
	if (err)
		return err;
	if (!dir->ops->rename)
		return -EPERM;
	if (busy)
		return -EBUSY;
	return dir->ops->rename(dir, from->last, dir2, to->last, flags);
}

static void notify_move(struct inode *dir, const char *name, struct inode *dir2, const char *name2, struct inode *moved,
	struct inode *victim)
{
	u32 isdir = S_ISDIR(moved->mode) ? IN_ISDIR : 0, cookie = fsnotify_cookie();

	if (dir == dir2)
		fsnotify_name(dir, name, FS_RENAME | isdir, 0);
	fsnotify_name(dir, name, IN_MOVED_FROM | isdir, cookie);
	fsnotify_name(dir2, name2, IN_MOVED_TO | isdir, cookie);
	if (victim && !S_ISDIR(victim->mode))
		fsnotify_inode(victim, IN_ATTRIB);
	fsnotify_inode(moved, IN_MOVE_SELF);
}

static void notify_rename(struct nameidata *from, struct dentry *old, struct nameidata *to, struct dentry *new, unsigned flags)
{
	struct inode *dir = from->path.dentry->inode, *dir2 = to->path.dentry->inode;
	bool exchange = flags & RENAME_EXCHANGE;

	notify_move(dir, from->last, dir2, to->last, old->inode, new && !exchange ? new->inode : NULL);
	if (exchange)
		notify_move(dir2, to->last, dir, from->last, new->inode, NULL);
}

static long do_renameat2(int olddfd, const char __user *uold, int newdfd, const char __user *unew, unsigned flags)
{
	struct nameidata from, to;
	struct path old = { 0 }, new = { 0 };
	char *oldname, *newname;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if ((flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) && (flags & RENAME_EXCHANGE))
		return -EINVAL;
	oldname = getname(uold, 0);
	if (IS_ERR(oldname))
		return PTR_ERR(oldname);
	err = nd_parent(&from, olddfd, oldname, 0);
	if (err)
		goto end_from;
	newname = getname(unew, 0);
	if (IS_ERR(newname)) {
		err = PTR_ERR(newname);
		goto end_from;
	}
	err = nd_parent(&to, newdfd, newname, 0);
	if (err)
		goto end;
	if (from.path.mnt != to.path.mnt)
		err = -EXDEV;
	else if (from.last_type != LAST_NORM)
		err = -EBUSY;
	else if (to.last_type != LAST_NORM)
		err = flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (!err)
		err = mnt_want_write(from.path.mnt);
	if (err)
		goto end;
	err = nd_lookup_last(&from, &old);
	if (err) {
		old.dentry = NULL;
		goto end;
	}
	err = nd_lookup_last(&to, &new);
	if (err)
		new.dentry = NULL;
	if (!err && (flags & RENAME_NOREPLACE))
		err = -EEXIST;
	else if (err == -ENOENT && !(flags & RENAME_EXCHANGE) && to.path.dentry->inode->ops->create)
		err = 0;
	if (!err)
		err = rename_checked(&from, &old, &to, &new, flags);
	if (err > 0)
		err = 0;
	else if (!err) {
		if (flags & RENAME_EXCHANGE)
			d_exchange(old.dentry, new.dentry);
		else
			d_move(old.dentry, to.path.dentry, to.last, to.last_len);
		if (fsnotify_active)
			notify_rename(&from, old.dentry, &to, new.dentry, flags);
	}
end:
	if (old.dentry)
		path_put(&old);
	if (new.dentry)
		path_put(&new);
	nd_end(&to);
	kfree(newname);
end_from:
	nd_end(&from);
	kfree(oldname);
	return err;
}

SYSCALL_DEFINE2(rename, const char __user *, oldname, const char __user *, newname)
{
	return do_renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

SYSCALL_DEFINE4(renameat, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, 0);
}

SYSCALL_DEFINE5(renameat2, int, olddfd, const char __user *, oldname, int, newdfd, const char __user *, newname,
	unsigned, flags)
{
	return do_renameat2(olddfd, oldname, newdfd, newname, flags);
}

/* ---- reading links ---- */

static long do_readlinkat(int dfd, const char __user *upath, char __user *buf, int size)
{
	struct path path;
	struct inode *inode;
	char *text;
	bool empty;
	char c = 0;
	int len;

	if (size <= 0)
		return -EINVAL;
	if (get_user(c, (char __user *)upath))
		return -EFAULT;
	empty = !c;
	len = user_path(dfd, upath, (empty && dfd != AT_FDCWD ? LOOKUP_EMPTY : 0) | LOOKUP_KNOWN, &path);
	if (len)
		return len;
	inode = path.dentry->inode;
	if (!S_ISLNK(inode->mode) || !inode->ops->readlink) {
		path_put(&path);
		return empty ? -ENOENT : -EINVAL;
	}
	text = kmalloc(PATH_MAX);
	len = text ? inode->ops->readlink(inode, text, PATH_MAX) : -ENOMEM;
	if (len > size)
		len = size;
	if (len > 0 && copy_to_user(buf, text, len))
		len = -EFAULT;
	kfree(text);
	path_put(&path);
	return len;
}

SYSCALL_DEFINE3(readlink, const char __user *, path, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(AT_FDCWD, path, buf, bufsiz);
}

SYSCALL_DEFINE4(readlinkat, int, dfd, const char __user *, pathname, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(dfd, pathname, buf, bufsiz);
}
