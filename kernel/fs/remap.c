/* FICLONE, FICLONERANGE and FIDEDUPERANGE: two files share blocks, ioctl_ficlone(2) and ioctl_fideduperange(2). No file system of
 * umk's does that, and the host is not asked to: cp(1), which always tries, is told so in Linux's order, and copies. */
#include "internal.h"
#include <linux/fs.h>

static bool may_read(const struct file *f)
{
	return (f->flags & O_ACCMODE) == O_RDONLY || (f->flags & O_ACCMODE) == O_RDWR;
}

static int kind_error(const struct inode *inode)
{
	return S_ISDIR(inode->mode) ? -EISDIR : S_ISREG(inode->mode) ? 0 : -EINVAL;
}

static long clone_range(struct file *out, int fd)
{
	struct file *in = fget((unsigned)fd);
	int err;

	if (!in)
		return -EBADF;
	if (in->inode->sb != out->inode->sb || inode_dev(in->inode) != inode_dev(out->inode))
		err = -EXDEV;
	else if (S_ISDIR(in->inode->mode) || S_ISDIR(out->inode->mode))
		err = -EISDIR;
	else if (kind_error(in->inode) || kind_error(out->inode))
		err = -EINVAL;
	else if (!may_read(in) || (out->flags & O_ACCMODE) == O_RDONLY || (out->flags & O_APPEND))
		err = -EBADF;
	else
		err = -EOPNOTSUPP;
	file_put(in);
	return err;
}

static long dedupe_range(struct file *f, struct file_dedupe_range __user *uarg)
{
	struct file_dedupe_range range;
	int err;

	if (get_user(range.dest_count, &uarg->dest_count))
		return -EFAULT;
	if (sizeof(range) + range.dest_count * sizeof(range.info[0]) > PAGE_SIZE)
		return -ENOMEM;
	if (copy_from_user(&range, uarg, sizeof(range)))
		return -EFAULT;
	if (!may_read(f) || range.reserved1 || range.reserved2)
		return -EINVAL;
	err = kind_error(f->inode);
	return err ? err : -EOPNOTSUPP;
}

long ioctl_remap(struct file *f, unsigned cmd, unsigned long arg)
{
	struct file_clone_range range;

	if (cmd == FICLONE)
		return clone_range(f, (int)arg);
	if (cmd == FIDEDUPERANGE)
		return dedupe_range(f, u64_to_uptr(arg));
	if (copy_from_user(&range, u64_to_uptr(arg), sizeof(range)))
		return -EFAULT;
	return clone_range(f, (int)range.src_fd);
}
