/* What execve does to credentials: set-user-ID and set-group-ID programs, file capabilities, root, no_new_privs, ambient
 * capabilities. capabilities(7), "Transformation of capabilities during execve()" and what follows there. */
#include "cred.h"
#include "fs.h"
#include "sched.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <linux/stat.h>

#define XATTR_CAPABILITY "security.capability"

/* A file's capability sets. */
struct file_caps {
	bool present, effective;
	u64 permitted, inheritable;
};

/* The attribute as it lies on disk (linux/capability.h), version 1 to 3. Nothing to be read is no capabilities. */
static int read_file_caps(struct file *f, struct file_caps *fc)
{
	struct vfs_ns_cap_data data;
	struct inode *inode = f->inode;
	ssize_t size;
	unsigned words;

	if (!inode->ops || !inode->ops->getxattr)
		return 0;
	size = inode->ops->getxattr(inode, XATTR_CAPABILITY, &data, sizeof(data));
	if (size < 0)
		return size == -EINTR || size == -ENOMEM ? (int)size : 0;
	switch (size < (ssize_t)sizeof(u32) ? 0 : data.magic_etc & VFS_CAP_REVISION_MASK) {
	case VFS_CAP_REVISION_1:
		words = size == XATTR_CAPS_SZ_1 ? VFS_CAP_U32_1 : 0;
		break;
	case VFS_CAP_REVISION_2:
		words = size == XATTR_CAPS_SZ_2 ? VFS_CAP_U32_2 : 0;
		break;
	case VFS_CAP_REVISION_3: /* of the user namespace whose root is rootid: here that of user 0 */
		words = size == XATTR_CAPS_SZ_3 && !data.rootid ? VFS_CAP_U32_3 : 0;
		break;
	default:
		words = 0;
	}
	if (!words)
		return 0;
	fc->present = true;
	fc->effective = data.magic_etc & VFS_CAP_FLAGS_EFFECTIVE;
	for (unsigned i = 0; i < words; i++) {
		fc->permitted |= (u64)data.data[i].permitted << (32 * i);
		fc->inheritable |= (u64)data.data[i].inheritable << (32 * i);
	}
	fc->permitted &= CAP_ALL;
	fc->inheritable &= CAP_ALL;
	return 0;
}

static void set_ids(struct cred *c, const struct inode *inode)
{
	if (c->no_new_privs)
		return;
	if (inode->mode & S_ISUID)
		c->euid = inode->uid;
	if ((inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		c->egid = inode->gid;
}

/* Root has all capabilities by a program, unless securebits say that it is a user like others; a set-user-ID-root program that
 * has file capabilities has those alone. */
static void grant_root(struct cred *c, const struct file_caps *fc, bool *effective)
{
	if (c->securebits & issecure_mask(SECURE_NOROOT))
		return;
	if (fc->present && c->euid == 0 && c->uid != 0)
		return;
	if (c->euid == 0 || c->uid == 0)
		c->cap_permitted = c->cap_bset | c->cap_inheritable;
	if (c->euid == 0)
		*effective = true;
}

/* Shared with others, the working directory could be pulled away under a privileged program. */
static bool shares_directory(void)
{
	const struct task *t;
	unsigned own = 0;

	list_for_each_entry(t, &current->signal->threads, thread_node)
		own += t->fs == current->fs;
	return fs_users(current->fs) > own;
}

int cred_exec(struct cred *c, struct file *f, struct exec_rights *rights)
{
	const struct cred *old = current->cred;
	struct file_caps fc = { .present = false };
	bool setid, gained, effective = false;
	u64 granted;
	int err;

	rights->secure = rights->changed = false;
	if (!file_nosuid(f)) {
		set_ids(c, f->inode);
		err = read_file_caps(f, &fc);
		if (err)
			return err;
	}
	granted = (c->cap_bset & fc.permitted) | (c->cap_inheritable & fc.inheritable);
	/* A program that does not ask for its capabilities cannot do without some of them. */
	if (fc.present && fc.effective && (fc.permitted & ~granted))
		return -EPERM;
	effective = fc.present && fc.effective;
	c->cap_permitted = granted;
	grant_root(c, &fc, &effective);
	setid = c->euid != old->uid || c->egid != old->gid;
	gained = c->cap_permitted & ~old->cap_permitted;
	if ((setid || gained) && (c->no_new_privs || shares_directory())) {
		if (c->no_new_privs || !capable(CAP_SETUID)) {
			c->euid = c->uid;
			c->egid = c->gid;
		}
		c->cap_permitted &= old->cap_permitted;
	}
	c->suid = c->fsuid = c->euid;
	c->sgid = c->fsgid = c->egid;
	if (fc.present || setid)
		c->cap_ambient = 0;
	c->cap_permitted |= c->cap_ambient;
	c->cap_effective = effective ? c->cap_permitted : c->cap_ambient;
	c->securebits &= ~issecure_mask(SECURE_KEEP_CAPS);
	rights->changed = setid || gained;
	rights->secure = setid || (c->uid != 0 && (effective || (c->cap_permitted & ~c->cap_ambient)));
	return 0;
}
