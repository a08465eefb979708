/* Extended attributes: hostfs passes them to the host, whose rights and errors count; umk's own file systems have none.
 * xattr(7). */
#include "internal.h"
#include "syscalls.h"
#include <linux/xattr.h>
#include <linux/limits.h>

#define NOFOLLOW 1

struct xattr_call {
	enum host_op op;
	char *name;               /* kmalloc'd, or NULL */
	void *value;              /* kmalloc'd: to set, or where to get */
	size_t size;
	int flags;                /* XATTR_CREATE, XATTR_REPLACE */
};

static long on_path(const struct path *path, const struct xattr_call *c)
{
	struct inode *inode = path->dentry->inode;
	struct host_req r = { .op = c->op, .path2 = c->name, .buf = c->value, .size = c->size, .flags = NOFOLLOW,
		.mode = c->flags };
	bool change = c->op == HOST_SETXATTR || c->op == HOST_REMOVEXATTR;
	long err;

	if (change && mnt_want_write(path->mnt))
		return -EROFS;
	if (!inode->sb || !inode->sb->host)
		return c->op == HOST_LISTXATTR ? 0 : -EOPNOTSUPP;
	if (!cred_is_host()) {
		err = inode_permission(inode, change ? MAY_WRITE : MAY_READ);
		if (err)
			return err;
	}
	err = hostfs_where(inode, &r.fd, &r.path);
	return err ? err : host_call(&r);
}

static long on_upath(const char __user *upath, unsigned follow, const struct xattr_call *c)
{
	struct path path;
	long n = user_path(AT_FDCWD, upath, follow, &path);

	if (n)
		return n;
	n = on_path(&path, c);
	path_put(&path);
	return n;
}

static long on_fd(int fd, const struct xattr_call *c)
{
	struct file *f = fget(fd);
	struct path path;
	long n;

	if (!f)
		return -EBADF;
	n = file_dentry_path(f, &path);
	if (!n) {
		n = on_path(&path, c);
		path_put(&path);
	}
	file_put(f);
	return n;
}

/* @fd, or @upath when it is -1. */
static long run(const char __user *upath, int fd, unsigned follow, const struct xattr_call *c)
{
	return upath ? on_upath(upath, follow, c) : on_fd(fd, c);
}

static int get_name(char **name, const char __user *uname)
{
	long len;

	*name = kmalloc(XATTR_NAME_MAX + 1);
	if (!*name)
		return -ENOMEM;
	len = strncpy_from_user(*name, uname, XATTR_NAME_MAX + 1);
	if (len == 0 || len > XATTR_NAME_MAX)
		len = -ERANGE;
	if (len >= 0)
		return 0;
	kfree(*name);
	return len;
}

static long do_setxattr(const char __user *upath, int fd, unsigned follow, const char __user *uname,
	const void __user *uvalue, size_t size, int flags)
{
	struct xattr_call c = { .op = HOST_SETXATTR, .size = size, .flags = flags };
	long err;

	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	err = get_name(&c.name, uname);
	if (err)
		return err;
	err = size > XATTR_SIZE_MAX ? -E2BIG : 0;
	if (!err) {
		c.value = kmalloc(size + 1);
		err = !c.value ? -ENOMEM : copy_from_user(c.value, uvalue, size) ? -EFAULT : run(upath, fd, follow, &c);
	}
	kfree(c.value);
	kfree(c.name);
	return err;
}

/* get and list: a size of 0 asks how much there is. */
static long do_getxattr(enum host_op op, const char __user *upath, int fd, unsigned follow, const char __user *uname,
	void __user *uvalue, size_t size)
{
	struct xattr_call c = { .op = op, .size = min(size, (size_t)(op == HOST_GETXATTR ? XATTR_SIZE_MAX : XATTR_LIST_MAX)) };
	long n = op == HOST_GETXATTR ? get_name(&c.name, uname) : 0;

	if (n)
		return n;
	c.value = c.size ? kmalloc(c.size) : NULL;
	n = c.size && !c.value ? -ENOMEM : run(upath, fd, follow, &c);
	if (n > 0 && c.size && copy_to_user(uvalue, c.value, n))
		n = -EFAULT;
	kfree(c.value);
	kfree(c.name);
	return n;
}

static long do_removexattr(const char __user *upath, int fd, unsigned follow, const char __user *uname)
{
	struct xattr_call c = { .op = HOST_REMOVEXATTR };
	long err = get_name(&c.name, uname);

	if (err)
		return err;
	err = run(upath, fd, follow, &c);
	kfree(c.name);
	return err;
}

/* A NULL path is the guest's mistake, not a call by descriptor. */
#define PATH(p) ((p) ? (p) : (const char __user *)1)

SYSCALL_DEFINE5(setxattr, const char __user *, pathname, const char __user *, name, const void __user *, value, size_t, size,
	int, flags)
{
	return do_setxattr(PATH(pathname), -1, LOOKUP_FOLLOW, name, value, size, flags);
}

SYSCALL_DEFINE5(lsetxattr, const char __user *, pathname, const char __user *, name, const void __user *, value, size_t, size,
	int, flags)
{
	return do_setxattr(PATH(pathname), -1, 0, name, value, size, flags);
}

SYSCALL_DEFINE5(fsetxattr, int, fd, const char __user *, name, const void __user *, value, size_t, size, int, flags)
{
	return do_setxattr(NULL, fd, 0, name, value, size, flags);
}

SYSCALL_DEFINE4(getxattr, const char __user *, pathname, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(HOST_GETXATTR, PATH(pathname), -1, LOOKUP_FOLLOW, name, value, size);
}

SYSCALL_DEFINE4(lgetxattr, const char __user *, pathname, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(HOST_GETXATTR, PATH(pathname), -1, 0, name, value, size);
}

SYSCALL_DEFINE4(fgetxattr, int, fd, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(HOST_GETXATTR, NULL, fd, 0, name, value, size);
}

SYSCALL_DEFINE3(listxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return do_getxattr(HOST_LISTXATTR, PATH(pathname), -1, LOOKUP_FOLLOW, NULL, list, size);
}

SYSCALL_DEFINE3(llistxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return do_getxattr(HOST_LISTXATTR, PATH(pathname), -1, 0, NULL, list, size);
}

SYSCALL_DEFINE3(flistxattr, int, fd, char __user *, list, size_t, size)
{
	return do_getxattr(HOST_LISTXATTR, NULL, fd, 0, NULL, list, size);
}

SYSCALL_DEFINE2(removexattr, const char __user *, pathname, const char __user *, name)
{
	return do_removexattr(PATH(pathname), -1, LOOKUP_FOLLOW, name);
}

SYSCALL_DEFINE2(lremovexattr, const char __user *, pathname, const char __user *, name)
{
	return do_removexattr(PATH(pathname), -1, 0, name);
}

SYSCALL_DEFINE2(fremovexattr, int, fd, const char __user *, name)
{
	return do_removexattr(NULL, fd, 0, name);
}
