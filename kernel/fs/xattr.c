/* Extended attributes: the calls, who may use which name space, and the attributes of umk's own file systems. What hostfs
 * has is the host's, whose rights and errors count. xattr(7). */
#include "internal.h"
#include "syscalls.h"
#include <linux/capability.h>
#include <linux/xattr.h>
#include <linux/limits.h>

struct xattr_call {
	enum { XATTR_GET, XATTR_SET, XATTR_LIST, XATTR_REMOVE } op;
	char *name;               /* kmalloc'd, or NULL */
	void *value;              /* kmalloc'd: to set, or where to get */
	size_t size;
	int flags;                /* XATTR_CREATE, XATTR_REPLACE */
};

/* ---- attributes in memory ---- */

struct simple_xattr {
	struct simple_xattr *next;
	char *name;
	size_t size;
	u8 value[];
};

static struct simple_xattr **find_xattr(struct inode *inode, const char *name)
{
	struct simple_xattr **at = &inode->xattrs;

	while (*at && strcmp((*at)->name, name))
		at = &(*at)->next;
	return at;
}

static void free_xattr(struct simple_xattr *x)
{
	kfree(x->name);
	kfree(x);
}

const char *simple_first_xattr(const struct inode *inode)
{
	return inode->xattrs ? inode->xattrs->name : NULL;
}

ssize_t simple_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	const struct simple_xattr *x = *find_xattr(inode, name);

	if (!x)
		return -ENODATA;
	if (!size)
		return x->size;
	if (size < x->size)
		return -ERANGE;
	memcpy(buf, x->value, x->size);
	return x->size;
}

int simple_setxattr(struct inode *inode, const char *name, const void *value, size_t size, int flags)
{
	struct simple_xattr **at = find_xattr(inode, name), *old = *at, *x;

	if (old && (flags & XATTR_CREATE))
		return -EEXIST;
	if (!old && (flags & XATTR_REPLACE))
		return -ENODATA;
	x = kmalloc(sizeof(*x) + size);
	if (!x)
		return -ENOMEM;
	x->name = kstrdup(name);
	if (!x->name) {
		kfree(x);
		return -ENOMEM;
	}
	x->size = size;
	memcpy(x->value, value, size);
	/* Names are listed from the last to the first, as Linux's tree has them. */
	if (!old)
		for (at = &inode->xattrs; *at && strcmp((*at)->name, name) > 0; at = &(*at)->next)
			;
	x->next = old ? old->next : *at;
	*at = x;
	if (old)
		free_xattr(old);
	inode_touch(inode, 0);
	return 0;
}

ssize_t simple_listxattr(struct inode *inode, char *list, size_t size)
{
	size_t len = 0;

	for (const struct simple_xattr *x = inode->xattrs; x; x = x->next) {
		size_t n = strlen(x->name) + 1;

		if (!strncmp(x->name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN) && !capable(CAP_SYS_ADMIN))
			continue;
		if (size && len + n > size)
			return -ERANGE;
		if (size)
			memcpy(list + len, x->name, n);
		len += n;
	}
	return len;
}

int simple_removexattr(struct inode *inode, const char *name)
{
	struct simple_xattr **at = find_xattr(inode, name), *x = *at;

	if (!x)
		return -ENODATA;
	*at = x->next;
	free_xattr(x);
	inode_touch(inode, 0);
	return 0;
}

/* ---- who may ---- */

