/* eventfd(2): a counter with readiness. */
#include "internal.h"
#include "aio.h"
#include "syscalls.h"

#include <linux/eventpoll.h>

/* What linux/eventfd.h of newer headers has. */
#define EFD_SEMAPHORE 1
#define EFD_CLOEXEC O_CLOEXEC
#define EFD_NONBLOCK O_NONBLOCK
#define EVENTFD_MAX (~0ull - 1)

struct eventfd {
	u64 count;
	bool semaphore;
	struct wait_queue_head wait;
};

static ssize_t eventfd_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct eventfd *e = f->private;
	u64 value;

	if (iov_iter_count(to) < sizeof(value))
		return -EINVAL;
	if (!e->count && (f->flags & O_NONBLOCK))
		return -EAGAIN;
	if (!e->count) {
		long err = wait_event_interruptible(&e->wait, e->count);

		if (err)
			return err;
	}
	value = e->semaphore ? 1 : e->count;
	e->count -= value;
	if (waitqueue_active(&e->wait))
		wake_up_poll(&e->wait, EPOLLOUT | EPOLLWRNORM);
	return copy_to_iter(&value, sizeof(value), to) == sizeof(value) ? (ssize_t)sizeof(value) : -EFAULT;
}

static ssize_t eventfd_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct eventfd *e = f->private;
	u64 value;

	if (iov_iter_count(from) != sizeof(value))
		return -EINVAL;
	if (copy_from_iter(&value, sizeof(value), from) != sizeof(value))
		return -EFAULT;
	if (value == ~0ull)
		return -EINVAL;
	if (EVENTFD_MAX - e->count < value) {
		long err;

		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(&e->wait, EVENTFD_MAX - e->count >= value);
		if (err)
			return err;
	}
	e->count += value;
	if (waitqueue_active(&e->wait))
		wake_up_poll(&e->wait, EPOLLIN | EPOLLRDNORM);
	return sizeof(value);
}

static u32 eventfd_poll(struct file *f, struct poll_table *pt)
{
	struct eventfd *e = f->private;

	poll_wait(pt, &e->wait);
	return (e->count ? EPOLLIN | EPOLLRDNORM : 0) | (e->count < EVENTFD_MAX ? EPOLLOUT | EPOLLWRNORM : 0);
}

static void eventfd_release(struct file *f)
{
	kfree(f->private);
}

static void eventfd_show(struct file *f, char *buf, size_t size)
{
	struct eventfd *e = f->private;

	ksnprintf(buf, size, "eventfd-count: %16llx\neventfd-id: %d\neventfd-semaphore: %d\n",
		(unsigned long long)e->count, (int)f->inode->ino, e->semaphore);
}

static const struct file_operations eventfd_ops = {
	.name = "eventfd", .nowait = true, .plain_write = true, .read = eventfd_read, .write = eventfd_write, .poll = eventfd_poll, .llseek = noop_llseek,
	.release = eventfd_release, .show_fdinfo = eventfd_show,
};

bool is_eventfd(const struct file *f)
{
	return f->ops == &eventfd_ops;
}

void eventfd_signal(struct file *f, u64 n)
{
	struct eventfd *e = f->private;

	e->count += min(n, ~0ull - e->count);
	wake_up_poll(&e->wait, EPOLLIN | EPOLLRDNORM);
}

static long do_eventfd(unsigned count, int flags)
{
	struct eventfd *e;
	struct file *f;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	e = kzalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->count = count;
	e->semaphore = flags & EFD_SEMAPHORE;
	init_waitqueue_head(&e->wait);
	fd = fd_reserve(flags & O_CLOEXEC);
	if (fd < 0) {
		kfree(e);
		return fd;
	}
	f = anon_file("[eventfd]", &eventfd_ops, e, O_RDWR | (flags & O_NONBLOCK), 0600);
	if (IS_ERR(f)) {
		fd_unreserve(fd);
		kfree(e);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

SYSCALL_DEFINE1(eventfd, unsigned, count)
{
	return do_eventfd(count, 0);
}

SYSCALL_DEFINE2(eventfd2, unsigned, count, int, flags)
{
	return do_eventfd(count, flags);
}
