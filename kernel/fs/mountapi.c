/* The mount calls with file descriptors: fsopen, fspick, fsconfig, fsmount, open_tree, move_mount, mount_setattr. What they
 * change is what mount(2) changes (mountcalls.c); new here are contexts of mounts that are being configured and mounts that are
 * in no tree, which end with their descriptor. fsopen(2) and the like of the man pages. */
#include "internal.h"
#include "syscalls.h"
#include "mountcalls.h"
#include "ledger.h"

#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x200 /* Linux 6.5 */
#endif

enum phase { CREATING, CREATED, MOUNTED /* and may be reconfigured */, RECONFIGURING, FAILED };
struct fs_fd {
	struct fs_context *fc;
	enum phase phase;
};

/* ---- contexts ---- */

static ssize_t context_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -ENODATA; /* no messages: errors say all */
}

static void context_release(struct file *f)
{
	struct fs_fd *c = f->private;

	fs_context_free(c->fc);
	kfree(c);
}

static const struct file_operations context_ops = {
	.name = "fscontext", .read = context_read, .release = context_release, .llseek = noop_llseek,
};

static long context_fd(struct fs_context *fc, enum phase phase, bool cloexec)
{
	struct fs_fd *c = kzalloc(sizeof(*c));
	struct file *f;
	int fd = c ? fd_reserve(cloexec ? O_CLOEXEC : 0) : -ENOMEM;

	f = fd < 0 ? ERR_PTR(fd) : anon_file("[fscontext]", &context_ops, c, O_RDWR, 0600);
	if (IS_ERR(f)) {
		if (fd >= 0)
			fd_unreserve(fd);
		kfree(c);
		fs_context_free(fc);
		return PTR_ERR(f);
	}
	c->fc = fc;
	c->phase = phase;
	fd_install(fd, f);
	return fd;
}

SYSCALL_DEFINE2(fsopen, const char __user *, fs_name, unsigned, flags)
{
	const struct fs_type *type;
	struct fs_context *fc;
	char *name;

	if (!may_mount())
		return -EPERM;
	if (flags & ~FSOPEN_CLOEXEC)
		return -EINVAL;
	name = mount_string(fs_name);
	if (!name)
		return -EFAULT;
	if (IS_ERR(name))
		return PTR_ERR(name);
	type = find_fs_type(name);
	kfree(name);
	if (!type) {
		LEDGER("fsopen: file system", 0);
		return -ENODEV;
	}
	fc = fs_context_new(type, NULL);
	return fc ? context_fd(fc, CREATING, flags & FSOPEN_CLOEXEC) : -ENOMEM;
}

