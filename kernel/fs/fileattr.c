/* The flags of chattr(1), ioctl_iflags(2) and ioctl_xfs_fsgetxattr(2): who may set them, and those of tmpfs. A file system of the
 * host keeps its own: it is asked, and refuses by itself what they forbid. What they forbid elsewhere is asked where it is done:
 * inode_fixed() and inode_append(). */
#include "internal.h"
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/magic.h>

/* The flags that both calls know, by the same meaning under two numbers. Linux's FS_COMMON_FL and FS_XFLAG_COMMON. */
static const struct { u32 flag, xflag; } common[] = {
	{ FS_SYNC_FL, FS_XFLAG_SYNC }, { FS_IMMUTABLE_FL, FS_XFLAG_IMMUTABLE }, { FS_APPEND_FL, FS_XFLAG_APPEND },
	{ FS_NODUMP_FL, FS_XFLAG_NODUMP }, { FS_NOATIME_FL, FS_XFLAG_NOATIME }, { FS_DAX_FL, FS_XFLAG_DAX },
	{ FS_PROJINHERIT_FL, FS_XFLAG_PROJINHERIT },
};
union fileattr {
	u32 flags;
	struct fsxattr x;
};

static bool is_set(unsigned cmd)
{
	return cmd == FS_IOC_SETFLAGS || cmd == FS_IOC_FSSETXATTR;
}

static bool is_extended(unsigned cmd)
{
	return cmd == FS_IOC_FSGETXATTR || cmd == FS_IOC_FSSETXATTR;
}

static u32 to_flags(u32 xflags)
{
	u32 flags = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(common); i++)
		flags |= xflags & common[i].xflag ? common[i].flag : 0;
	return flags;
}

static u32 to_xflags(u32 flags)
{
	u32 xflags = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(common); i++)
		xflags |= flags & common[i].flag ? common[i].xflag : 0;
	return xflags;
}

/* What @new asks for may be set by current in place of @old: Linux's fileattr_set_prepare(). */
static int may_set(const struct inode *inode, bool extended, const union fileattr *old, const union fileattr *new)
{
	u32 flags = extended ? to_flags(new->x.fsx_xflags ^ old->x.fsx_xflags) : new->flags ^ old->flags;
	bool reg = S_ISREG(inode->mode), dir = S_ISDIR(inode->mode);

	if ((flags & (FS_APPEND_FL | FS_IMMUTABLE_FL)) && !capable(CAP_LINUX_IMMUTABLE))
		return -EPERM;
	if (!extended) /* as file systems that have it do */
		return (flags & FS_JOURNAL_DATA_FL) && !capable(CAP_SYS_RESOURCE) ? -EPERM : 0;
	if ((new->x.fsx_xflags & FS_XFLAG_EXTSIZE) && !reg)
		return -EINVAL;
	if ((new->x.fsx_xflags & FS_XFLAG_EXTSZINHERIT) && !dir)
		return -EINVAL;
	if ((new->x.fsx_xflags & FS_XFLAG_COWEXTSIZE) && !reg && !dir)
		return -EINVAL;
	return (new->x.fsx_xflags & FS_XFLAG_DAX) && !reg && !dir ? -EINVAL : 0;
}

static int set_attr(struct file *f, unsigned cmd, union fileattr *new)
{
	bool extended = is_extended(cmd);
	union fileattr old = { 0 };
	int err = mnt_want_write(f->path.mnt);

	if (err)
		return err;
	if (!f->ops->fileattr)
		return -ENOTTY;
	/* The host asks all this by itself, but of umk's user. */
	if (!f->inode->sb->host || !cred_is_host()) {
		if (!inode_owner_or_capable(f->inode))
			return -EPERM;
		err = f->ops->fileattr(f, extended ? FS_IOC_FSGETXATTR : FS_IOC_GETFLAGS, &old);
		if (!err)
			err = may_set(f->inode, extended, &old, new);
		if (err)
			return err;
	}
	err = f->ops->fileattr(f, cmd, new);
	if (!err && f->path.dentry)
		fsnotify_dentry(f->path.dentry, IN_ATTRIB);
	return err;
}

bool file_append_only(const struct file *f)
{
	return inode_append(f->inode) || f->append_only;
}

long ioctl_fileattr(struct file *f, unsigned cmd, void __user *uarg)
{
	size_t size = is_extended(cmd) ? sizeof(struct fsxattr) : sizeof(u32);
	union fileattr fa = { 0 };
	long err;

	if (is_set(cmd))
		return copy_from_user(&fa, uarg, size) ? -EFAULT : set_attr(f, cmd, &fa);
	if (!f->ops->fileattr)
		return -ENOTTY;
	err = f->ops->fileattr(f, cmd, &fa);
	return err ? err : copy_to_user(uarg, &fa, size) ? -EFAULT : 0;
}

/* ---- tmpfs: Linux's shmem_fileattr_get() and shmem_fileattr_set() ---- */

#define TMPFS_FLAGS (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL)

int tmpfs_fileattr(struct file *f, unsigned cmd, void *attr)
{
	struct inode *inode = f->inode;
	union fileattr *fa = attr;
	u32 flags = fa->flags;

	if (inode->sb->magic == RAMFS_MAGIC)
		return -ENOTTY;
	if (!is_set(cmd)) {
		if (is_extended(cmd))
			fa->x.fsx_xflags = to_xflags(inode->fsflags);
		else
			fa->flags = inode->fsflags;
		return 0;
	}
	if (is_extended(cmd)) {
		flags = to_flags(fa->x.fsx_xflags);
		if (to_xflags(flags) != fa->x.fsx_xflags || fa->x.fsx_extsize || fa->x.fsx_projid || fa->x.fsx_cowextsize)
			return -EOPNOTSUPP;
	}
	if (flags & ~TMPFS_FLAGS)
		return -EOPNOTSUPP;
	inode->fsflags = flags;
	inode_touch(inode, 0);
	return 0;
}