static bool has_prefix(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* The spaces that ask for a capability, which a guest may have given up although its user is the host's. */
static int space_permission(const char *name, bool change)
{
	if (has_prefix(name, XATTR_SECURITY_PREFIX) && change)
		return capable(!strcmp(name, XATTR_NAME_CAPS) ? CAP_SETFCAP : CAP_SYS_ADMIN) ? 0 : -EPERM;
	if (has_prefix(name, XATTR_TRUSTED_PREFIX))
		return capable(CAP_SYS_ADMIN) ? 0 : change ? -EPERM : -ENODATA;
	return 0;
}

/* xattr(7), "Extended attribute namespaces". */
static int xattr_permission(struct inode *inode, const char *name, bool change)
{
	if (change && (inode_fixed(inode) || inode_append(inode)))
		return -EPERM;
	if (has_prefix(name, XATTR_SECURITY_PREFIX) || has_prefix(name, XATTR_TRUSTED_PREFIX))
		return space_permission(name, change);
	if (has_prefix(name, XATTR_SYSTEM_PREFIX))
		return 0;
	if (has_prefix(name, XATTR_USER_PREFIX)) {
		if (!S_ISREG(inode->mode) && !S_ISDIR(inode->mode))
			return change ? -EPERM : -ENODATA;
		if (change && S_ISDIR(inode->mode) && (inode->mode & S_ISVTX) && !inode_owner_or_capable(inode))
			return -EPERM;
	}
	return inode_permission(inode, change ? MAY_WRITE : MAY_READ);
}

/* What umk's own file systems keep: names of other spaces are none. */
static int known_space(const char *name)
{
	static const char *const spaces[] = { XATTR_USER_PREFIX, XATTR_TRUSTED_PREFIX, XATTR_SECURITY_PREFIX };

	for (unsigned i = 0; i < ARRAY_SIZE(spaces); i++)
		if (has_prefix(name, spaces[i]))
			return name[strlen(spaces[i])] ? 0 : -EINVAL;
	return -EOPNOTSUPP;
}

/* ---- the calls on an inode ---- */

static long on_inode(struct inode *inode, const struct xattr_call *c)
{
	const struct inode_operations *ops = inode->ops;
	bool change = c->op == XATTR_SET || c->op == XATTR_REMOVE;
	long err;

	if (c->op == XATTR_LIST)
		return ops && ops->listxattr ? ops->listxattr(inode, c->value, c->size) : 0;
	/* The host knows what its file systems have; a guest's user that is not the host's is checked here. */
	if (!inode->sb || !inode->sb->host || !cred_is_host())
		err = xattr_permission(inode, c->name, change);
	else
		err = space_permission(c->name, change);
	if (err)
		return err;
	if (!ops || !ops->getxattr)
		return -EOPNOTSUPP;
	err = inode->sb->host ? 0 : known_space(c->name);
	if (err)
		return err;
	switch (c->op) {
	case XATTR_GET:
		return ops->getxattr(inode, c->name, c->value, c->size);
	case XATTR_SET:
		return ops->setxattr(inode, c->name, c->value, c->size, c->flags);
	default:
		return ops->removexattr(inode, c->name);
	}
}

static long on_path(const struct path *path, const struct xattr_call *c)
{
	struct inode *inode = path->dentry->inode;
	bool change = c->op == XATTR_SET || c->op == XATTR_REMOVE;
	long ret;

	if (change && mnt_want_write(path->mnt))
		return -EROFS;
	ret = on_inode(inode, c);
	if (change && !ret)
		fsnotify_dentry(path->dentry, IN_ATTRIB);
	return ret;
}

static long on_upath(int dfd, const char __user *upath, unsigned lookup, const struct xattr_call *c)
{
	struct path path;
	long n = user_path(dfd, upath, lookup, &path);

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

static long on_cwd(const struct xattr_call *c)
{
	struct path path;
	long n = dfd_path(AT_FDCWD, &path);

	if (n)
		return n;
	n = on_path(&path, c);
	path_put(&path);
	return n;
}

/* @upath from @fd, or what @fd is when @upath is NULL. */
static long run(const char __user *upath, int fd, unsigned lookup, const struct xattr_call *c)
{
	return upath ? on_upath(fd, upath, lookup, c) : fd == AT_FDCWD ? on_cwd(c) : on_fd(fd, c);
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
	struct xattr_call c = { .op = XATTR_SET, .size = size, .flags = flags };
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

/* get and list: a size of 0 asks how much there is. XATTR_LIST_MAX is XATTR_SIZE_MAX, too. */
static long do_getxattr(int op, const char __user *upath, int fd, unsigned follow, const char __user *uname,
	void __user *uvalue, size_t size)
{
	struct xattr_call c = { .op = op, .size = min(size, (size_t)XATTR_LIST_MAX) };
	long n = op == XATTR_GET ? get_name(&c.name, uname) : 0;

	if (n)
		return n;
	c.value = c.size ? kmalloc(c.size) : NULL;
	n = c.size && !c.value ? -ENOMEM : run(upath, fd, follow, &c);
	if (n == -ERANGE && size >= XATTR_LIST_MAX)
		n = -E2BIG; /* no buffer would do */
	if (n > 0 && c.size && copy_to_user(uvalue, c.value, n))
		n = -EFAULT;
	kfree(c.value);
	kfree(c.name);
	return n;
}

static long do_removexattr(const char __user *upath, int fd, unsigned follow, const char __user *uname)
{
	struct xattr_call c = { .op = XATTR_REMOVE };
	long err = get_name(&c.name, uname);

	if (err)
		return err;
	err = run(upath, fd, follow, &c);
	kfree(c.name);
	return err;
}

/* A NULL path is the guest's mistake, not a call by descriptor. */
#define PATH(p) ((p) ? (p) : (const char __user *)1)

/* To list and to remove by descriptor know no AT_FDCWD; to get and to set do, since Linux 6.13. */
static int real_fd(int fd)
{
	return max(fd, -1);
}

SYSCALL_DEFINE5(setxattr, const char __user *, pathname, const char __user *, name, const void __user *, value, size_t, size,
	int, flags)
{
	return do_setxattr(PATH(pathname), AT_FDCWD, LOOKUP_FOLLOW, name, value, size, flags);
}

SYSCALL_DEFINE5(lsetxattr, const char __user *, pathname, const char __user *, name, const void __user *, value, size_t, size,
	int, flags)
{
	return do_setxattr(PATH(pathname), AT_FDCWD, 0, name, value, size, flags);
}

SYSCALL_DEFINE5(fsetxattr, int, fd, const char __user *, name, const void __user *, value, size_t, size, int, flags)
{
	return do_setxattr(NULL, fd, 0, name, value, size, flags);
}

SYSCALL_DEFINE4(getxattr, const char __user *, pathname, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(XATTR_GET, PATH(pathname), AT_FDCWD, LOOKUP_FOLLOW, name, value, size);
}

SYSCALL_DEFINE4(lgetxattr, const char __user *, pathname, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(XATTR_GET, PATH(pathname), AT_FDCWD, 0, name, value, size);
}

SYSCALL_DEFINE4(fgetxattr, int, fd, const char __user *, name, void __user *, value, size_t, size)
{
	return do_getxattr(XATTR_GET, NULL, fd, 0, name, value, size);
}

SYSCALL_DEFINE3(listxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return do_getxattr(XATTR_LIST, PATH(pathname), AT_FDCWD, LOOKUP_FOLLOW, NULL, list, size);
}

SYSCALL_DEFINE3(llistxattr, const char __user *, pathname, char __user *, list, size_t, size)
{
	return do_getxattr(XATTR_LIST, PATH(pathname), AT_FDCWD, 0, NULL, list, size);
}

SYSCALL_DEFINE3(flistxattr, int, fd, char __user *, list, size_t, size)
{
	return do_getxattr(XATTR_LIST, NULL, real_fd(fd), 0, NULL, list, size);
}

SYSCALL_DEFINE2(removexattr, const char __user *, pathname, const char __user *, name)
{
	return do_removexattr(PATH(pathname), AT_FDCWD, LOOKUP_FOLLOW, name);
}

SYSCALL_DEFINE2(lremovexattr, const char __user *, pathname, const char __user *, name)
{
	return do_removexattr(PATH(pathname), AT_FDCWD, 0, name);
}

SYSCALL_DEFINE2(fremovexattr, int, fd, const char __user *, name)
{
	return do_removexattr(NULL, real_fd(fd), 0, name);
}

/* ---- setxattrat(2) and the others of Linux 6.13 ---- */

struct xattr_args {
	u64 value;
	u32 size, flags;
};

/* Of the arguments that are made longer one day, those that are known; the rest must be 0. -EINVAL, -E2BIG, -EFAULT. */
static int get_args(struct xattr_args *args, const struct xattr_args __user *uargs, size_t usize)
{
	if (usize < sizeof(*args))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(args, uargs, sizeof(*args)))
		return -EFAULT;
	for (size_t i = sizeof(*args); i < usize; i++) {
		u8 c;

		if (get_user(c, (const u8 __user *)uargs + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	return 0;
}

/* What a call is about: *upath NULL if it is @dfd itself. */
static int get_target(const char __user **upath, unsigned at_flags, unsigned *lookup)
{
	int err = 0;

	if (at_flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	*lookup = (at_flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW);
	if ((at_flags & AT_EMPTY_PATH) && upath_is_empty(*upath, &err))
		*upath = NULL;
	else
		*upath = PATH(*upath);
	return err;
}

SYSCALL_DEFINE6(setxattrat, int, dfd, const char __user *, pathname, unsigned, at_flags, const char __user *, name,
	const struct xattr_args __user *, uargs, size_t, usize)
{
	struct xattr_args args;
	unsigned lookup;
	int err = get_args(&args, uargs, usize);

	if (!err)
		err = get_target(&pathname, at_flags, &lookup);
	return err ? err : do_setxattr(pathname, dfd, lookup, name, u64_to_uptr(args.value), args.size, args.flags);
}

SYSCALL_DEFINE6(getxattrat, int, dfd, const char __user *, pathname, unsigned, at_flags, const char __user *, name,
	const struct xattr_args __user *, uargs, size_t, usize)
{
	struct xattr_args args;
	unsigned lookup;
	int err = get_args(&args, uargs, usize);

	if (!err)
		err = args.flags ? -EINVAL : get_target(&pathname, at_flags, &lookup);
	return err ? err : do_getxattr(XATTR_GET, pathname, dfd, lookup, name, u64_to_uptr(args.value), args.size);
}

SYSCALL_DEFINE5(listxattrat, int, dfd, const char __user *, pathname, unsigned, at_flags, char __user *, list, size_t, size)
{
	unsigned lookup;
	int err = get_target(&pathname, at_flags, &lookup);

	return err ? err : do_getxattr(XATTR_LIST, pathname, pathname ? dfd : real_fd(dfd), lookup, NULL, list, size);
}

SYSCALL_DEFINE4(removexattrat, int, dfd, const char __user *, pathname, unsigned, at_flags, const char __user *, name)
{
	unsigned lookup;
	int err = get_target(&pathname, at_flags, &lookup);

	return err ? err : do_removexattr(pathname, pathname ? dfd : real_fd(dfd), lookup, name);
}