SYSCALL_DEFINE3(fspick, int, dfd, const char __user *, path, unsigned, flags)
{
	struct fs_context *fc;
	struct path p;
	long err;

	if (!may_mount())
		return -EPERM;
	if (flags & ~(FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT | FSPICK_EMPTY_PATH))
		return -EINVAL;
	err = user_path(dfd, path, (flags & FSPICK_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
		(flags & FSPICK_EMPTY_PATH ? LOOKUP_EMPTY : 0), &p);
	if (err)
		return err;
	if (!path_is_mount_root(&p)) {
		path_put(&p);
		return -EINVAL;
	}
	fc = fs_context_new(find_fs_type(p.mnt->sb->type), p.mnt->sb);
	path_put(&p);
	return fc ? context_fd(fc, RECONFIGURING, flags & FSPICK_CLOEXEC) : -ENOMEM;
}

static int check_config(unsigned cmd, const void __user *key, const void __user *value, int aux)
{
	switch (cmd) {
	case FSCONFIG_SET_FLAG:
		return !key || value || aux ? -EINVAL : 0;
	case FSCONFIG_SET_STRING:
		return !key || !value || aux ? -EINVAL : 0;
	case FSCONFIG_SET_BINARY:
		return !key || !value || aux <= 0 || aux > 1024 * 1024 ? -EINVAL : 0;
	case FSCONFIG_SET_PATH:
	case FSCONFIG_SET_PATH_EMPTY:
		return !key || !value || (aux != AT_FDCWD && aux < 0) ? -EINVAL : 0;
	case FSCONFIG_SET_FD:
		return !key || value || aux < 0 ? -EINVAL : 0;
	case FSCONFIG_CMD_CREATE:
	case FSCONFIG_CMD_RECONFIGURE:
		return key || value || aux ? -EINVAL : 0;
	}
	return -EOPNOTSUPP;
}

/* What has been mounted, or reconfigured, takes options anew. */
static int begin_again(struct fs_fd *c)
{
	struct fs_context *fc = fs_context_new(c->fc->type, c->fc->sb);

	if (!fc)
		return -ENOMEM;
	fc->sb_flags_mask = c->fc->sb_flags_mask; /* Linux forgets the flags, but not which were told: they are cleared */
	fs_context_free(c->fc);
	c->fc = fc;
	c->phase = RECONFIGURING;
	return 0;
}

static int configure(struct fs_fd *c, unsigned cmd, const char *key, const char *value)
{
	int err = c->phase == MOUNTED ? begin_again(c) : 0;

	if (err)
		return err;
	switch (cmd) {
	case FSCONFIG_CMD_CREATE:
		if (c->phase != CREATING)
			return -EBUSY;
		if (!may_mount())
			return -EPERM;
		err = fs_context_get_tree(c->fc);
		c->phase = err ? FAILED : CREATED;
		return err;
	case FSCONFIG_CMD_RECONFIGURE:
		if (c->phase != RECONFIGURING)
			return -EBUSY;
		if (!may_mount())
			return -EPERM;
		err = fs_context_reconfigure(c->fc);
		c->phase = err ? FAILED : MOUNTED;
		return err;
	case FSCONFIG_SET_FLAG:
	case FSCONFIG_SET_STRING:
		if (c->phase != CREATING && c->phase != RECONFIGURING)
			return -EBUSY;
		if (!c->fc->type)
			return -EINVAL;
		return fs_context_option(c->fc, key, value ? value : "");
	}
	return -EINVAL; /* no option of umk's file systems is binary, a path or a descriptor */
}

/* Looks at a value that will be refused, as no option of umk's file systems is of its kind: it has to be there. */
static int check_value(unsigned cmd, const void __user *uvalue, int aux)
{
	struct file *f;
	char c, *path;

	switch (cmd) {
	case FSCONFIG_SET_BINARY:
		return get_user(c, (const char __user *)uvalue) || get_user(c, (const char __user *)uvalue + aux - 1) ? -EFAULT : 0;
	case FSCONFIG_SET_PATH:
	case FSCONFIG_SET_PATH_EMPTY:
		path = getname(uvalue, cmd == FSCONFIG_SET_PATH_EMPTY ? LOOKUP_EMPTY : 0);
		if (IS_ERR(path))
			return PTR_ERR(path);
		kfree(path);
		return 0;
	case FSCONFIG_SET_FD:
		f = fget(aux);
		if (!f)
			return -EBADF;
		file_put(f);
	}
	return 0;
}

SYSCALL_DEFINE5(fsconfig, int, fd, unsigned, cmd, const char __user *, ukey, const void __user *, uvalue, int, aux)
{
	char *key = NULL, *value = NULL;
	struct file *f;
	long err;

	if (fd < 0)
		return -EINVAL;
	err = check_config(cmd, ukey, uvalue, aux);
	if (err)
		return err;
	f = fget(fd);
	if (!f)
		return -EBADF;
	err = f->ops != &context_ops ? -EINVAL : 0;
	if (!err && ukey) {
		key = mount_string(ukey);
		err = IS_ERR(key) ? PTR_ERR(key) : 0;
	}
	if (!err && cmd == FSCONFIG_SET_STRING) {
		value = mount_string(uvalue);
		err = IS_ERR(value) ? PTR_ERR(value) : 0;
	}
	if (!err)
		err = check_value(cmd, uvalue, aux);
	if (!err)
		err = configure(f->private, cmd, key, value);
	kfree(IS_ERR(value) ? NULL : value);
	kfree(IS_ERR(key) ? NULL : key);
	file_put(f);
	return err;
}

/* ---- mounts behind descriptors ---- */

/* A mount that is in no tree goes with its last descriptor. */
static void tree_release(struct file *f)
{
	struct mount *m = f->private;

	if (!mount_in_tree(m) && !m->parent)
		mount_detach(m);
	else
		mntput(m);
}

static const struct file_operations tree_ops = { .name = "O_PATH", .release = tree_release };

/* Takes over the reference to @m, which is in no tree. */
static long tree_fd(struct mount *m, bool cloexec)
{
	struct path path = { m, m->root };
	int fd = fd_reserve(cloexec ? O_CLOEXEC : 0);
	struct file *f = fd < 0 ? ERR_PTR(fd) : path_open(&path, O_PATH);

	if (IS_ERR(f)) {
		if (fd >= 0)
			fd_unreserve(fd);
		mount_detach(m);
		return PTR_ERR(f);
	}
	f->ops = &tree_ops;
	f->private = m;
	fd_install(fd, f);
	return fd;
}

/* MOUNT_ATTR_* as a mount's flags; *mask: which of them are meant. -EINVAL. */
static int attr_flags(u64 attr, u32 *flags)
{
	static const struct { u64 attr; u32 flag; } map[] = { { MOUNT_ATTR_RDONLY, MS_RDONLY }, { MOUNT_ATTR_NOSUID, MS_NOSUID },
		{ MOUNT_ATTR_NODEV, MS_NODEV }, { MOUNT_ATTR_NOEXEC, MS_NOEXEC }, { MOUNT_ATTR_NODIRATIME, MS_NODIRATIME },
		{ MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW } };

	*flags = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(map); i++)
		if (attr & map[i].attr)
			*flags |= map[i].flag;
	switch (attr & MOUNT_ATTR__ATIME) {
	case MOUNT_ATTR_RELATIME:
		*flags |= MS_RELATIME;
		return 0;
	case MOUNT_ATTR_NOATIME:
		*flags |= MS_NOATIME;
		return 0;
	case MOUNT_ATTR_STRICTATIME:
		return 0;
	}
	return -EINVAL;
}

