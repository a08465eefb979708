/* The file system of POSIX message queues, mq_overview(7): one directory that shows the queues by name, wherever it is mounted. A file
 * that is made there is a queue, and one that is removed is a queue without a name. */
#include "../fs/internal.h"
#include "ipc.h"
#include "mqueue.h"

#define FIRST_AT 3 /* getdents: after . and .. */

static struct inode *mq_lookup(struct inode *dir __maybe_unused, const char *name, unsigned len __maybe_unused)
{
	struct mqueue *q = mqueue_find(name);

	return q ? inode_get(q->inode) : ERR_PTR(-ENOENT);
}

static int mq_create(struct inode *dir __maybe_unused, const char *name, u32 mode, u64 rdev __maybe_unused, struct inode **made)
{
	struct mqueue *q;

	if (!S_ISREG(mode))
		return -EPERM;
	q = mqueue_create(name, mode, NULL);
	if (IS_ERR(q))
		return PTR_ERR(q);
	if (made)
		*made = inode_get(q->inode);
	return 0;
}

static int mq_unlink(struct inode *dir __maybe_unused, const char *name)
{
	struct mqueue *q = mqueue_find(name);

	if (!q)
		return -ENOENT;
	mqueue_unlink(q);
	return 0;
}

/* Newest first. */
static int mq_getdents(struct file *f, void *ctx, bool (*emit)(void *ctx, const char *name, unsigned len, u64 ino, unsigned type,
	u64 next_off))
{
	struct dentry *up = f->path.dentry ? f->path.dentry->parent : NULL;

	if (f->pos < 1) {
		if (!emit(ctx, ".", 1, f->inode->ino, 4, 1))
			return 0;
		f->pos = 1;
	}
	if (f->pos < 2) {
		if (!emit(ctx, "..", 2, up ? up->inode->ino : f->inode->ino, 4, 2))
			return 0;
		f->pos = 2;
	}
	for (struct mqueue *q = mqueue_next(f->pos); q; q = mqueue_next(f->pos)) {
		u64 next = mqueue_offset(q);

		if (!emit(ctx, q->name, strlen(q->name), q->inode->ino, 8, next))
			return 0;
		f->pos = next;
	}
	return 0;
}

static ssize_t mq_dir_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return -EISDIR;
}

static loff_t mq_dir_llseek(struct file *f, loff_t off, int whence)
{
	return generic_llseek(f, off, whence, 0);
}

static const struct inode_operations root_ops = {
	.lookup = mq_lookup, .create = mq_create, .unlink = mq_unlink, .setattr = simple_setattr,
};
static const struct file_operations root_fops = {
	.name = "mqueue", .read = mq_dir_read, .llseek = mq_dir_llseek, .getdents = mq_getdents,
};

static int mq_get_tree(struct fs_context *fc)
{
	struct inode *root;

	if (!mqueue_sb.root) {
		root = inode_alloc(&mqueue_sb, S_IFDIR | S_ISVTX | 0777);
		if (!root)
			return -ENOMEM;
		root->ops = &root_ops;
		root->fops = &root_fops;
		root->nlink = 2;
		mqueue_sb.root = d_alloc_root(root, "");
		if (!mqueue_sb.root)
			return -ENOMEM;
		mqueue_dir_changed();
	}
	fc->sb = sb_get(&mqueue_sb);
	return 0;
}

const struct fs_type mqueue_type = { .name = "mqueue", .get_tree = mq_get_tree };
