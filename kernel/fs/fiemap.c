/* FS_IOC_FIEMAP: where the extents of a file lie (the kernel's filesystems/fiemap). The head and the extents are the guest's; what
 * they say is the file system's matter, which is asked for a few extents at a time, so that no memory is sized by the guest. */
#include "internal.h"
#include "mm.h"
#include "sched.h"
#include <linux/fiemap.h>

#define EXTENTS_AT_ONCE 64u
#define FIEMAP_MAX_EXTENTS ((u32)((~0u - sizeof(struct fiemap)) / sizeof(struct fiemap_extent)))

/* Asks for what @head asks for in pieces of @piece, which has room for EXTENTS_AT_ONCE. What came is left in @head. */
static int map_extents(struct file *f, struct fiemap *head, struct fiemap *piece, struct fiemap __user *uarg)
{
	u64 start = head->fm_start, length = head->fm_length;
	const struct fiemap_extent *last;
	u32 wanted, got;
	int err;

	do {
		wanted = min(head->fm_extent_count - head->fm_mapped_extents, EXTENTS_AT_ONCE);
		*piece = (struct fiemap){ .fm_start = start, .fm_length = length, .fm_flags = head->fm_flags, .fm_extent_count = wanted };
		err = f->ops->fiemap(f, piece);
		got = piece->fm_mapped_extents;
		if (err || !wanted || !got) { /* @wanted 0: it is only asked how many there are */
			head->fm_flags = piece->fm_flags;
			head->fm_mapped_extents += err ? 0 : got;
			return err;
		}
		if (copy_to_user(&uarg->fm_extents[head->fm_mapped_extents], piece->fm_extents, got * sizeof(*last)))
			return -EFAULT;
		head->fm_mapped_extents += got;
		last = &piece->fm_extents[got - 1];
		length -= min(length, last->fe_logical + last->fe_length - start);
		start = last->fe_logical + last->fe_length;
		cond_resched();
	} while (got == wanted && length && !(last->fe_flags & FIEMAP_EXTENT_LAST) && head->fm_mapped_extents < head->fm_extent_count);
	return 0;
}

long ioctl_fiemap(struct file *f, struct fiemap __user *uarg)
{
	struct fiemap head, *piece;
	long err;

	if (!f->ops->fiemap)
		return -EOPNOTSUPP;
	if (copy_from_user(&head, uarg, sizeof(head)))
		return -EFAULT;
	if (head.fm_extent_count > FIEMAP_MAX_EXTENTS)
		return -EINVAL;
	piece = kmalloc(sizeof(*piece) + EXTENTS_AT_ONCE * sizeof(piece->fm_extents[0]));
	if (!piece)
		return -ENOMEM;
	head.fm_mapped_extents = 0;
	err = map_extents(f, &head, piece, uarg);
	kfree(piece);
	return copy_to_user(uarg, &head, sizeof(head)) ? -EFAULT : err;
}