#define ATTRS (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR__ATIME | \
	MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)

SYSCALL_DEFINE3(fsmount, int, fs_fd, unsigned, flags, unsigned, attrs)
{
	struct fs_fd *c;
	struct mount *m;
	struct file *f;
	u32 mnt_flags;
	long err;

	if (!may_mount())
		return -EPERM;
	if ((flags & ~FSMOUNT_CLOEXEC) || (attrs & ~(unsigned)ATTRS) || attr_flags(attrs, &mnt_flags))
		return -EINVAL;
	f = fget(fs_fd);
	if (!f)
		return -EBADF;
	err = -EINVAL;
	if (f->ops != &context_ops)
		goto put;
	c = f->private;
	if (!c->fc->sb)
		goto put;
	err = -EBUSY;
	if (c->phase != CREATED)
		goto put;
	c->phase = MOUNTED;
	m = mount_alloc(c->fc->sb, c->fc->sb->root, mnt_flags, c->fc->source);
	err = m ? tree_fd(m, flags & FSMOUNT_CLOEXEC) : -ENOMEM;
put:
	file_put(f);
	return err;
}

SYSCALL_DEFINE3(open_tree, int, dfd, const char __user *, path, unsigned, flags)
{
	bool clone = flags & OPEN_TREE_CLONE;
	struct mount *m;
	struct path p;
	struct file *f;
	long err;
	int fd;

	if (flags & ~(AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC))
		return -EINVAL;
	if ((flags & (AT_RECURSIVE | OPEN_TREE_CLONE)) == AT_RECURSIVE)
		return -EINVAL;
	if (clone && !may_mount())
		return -EPERM;
	err = user_path(dfd, path, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) | (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0),
		&p);
	if (err)
		return err;
	if (clone) {
		m = !mount_in_tree(p.mnt) || (p.mnt->flags & MNT_UNBINDABLE) ? ERR_PTR(-EINVAL) :
			mount_copy(p.mnt, p.dentry, flags & AT_RECURSIVE);
		err = IS_ERR(m) ? PTR_ERR(m) : tree_fd(m, flags & OPEN_TREE_CLOEXEC);
	} else {
		fd = fd_reserve(flags & OPEN_TREE_CLOEXEC ? O_CLOEXEC : 0);
		f = fd < 0 ? ERR_PTR(fd) : path_open(&p, O_PATH);
		err = IS_ERR(f) ? PTR_ERR(f) : fd;
		if (!IS_ERR(f))
			fd_install(fd, f);
		else if (fd >= 0)
			fd_unreserve(fd);
	}
	path_put(&p);
	return err;
}

#define MOVE_MOUNT_KNOWN (MOVE_MOUNT_F_SYMLINKS | MOVE_MOUNT_F_AUTOMOUNTS | MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS | \
	MOVE_MOUNT_T_AUTOMOUNTS | MOVE_MOUNT_T_EMPTY_PATH | MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_BENEATH)

