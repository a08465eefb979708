/* /dev: a tmpfs filled with the devices that umk has, and what those devices do. The devices of the host's own /dev are
 * never opened; their nodes elsewhere in the host's tree mean umk's device of the same number, or ENXIO. */
#include "internal.h"
#include "kmsg.h"
#include "ledger.h"
#include "tty.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/random.h>

#define NOISE_CHUNK 4096ul
#define ENTROPY_BITS 256

static ssize_t null_read(struct file *f __maybe_unused, struct iov_iter *to __maybe_unused, u64 *pos __maybe_unused)
{
	return 0;
}

static ssize_t null_write(struct file *f __maybe_unused, struct iov_iter *from, u64 *pos __maybe_unused)
{
	size_t n = iov_iter_count(from);

	iov_iter_advance(from, n);
	return n;
}

static ssize_t zero_read(struct file *f __maybe_unused, struct iov_iter *to, u64 *pos __maybe_unused)
{
	ssize_t done = 0;

	while (iov_iter_count(to)) {
		size_t want = min(iov_iter_count(to), (size_t)256 * 1024), n = iov_iter_zero(want, to);

		done += n;
		if (n < want)
			return done ? done : -EFAULT;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t full_write(struct file *f __maybe_unused, struct iov_iter *from __maybe_unused, u64 *pos __maybe_unused)
{
	return -ENOSPC;
}

static ssize_t random_read(struct file *f __maybe_unused, struct iov_iter *to, u64 *pos __maybe_unused)
{
	ssize_t done = 0;
	u8 *buf = kmalloc(NOISE_CHUNK);

	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(to)) {
		size_t want = min(iov_iter_count(to), NOISE_CHUNK), n;

		host_random(buf, want);
		n = copy_to_iter(buf, want, to);
		done += n;
		if (n < want) {
			if (!done)
				done = -EFAULT;
			break;
		}
		if (signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	return done;
}

static loff_t null_llseek(struct file *f, loff_t off __maybe_unused, int whence __maybe_unused)
{
	f->pos = 0;
	return 0;
}

/* mmap(2) of /dev/zero is anonymous memory. */
static int zero_mmap(struct file *f __maybe_unused, struct vm_area *vma)
{
	return vma->flags & VM_SHARED ? shmem_zero_setup(vma) : 0;
}

static u32 random_poll(struct file *f __maybe_unused, struct poll_table *pt __maybe_unused)
{
	return EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
}

/* random(4): the entropy of the host's generator never runs short, and what is added to it is taken and not needed. */
static long random_ioctl(struct file *f __maybe_unused, unsigned cmd, unsigned long arg)
{
	int bits;

	switch (cmd) {
	case RNDGETENTCNT:
		return put_user(ENTROPY_BITS, (int __user *)u64_to_uptr(arg));
	case RNDADDTOENTCNT:
	case RNDADDENTROPY:
		if (!capable(CAP_SYS_ADMIN))
			return -EPERM;
		if (get_user(bits, (int __user *)u64_to_uptr(arg)))
			return -EFAULT;
		return bits < 0 ? -EINVAL : 0;
	case RNDZAPENTCNT:
	case RNDCLEARPOOL:
	case RNDRESEEDCRNG:
		return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
	}
	return -EINVAL;
}

static const struct file_operations null_ops = {
	.name = "null", .nowait = true, .no_splice_read = true, .read = null_read, .write = null_write, .llseek = null_llseek,
};
static const struct file_operations zero_ops = {
	.name = "zero", .nowait = true, .read = zero_read, .write = null_write, .llseek = null_llseek, .mmap = zero_mmap,
};
static const struct file_operations full_ops = {
	.name = "full", .read = zero_read, .write = full_write, .llseek = null_llseek,
};
static const struct file_operations random_ops = {
	.name = "random", .nowait = true, .read = random_read, .write = null_write, .llseek = null_llseek,
	.poll = random_poll, .ioctl = random_ioctl,
};

static int dev_tty_open(struct inode *inode __maybe_unused, struct file *f)
{
	return tty_open_current(f);
}

static int dev_console_open(struct inode *inode __maybe_unused, struct file *f)
{
	f->flags |= O_NOCTTY; /* the console becomes nobody's controlling terminal by being opened */
	return console_open(f);
}

static const struct device {
	const char *name;
	u16 mode, major, minor;
	const struct file_operations *ops; /* NULL: @open */
	int (*open)(struct inode *inode, struct file *f);
} devices[] = {
	{ "null", 0666, 1, 3, &null_ops },
	{ "zero", 0666, 1, 5, &zero_ops },
	{ "full", 0666, 1, 7, &full_ops },
	{ "random", 0666, 1, 8, &random_ops },
	{ "urandom", 0666, 1, 9, &random_ops },
	{ "kmsg", 0644, 1, 11, .open = dev_kmsg_open },
	{ "tty", 0666, 5, 0, .open = dev_tty_open },
	{ "console", 0600, 5, 1, .open = dev_console_open },
	{ "ptmx", 0666, 5, 2, .open = ptmx_open },
	{ "net/tun", 0666, 10, 200, .open = tun_open },
};
static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

int chrdev_open(struct inode *inode, struct file *f)
{
	u32 major = dev_major(inode->rdev);

	for (unsigned i = 0; i < ARRAY_SIZE(devices); i++) {
		if (inode->rdev != make_dev(devices[i].major, devices[i].minor))
			continue;
		if (!devices[i].ops)
			return devices[i].open(inode, f);
		f->ops = devices[i].ops;
		return 0;
	}
	if (console_tty() && inode->rdev == console_tty()->dev)
		return console_open(f);
	/* A node of a slave that does not lie on devpts belongs to no instance; major 10 has a driver that looks for others. */
	return major >= 136 && major <= 143 ? -EIO : major == 10 ? -ENODEV : -ENXIO;
}

/* A node in /dev itself or in a folder of it, which is made. */
static int add_node(struct inode *root, const char *name, const struct kstat *st)
{
	struct inode *dir = inode_get(root), *sub, *node;
	const char *slash = strrchr(name, '/');
	char part[64];
	int err;

	if (slash) {
		strscpy(part, name, min((size_t)(slash - name) + 1, sizeof(part)));
		if (strchr(part, '/'))
			err = -ENOENT; /* deeper than any device lies */
		else
			err = tmpfs_make_node(root, part, S_IFDIR | 0755, 0);
		sub = err && err != -EEXIST ? ERR_PTR(err) : root->ops->lookup(root, part, strlen(part));
		inode_put(dir);
		if (IS_ERR(sub))
			return PTR_ERR(sub);
		dir = sub;
		name = slash + 1;
	}
	err = tmpfs_make_node(dir, name, st->mode, st->rdev);
	if (!err) {
		node = dir->ops->lookup(dir, name, strlen(name));
		node->uid = st->uid;
		node->gid = st->gid;
		inode_put(node);
	}
	inode_put(dir);
	return err;
}

struct inode *devfs_root(struct super_block **sb)
{
	struct inode *root = tmpfs_new("devtmpfs", 0755, sb);
	struct kstat st = { 0 };
	const char *name;
	int err = 0;

	if (!root)
		return NULL;
	root->uid = root->gid = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(devices) && !err; i++) {
		const struct device *d = &devices[i];

		struct kstat node = { .mode = S_IFCHR | d->mode, .rdev = make_dev(d->major, d->minor) };

		err = add_node(root, d->name, &node);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(links) && !err; i++)
		err = root->ops->symlink(root, links[i].name, links[i].target);
	if (!err)
		err = tmpfs_make_node(root, "shm", S_IFDIR | 01777, 0);
	if (!err)
		err = tmpfs_make_node(root, "pts", S_IFDIR | 0755, 0);
	name = stdio_tty_name(&st);
	if (!err && name && strcmp(name, "console") && strcmp(name, "tty") && strncmp(name, "pts/", 4))
		add_node(root, name, &st);
	if (err) {
		inode_put(root);
		return NULL;
	}
	return root;
}
