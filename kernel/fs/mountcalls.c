/* mount(2), umount2(2), pivot_root(2): who may change the tree of mounts, and how. The calls with file descriptors are in
 * mountapi.c and share what is here. Everything is checked in Linux's order. */
#include "internal.h"
#include "procfs.h"
#include "syscalls.h"
#include "mountcalls.h"
#include "ledger.h"
#include <linux/capability.h>

#ifndef MNT_FORCE
#define MNT_FORCE 1
#define MNT_DETACH 2
#define MNT_EXPIRE 4
#define UMOUNT_NOFOLLOW 8
#endif

/* MS_NOUSER is the sign bit of an int, so that Linux refuses all bits above it, too. */
#define MOUNT_BAD_FLAGS (~0x7ffffffful)

bool may_mount(void)
{
	return capable(CAP_SYS_ADMIN);
}

/* ---- kinds of mount(2) ---- */

/* A name or options from the guest: NULL for none. ERR_PTR(-EFAULT, -EINVAL, -ENOMEM). */
char *mount_string(const char __user *ustr)
{
	char *text;
	long len;

	if (!ustr)
		return NULL;
	text = kmalloc(PATH_MAX);
	if (!text)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(text, ustr, PATH_MAX);
	if (len >= PATH_MAX)
		len = -EINVAL;
	if (len >= 0)
		return text;
	kfree(text);
	return ERR_PTR(len);
}

/* The page of data that mount(2) takes: as much as can be read, at least something. */
static char *mount_data(const void __user *udata)
{
	char *data;
	size_t left;

	if (!udata)
		return NULL;
	data = kzalloc(PAGE_SIZE + 1);
	if (!data)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(data, udata, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		kfree(data);
		return ERR_PTR(-EFAULT);
	}
	data[PAGE_SIZE - 1] = 0;
	return data;
}

static int mount_make_flags(struct mount *m, u32 flags)
{
	if ((flags & MS_RDONLY) && !(m->flags & MS_RDONLY) && m->writers)
		return -EBUSY;
	m->flags = (m->flags & ~(u32)MNT_FLAGS) | flags;
	proc_event_tell(&mounts_event);
	return 0;
}

static int do_remount(const struct path *path, u32 sb_flags, u32 mnt_flags, char *data)
{
	struct super_block *sb = path->mnt->sb;
	const struct fs_type *type = find_fs_type(sb->type);
	struct fs_context *fc;
	int err;

	if (!mount_in_tree(path->mnt) || !path_is_mount_root(path))
		return -EINVAL;
	fc = fs_context_new(type, sb);
	if (!fc)
		return -ENOMEM;
	fc->sb_flags = sb_flags & MS_RDONLY;
	fc->sb_flags_mask = MS_RDONLY;
	err = data && type ? fs_context_options(fc, data) : 0;
	if (!err)
		err = fs_context_reconfigure(fc);
	if (!err)
		path->mnt->flags = (path->mnt->flags & ~(u32)MNT_FLAGS) | mnt_flags;
	if (!err)
		proc_event_tell(&mounts_event);
	fs_context_free(fc);
	return err;
}

static int do_remount_bind(const struct path *path, u32 mnt_flags)
{
	if (!mount_in_tree(path->mnt) || !path_is_mount_root(path))
		return -EINVAL;
	return mount_make_flags(path->mnt, mnt_flags);
}