SYSCALL_DEFINE5(move_mount, int, from_dfd, const char __user *, from_path, int, to_dfd, const char __user *, to_path,
	unsigned, flags)
{
	struct path from, to;
	long err;

	if (!may_mount())
		return -EPERM;
	if ((flags & ~MOVE_MOUNT_KNOWN) || !(~flags & (MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_BENEATH)))
		return -EINVAL;
	err = user_path(from_dfd, from_path, (flags & MOVE_MOUNT_F_SYMLINKS ? LOOKUP_FOLLOW : 0) |
		(flags & MOVE_MOUNT_F_EMPTY_PATH ? LOOKUP_EMPTY : 0), &from);
	if (err)
		return err;
	err = user_path(to_dfd, to_path, (flags & MOVE_MOUNT_T_SYMLINKS ? LOOKUP_FOLLOW : 0) |
		(flags & MOVE_MOUNT_T_EMPTY_PATH ? LOOKUP_EMPTY : 0), &to);
	if (!err) {
		/* Private mounts, which all are, have no group to give. */
		err = !from.mnt || !to.mnt || (flags & MOVE_MOUNT_SET_GROUP) ? -EINVAL :
			mount_move(&from, &to, flags & MOVE_MOUNT_BENEATH);
		path_put(&to);
	}
	path_put(&from);
	return err;
}

/* ---- mount_setattr(2) ---- */

static bool any_writer(const struct mount *m, bool recurse)
{
	const struct mount *c;

	if (m->writers)
		return true;
	if (recurse)
		list_for_each_entry(c, &m->children, child)
			if (any_writer(c, true))
				return true;
	return false;
}

static void change_flags(struct mount *m, u32 set, u32 clear, bool recurse)
{
	struct mount *c;

	m->flags = (m->flags & ~clear) | set;
	if (recurse)
		list_for_each_entry(c, &m->children, child)
			change_flags(c, set, clear, true);
}

static int set_attrs(const struct path *p, const struct mount_attr *a, bool recurse)
{
	bool atime = a->attr_clr & MOUNT_ATTR__ATIME;
	u32 set, clear;
	int err;

	if (!path_is_mount_root(p))
		return -EINVAL;
	attr_flags(a->attr_set & ~(u64)MOUNT_ATTR__ATIME, &set);
	attr_flags(a->attr_clr & ~(u64)MOUNT_ATTR__ATIME, &clear);
	set &= ~(u32)MS_RELATIME;
	clear &= ~(u32)MS_RELATIME;
	if (atime) {
		u32 times;

		if (attr_flags(a->attr_set & MOUNT_ATTR__ATIME, &times))
			return -EINVAL;
		clear |= MS_RELATIME | MS_NOATIME;
		set |= times;
	}
	if ((set & MS_RDONLY) && !(p->mnt->flags & MS_RDONLY) && any_writer(p->mnt, recurse))
		return -EBUSY;
	if (a->propagation) {
		err = mount_change_type(p, a->propagation, recurse);
		if (err)
			return err;
	}
	change_flags(p->mnt, set, clear, recurse);
	return 0;
}

SYSCALL_DEFINE5(mount_setattr, int, dfd, const char __user *, path, unsigned, flags, struct mount_attr __user *, uattr,
	size_t, usize)
{
	struct mount_attr a = { 0 };
	struct path p;
	long err;

	if (flags & ~(AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	if (usize < sizeof(a))
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	if (copy_from_user(&a, uattr, sizeof(a)))
		return -EFAULT;
	for (size_t i = sizeof(a); i < usize; i++) {
		u8 c;

		if (get_user(c, (u8 __user *)uattr + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	if (!a.attr_set && !a.attr_clr && !a.propagation)
		return 0;
	if (a.propagation & ~(u64)(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE) || (a.propagation & (a.propagation - 1)))
		return -EINVAL;
	if ((a.attr_set | a.attr_clr) & ~(u64)ATTRS) {
		LEDGER("mount_setattr: attribute", a.attr_set);
		return -EINVAL;
	}
	if ((a.attr_clr & MOUNT_ATTR__ATIME) ? (a.attr_clr & MOUNT_ATTR__ATIME) != MOUNT_ATTR__ATIME :
			(a.attr_set & MOUNT_ATTR__ATIME) != 0)
		return -EINVAL;
	err = user_path(dfd, path, (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) | (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0),
		&p);
	if (err)
		return err;
	err = p.mnt ? set_attrs(&p, &a, flags & AT_RECURSIVE) : -EINVAL;
	path_put(&p);
	return err;
}