static int do_loopback(const struct path *path, const char *old_name, bool recurse)
{
	struct path old;
	struct mount *m;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = path_lookup(AT_FDCWD, old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = -EINVAL;
	if (!mount_in_tree(path->mnt) || !mount_in_tree(old.mnt) || (old.mnt->flags & MNT_UNBINDABLE))
		goto put;
	m = mount_copy(old.mnt, old.dentry, recurse);
	err = IS_ERR(m) ? PTR_ERR(m) : mount_graft(m, path);
	if (err && !IS_ERR(m))
		mount_detach(m);
put:
	path_put(&old);
	return err;
}

static void set_unbindable(struct mount *m, bool on, bool recurse)
{
	struct mount *c;

	m->flags = (m->flags & ~MNT_UNBINDABLE) | (on ? MNT_UNBINDABLE : 0);
	if (recurse)
		list_for_each_entry(c, &m->children, child)
			set_unbindable(c, on, true);
}

/* All mounts are private. A slave of what is not shared is private, too; that something be shared is refused. */
int mount_change_type(const struct path *path, u32 type, bool recurse)
{
	if (!path_is_mount_root(path))
		return -EINVAL;
	if (type & ~(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE) || (type & (type - 1)) || !type)
		return -EINVAL;
	if (!mount_in_tree(path->mnt))
		return -EINVAL;
	if (type == MS_SHARED) {
		LEDGER("mount: MS_SHARED", type);
		return -EINVAL;
	}
	set_unbindable(path->mnt, type == MS_UNBINDABLE, recurse);
	return 0;
}

static bool mount_is_below(const struct mount *m, const struct mount *top)
{
	for (; m; m = m->parent)
		if (m == top)
			return true;
	return false;
}

/* Neither beneath a root, nor a mount beneath one that it is on, nor one that others are mounted over. */
static bool may_go_beneath(const struct mount *m, const struct path *to)
{
	const struct mount *top = to->mnt;

	return path_is_mount_root(to) && top->parent && top->parent->parent && top != current->fs->root.mnt &&
		!mount_on(m, m->root) && !mount_is_below(m, top);
}

/* Puts @m, which is in no tree, where @top is mounted, and @top on it. */
static int graft_beneath(struct mount *m, struct mount *top)
{
	struct path where = { mntget(top->parent), dget(top->mountpoint) }, upper = { m, m->root };
	int err = mount_graft(m, &where);

	if (!err) {
		mount_unhook(top);
		mount_attach(top, &upper);
	}
	path_put(&where);
	return err;
}

int mount_move(const struct path *from, const struct path *to, bool beneath)
{
	struct mount *m = from->mnt;

	if (!path_is_mount_root(from))
		return -EINVAL;
	if (mount_in_tree(m) ? !m->parent : m->parent != NULL)
		return -EINVAL;
	if (!mount_in_tree(to->mnt))
		return -EINVAL;
	if (S_ISDIR(m->root->inode->mode) != S_ISDIR(to->dentry->inode->mode))
		return -EINVAL;
	if (to->dentry->deleted)
		return -ENOENT;
	if (beneath && !may_go_beneath(m, to))
		return -EINVAL;
	if (mount_is_below(to->mnt, m))
		return -ELOOP;
	if (mount_in_tree(m))
		mount_unhook(m);
	else
		mntget(m); /* the tree's */
	return beneath ? graft_beneath(m, to->mnt) : mount_graft(m, to);
}

static int do_move_mount_old(const struct path *path, const char *old_name)
{
	struct path old;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = path_lookup(AT_FDCWD, old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = mount_in_tree(old.mnt) ? mount_move(&old, path, false) : -EINVAL;
	path_put(&old);
	return err;
}

static int do_new_mount(const struct path *path, const char *type_name, u32 sb_flags, u32 mnt_flags, const char *name, char *data)
{
	const struct fs_type *type;
	struct fs_context *fc;
	struct mount *m;
	int err;

	if (!type_name)
		return -EINVAL;
	type = find_fs_type(type_name);
	if (!type) {
		LEDGER("mount: file system", 0);
		return -ENODEV;
	}
	fc = fs_context_new(type, NULL);
	if (!fc)
		return -ENOMEM;
	fc->sb_flags = sb_flags;
	err = name ? fs_context_option(fc, "source", name) : 0;
	if (!err && data)
		err = fs_context_options(fc, data);
	if (!err)
		err = fs_context_get_tree(fc);
	if (!err && mount_in_tree(path->mnt) && path->mnt->sb == fc->sb && path_is_mount_root(path))
		err = -EBUSY; /* the same, right on top of itself */
	if (!err) {
		m = mount_alloc(fc->sb, fc->sb->root, mnt_flags, fc->source);
		err = m ? mount_graft(m, path) : -ENOMEM;
		if (err && m)
			mount_detach(m);
	}
	fs_context_free(fc);
	return err;
}

static int path_mount(const struct path *path, const char *name, const char *type, unsigned long flags, char *data)
{
	u32 mnt_flags, sb_flags;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= (u32)~MS_MGC_MSK;
	if (flags & MOUNT_BAD_FLAGS)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	mnt_flags = flags & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME | MS_NOSYMFOLLOW);
	if (!(flags & (MS_NOATIME | MS_STRICTATIME)))
		mnt_flags |= MS_RELATIME;
	if (flags & MS_STRICTATIME)
		mnt_flags &= ~(u32)(MS_RELATIME | MS_NOATIME);
	/* A remount that says nothing of times keeps what there is. */
	if ((flags & MS_REMOUNT) && !(flags & (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME)) && path->mnt)
		mnt_flags = (mnt_flags & ~(u32)(MS_RELATIME | MS_NOATIME | MS_NODIRATIME)) |
			(path->mnt->flags & (MS_RELATIME | MS_NOATIME | MS_NODIRATIME));
	sb_flags = flags & (MS_RDONLY | MS_SYNCHRONOUS | MS_MANDLOCK | MS_DIRSYNC | MS_SILENT | MS_LAZYTIME);
	if (!path->mnt)
		return -EINVAL;
	if ((flags & (MS_REMOUNT | MS_BIND)) == (MS_REMOUNT | MS_BIND))
		return do_remount_bind(path, mnt_flags);
	if (flags & MS_REMOUNT)
		return do_remount(path, sb_flags, mnt_flags, data);
	if (flags & MS_BIND)
		return do_loopback(path, name, flags & MS_REC);
	if (flags & (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return mount_change_type(path, flags & ~(unsigned long)(MS_REC | MS_SILENT), flags & MS_REC);
	if (flags & MS_MOVE)
		return do_move_mount_old(path, name);
	return do_new_mount(path, type, sb_flags, mnt_flags, name, data);
}

SYSCALL_DEFINE5(mount, char __user *, dev_name, char __user *, dir_name, char __user *, type, unsigned long, flags,
	void __user *, data)
{
	char *ktype, *kname = NULL, *kdata = NULL;
	struct path path;
	long err;

	ktype = mount_string(type);
	if (IS_ERR(ktype))
		return PTR_ERR(ktype);
	kname = mount_string(dev_name);
	if (IS_ERR(kname)) {
		err = PTR_ERR(kname);
		kname = NULL;
		goto out;
	}
	kdata = mount_data(data);
	if (IS_ERR(kdata)) {
		err = PTR_ERR(kdata);
		kdata = NULL;
		goto out;
	}
	err = user_path(AT_FDCWD, dir_name, LOOKUP_FOLLOW, &path);
	if (!err) {
		err = path_mount(&path, kname, ktype, flags, kdata);
		path_put(&path);
	}
out:
	kfree(kdata);
	kfree(kname);
	kfree(ktype);
	return err;
}

/* ---- umount ---- */

static int umount_root(struct mount *m)
{
	struct fs_context *fc = fs_context_new(find_fs_type(m->sb->type), m->sb);
	int err;

	if (!fc)
		return -ENOMEM;
	fc->sb_flags = fc->sb_flags_mask = MS_RDONLY;
	err = fs_context_reconfigure(fc);
	fs_context_free(fc);
	return err;
}

/* @path holds one reference to the mount. */
static int do_umount(const struct path *path, int flags)
{
	struct mount *m = path->mnt;

	if (!may_mount())
		return -EPERM;
	if (!path_is_mount_root(path) || !mount_in_tree(m))
		return -EINVAL;
	if (flags & MNT_EXPIRE) {
		if (m == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
			return -EINVAL;
		if (mount_busy(m, 2))
			return -EBUSY;
		if (!m->expiring) {
			m->expiring = true;
			return -EAGAIN;
		}
	}
	if (m == current->fs->root.mnt && !(flags & MNT_DETACH))
		return umount_root(m); /* Linux's answer: it becomes read-only */
	if (!m->parent)
		return -EINVAL;
	if (!(flags & MNT_DETACH) && mount_busy(m, 2))
		return -EBUSY;
	mount_detach(m);
	return 0;
}

SYSCALL_DEFINE2(umount, char __user *, name, int, flags)
{
	struct path path;
	struct mount *m;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	err = user_path(AT_FDCWD, name, flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	cross_mounts(&path); /* "." and ".." are below what is mounted there */
	err = path.mnt ? do_umount(&path, flags) : -EINVAL;
	m = path.mnt;
	path_put(&path);
	if (err == -EAGAIN)
		m->expiring = true; /* the tree has it; and this call was no use of it */
	return err;
}

/* ---- pivot_root ---- */

/* Whoever stands at the old root goes along. */
static void move_standers(const struct path *old, const struct path *new)
{
	struct task *t;

	list_for_each_entry(t, &all_tasks, task_node) {
		struct fs_struct *fs = t->fs;
		struct path *at[2] = { fs ? &fs->root : NULL, fs ? &fs->cwd : NULL };

		for (int i = 0; i < 2; i++) {
			struct path was;

			if (!at[i] || at[i]->mnt != old->mnt || at[i]->dentry != old->dentry)
				continue;
			was = *at[i];
			*at[i] = *new;
			path_get(new);
			path_put(&was);
		}
	}
}

static int pivot(const struct path *new, const struct path *old, const struct path *root)
{
	struct mount *root_mnt = root->mnt, *new_mnt = new->mnt;
	struct path place = { 0 };

	if (!mount_in_tree(root_mnt) || !mount_in_tree(new_mnt) || !mount_in_tree(old->mnt))
		return -EINVAL;
	if (new->dentry->deleted || old->dentry->deleted)
		return -ENOENT;
	if (new_mnt == root_mnt || old->mnt == root_mnt)
		return -EBUSY;
	if (!path_is_mount_root(root) || !path_is_mount_root(new) || !new_mnt->parent)
		return -EINVAL;
	if (!path_reachable(old, new) || !path_reachable(new, root))
		return -EINVAL;
	if (root_mnt->parent) {
		place = (struct path){ root_mnt->parent, root_mnt->mountpoint };
		path_get(&place);
	}
	mount_unhook(new_mnt);
	mount_unhook(root_mnt);
	mount_attach(root_mnt, old);
	if (place.mnt) {
		mount_attach(new_mnt, &place);
		path_put(&place);
	}
	/* Parents come before what is on them: /proc/mounts. */
	list_del(&new_mnt->list);
	list_add(&new_mnt->list, &mounts);
	move_standers(root, new);
	return 0;
}

SYSCALL_DEFINE2(pivot_root, const char __user *, new_root, const char __user *, put_old)
{
	struct path new, old, root;
	int err;

	if (!may_mount())
		return -EPERM;
	err = user_path(AT_FDCWD, new_root, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &new);
	if (err)
		return err;
	err = user_path(AT_FDCWD, put_old, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &old);
	if (!err) {
		root = current->fs->root;
		path_get(&root);
		err = pivot(&new, &old, &root);
		path_put(&root);
		path_put(&old);
	}
	path_put(&new);
	return err;
}
