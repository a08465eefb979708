/* Pipes and FIFOs: a ring of up to 16 pages (more by F_SETPIPE_SZ). A write of up to PIPE_BUF bytes is whole or not at
 * all; small writes are merged into the last page while it has room for all of them, as Linux does, so that a full
 * pipe is full after the same bytes. pipe(7), fifo(7). */
#include "pipe.h"
#include "cred.h"
#include "syscalls.h"
#include "sysctl.h"
#include "ledger.h"
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/resource.h>
#include <linux/limits.h>
#include <asm/ioctls.h>

#define PIPE_PAGES 16u
#define PIPE_PAGES_MIN 2u

static u64 pipe_max_size = 1 << 20; /* fs.pipe-max-size: what may be had without CAP_SYS_RESOURCE, bytes */

/* fs.pipe-user-pages-soft and -hard: rings of one user's pipes, in pages, without CAP_SYS_RESOURCE or CAP_SYS_ADMIN; 0: no limit.
 * Beyond the first a new pipe is a small one, and none grows; beyond the second there is none. pipe(7). */
static u64 user_pages_soft = PIPE_PAGES * 1024ull, user_pages_hard;

static bool too_many(u64 pages, u64 limit)
{
	return limit && pages > limit && !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN);
}

static void pipe_free(struct pipe_info *p)
{
	if (p->user) {
		p->user->pipe_pages -= p->size;
		user_count_put(p->user);
	}
	kfree(p->ring);
	kfree(p);
}

static struct pipe_info *pipe_new(void)
{
	struct pipe_info *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	p->size = PIPE_PAGES;
	p->user = user_count_get(current->cred->uid);
	if (PIPE_PAGES > pipe_max_size / PAGE_SIZE && !capable(CAP_SYS_RESOURCE))
		p->size = (u32)(pipe_max_size / PAGE_SIZE);
	if (p->user && too_many(p->user->pipe_pages + p->size, user_pages_soft))
		p->size = PIPE_PAGES_MIN;
	if (p->user)
		p->user->pipe_pages += p->size;
	p->ring = p->user && !too_many(p->user->pipe_pages, user_pages_hard) ? kcalloc(p->size, sizeof(*p->ring)) : NULL;
	if (!p->ring) {
		pipe_free(p);
		return NULL;
	}
	init_waitqueue_head(&p->rd_wait);
	init_waitqueue_head(&p->wr_wait);
	kmutex_init(&p->lock);
	return p;
}

static void pipe_put(struct pipe_info *p)
{
	if (--p->refs)
		return;
	for (u32 i = 0; i < p->count; i++)
		page_put(p->ring[(p->head + i) % p->size].page);
	if (p->spare)
		page_put(p->spare);
	if (p->fifo)
		p->fifo->pipe = NULL;
	pipe_free(p);
}

void pipe_pop(struct pipe_info *p)
{
	struct pipe_buffer *b = pipe_slot(p, 0);

	if (p->spare || b->page->refs > 1)
		page_put(b->page);
	else
		p->spare = b->page;
	*b = (struct pipe_buffer){ 0 };
	p->head = (p->head + 1) % p->size;
	p->count--;
}

/* ---- transfers ---- */

static ssize_t pipe_read(struct file *f, struct iov_iter *to, u64 *pos __maybe_unused)
{
	struct pipe_info *p = f->private;
	ssize_t done = 0;
	bool was_full;
	long err;

	if (!iov_iter_count(to))
		return 0;
	kmutex_lock(&p->lock);
	was_full = p->count >= p->size;
	for (;;) {
		while (p->count && iov_iter_count(to)) {
			struct pipe_buffer *b = pipe_slot(p, 0);
			size_t want = min((size_t)b->len, iov_iter_count(to)), n;
			bool packet = b->packet;

			n = copy_to_iter((u8 *)page_address(b->page) + b->off, want, to);
			/* As in Linux, of a buffer that the reader's memory ends in the middle of, nothing is read. */
			if (n < want) {
				if (!done)
					done = -EFAULT;
				goto out;
			}
			b->off += n;
			b->len -= n;
			done += n;
			if (packet)
				b->len = 0; /* what the reader's buffer could not take is lost: pipe(2) */
			if (!b->len)
				pipe_pop(p);
			if (packet)
				goto out;
		}
		if (done || !p->writers)
			break;
		if (f->flags & O_NONBLOCK) {
			done = -EAGAIN;
			break;
		}
		kmutex_unlock(&p->lock);
		err = wait_event_interruptible(&p->rd_wait, p->count || !p->writers);
		if (err)
			return err;
		kmutex_lock(&p->lock);
		was_full = p->count >= p->size;
	}
out:
	was_full = was_full && p->count < p->size;
	kmutex_unlock(&p->lock);
	if (was_full)
		wake_up_poll(&p->wr_wait, EPOLLOUT | EPOLLWRNORM);
	if (done > 0)
		kill_fasync(&p->wr_async, SIGIO, POLL_OUT);
	return done;
}

ssize_t pipe_broken(const struct file *f)
{
	if (!f || !f->nosignal)
		send_sig_task(SIGPIPE, SEND_SIG_NOINFO, current);
	return -EPIPE;
}

/* The odd bytes of a write go behind what the last buffer holds, if they fit there: how many, or -EFAULT. The rest is whole pages. */
static ssize_t pipe_fill_last(struct pipe_info *p, const struct file *f, struct iov_iter *from)
{
	size_t chars = iov_iter_count(from) & (PAGE_SIZE - 1);
	struct pipe_buffer *b;

	if (!chars || !p->count || f->flags & O_DIRECT)
		return 0;
	b = pipe_slot(p, p->count - 1);
	if (b->packet || b->whole || b->off + b->len + chars > PAGE_SIZE)
		return 0;
	if (copy_from_iter((u8 *)page_address(b->page) + b->off + b->len, chars, from) < chars)
		return -EFAULT;
	b->len += chars;
	return (ssize_t)chars;
}

/* A page's worth into a buffer of its own, for which there is room: how many bytes, -ENOMEM, or -EFAULT (nothing is written then). */
static ssize_t pipe_add_buffer(struct pipe_info *p, const struct file *f, struct iov_iter *from)
{
	size_t want = min(iov_iter_count(from), PAGE_SIZE), n;
	struct page *page = p->spare;

	p->spare = NULL;
	if (!page)
		page = page_alloc(0, false);
	if (!page)
		return -ENOMEM;
	n = copy_from_iter(page_address(page), want, from);
	if (n < want) {
		iov_iter_revert(from, n);
		p->spare = page;
		return -EFAULT;
	}
	*pipe_slot(p, p->count++) = (struct pipe_buffer){ .page = page, .len = n, .packet = f->flags & O_DIRECT };
	return (ssize_t)n;
}

static void pipe_tell_readers(struct pipe_info *p, bool wake)
{
	if (wake)
		wake_up_poll(&p->rd_wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&p->rd_async, SIGIO, POLL_IN);
}

static ssize_t pipe_write(struct file *f, struct iov_iter *from, u64 *pos __maybe_unused)
{
	struct pipe_info *p = f->private;
	ssize_t done = 0, n;
	bool was_empty;

	if (!iov_iter_count(from))
		return 0;
	kmutex_lock(&p->lock);
	was_empty = !p->count;
	n = p->readers ? pipe_fill_last(p, f, from) : 0;
	while (n >= 0) {
		done += n;
		if (!iov_iter_count(from))
			break;
		if (!p->readers) {
			n = pipe_broken(f);
		} else if (p->count < p->size) {
			n = pipe_add_buffer(p, f, from);
		} else if (f->flags & O_NONBLOCK) {
			n = -EAGAIN;
		} else {
			kmutex_unlock(&p->lock);
			pipe_tell_readers(p, was_empty);
			n = wait_event_interruptible(&p->wr_wait, p->count < p->size || !p->readers);
			if (n)
				return done ? done : n;
			kmutex_lock(&p->lock);
			was_empty = !p->count;
		}
	}
	kmutex_unlock(&p->lock);
	if (done > 0)
		pipe_tell_readers(p, true);
	return done ? done : n;
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe_info *p = f->private;
	u32 acc = f->flags & O_ACCMODE, ready = 0;

	if (acc != O_WRONLY) {
		poll_wait(pt, &p->rd_wait);
		if (p->count)
			ready |= EPOLLIN | EPOLLRDNORM;
		if (!p->writers && f->pos != p->w_counter)
			ready |= EPOLLHUP;
	}
	if (acc != O_RDONLY) {
		poll_wait(pt, &p->wr_wait);
		if (p->count < p->size)
			ready |= EPOLLOUT | EPOLLWRNORM;
		if (!p->readers)
			ready |= EPOLLERR;
	}
	return ready;
}

static long pipe_ioctl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct pipe_info *p = f->private;
	int n = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	for (u32 i = 0; i < p->count; i++)
		n += pipe_slot(p, i)->len;
	return put_user(n, (int __user *)u64_to_uptr(arg));
}

static void pipe_release(struct file *f)
{
	struct pipe_info *p = f->private;
	u32 acc = f->flags & O_ACCMODE;

	if (!p)
		return;
	p->readers -= acc != O_WRONLY;
	p->writers -= acc != O_RDONLY;
	if (!p->readers != !p->writers) {
		__wake_up(&p->rd_wait, 0, EPOLLIN | EPOLLRDNORM | EPOLLHUP | EPOLLERR);
		__wake_up(&p->wr_wait, 0, EPOLLOUT | EPOLLWRNORM | EPOLLHUP | EPOLLERR);
		kill_fasync(&p->rd_async, SIGIO, POLL_IN);
		kill_fasync(&p->wr_async, SIGIO, POLL_OUT);
	}
	pipe_put(p);
}

static int pipe_fasync(int fd, struct file *f, bool on)
{
	struct pipe_info *p = f->private;
	u32 acc = f->flags & O_ACCMODE;
	int err = 0;

	if (acc != O_WRONLY)
		err = fasync_helper(fd, f, on, &p->rd_async);
	if (err >= 0 && acc != O_RDONLY) {
		err = fasync_helper(fd, f, on, &p->wr_async);
		if (err < 0 && acc != O_WRONLY)
			fasync_helper(-1, f, false, &p->rd_async);
	}
	return err;
}

static const struct file_operations pipe_ops = {
	.name = "pipe", .nowait = true, .read = pipe_read, .write = pipe_write, .poll = pipe_poll, .ioctl = pipe_ioctl,
	.release = pipe_release, .fasync = pipe_fasync,
};

struct pipe_info *pipe_of(const struct file *f)
{
	return f->ops == &pipe_ops ? f->private : NULL;
}

void pipe_wake_readers(struct pipe_info *p)
{
	wake_up_poll(&p->rd_wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&p->rd_async, SIGIO, POLL_IN);
}

void pipe_wake_writers(struct pipe_info *p)
{
	wake_up_poll(&p->wr_wait, EPOLLOUT | EPOLLWRNORM);
	kill_fasync(&p->wr_async, SIGIO, POLL_OUT);
}

/* ---- F_SETPIPE_SZ ---- */

/* A ring of at least @size bytes, rounded up as Linux does; 0: there is none. */
static u64 round_size(u64 size)
{
	u64 bytes = PAGE_SIZE;

	if (size > 1ull << 31)
		return 0;
	while (bytes < size)
		bytes *= 2;
	return bytes;
}

/* Linux parses a long and takes its lower half. */
static int max_size_set(const char *text, size_t size, const struct ctl_table *row __maybe_unused)
{
	u64 value = ~0ull; /* stays where the number is negative */
	const struct ctl_table one = { SYSCTL_U64(value, 0, INT64_MAX) };
	int err = sysctl_set_u64(text, size, &one);

	value = value == ~0ull ? 0 : round_size((u32)value);
	if (err || !value)
		return -EINVAL;
	pipe_max_size = value;
	return 0;
}

void pipe_init(void)
{
	static const struct ctl_table table[] = {
		{ "fs/pipe-max-size", 0644, .get = sysctl_get_u64, .set = max_size_set, .data = &pipe_max_size, .count = 1 },
		{ "fs/pipe-user-pages-hard", 0644, SYSCTL_U64(user_pages_hard, 0, ~0ull) },
		{ "fs/pipe-user-pages-soft", 0644, SYSCTL_U64(user_pages_soft, 0, ~0ull) }, { 0 },
	};

	sysctl_register(table);
}

static long set_size(struct pipe_info *p, unsigned long arg)
{
	u32 pages = (u32)(round_size(arg) / PAGE_SIZE), i;
	struct pipe_buffer *ring;

	if (!pages)
		return -EINVAL;
	if (pages > p->size && pages > pipe_max_size / PAGE_SIZE && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (pages > p->size && (too_many(p->user->pipe_pages - p->size + pages, user_pages_hard) ||
			too_many(p->user->pipe_pages - p->size + pages, user_pages_soft)))
		return -EPERM;
	if (pages < p->count)
		return -EBUSY;
	ring = kcalloc(pages, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	for (i = 0; i < p->count; i++)
		ring[i] = *pipe_slot(p, i);
	kfree(p->ring);
	p->user->pipe_pages += pages;
	p->user->pipe_pages -= p->size;
	p->ring = ring;
	p->size = pages;
	p->head = 0;
	wake_up_poll(&p->wr_wait, EPOLLOUT | EPOLLWRNORM);
	return (long)pages * PAGE_SIZE;
}

long pipe_fcntl(struct file *f, unsigned cmd, unsigned long arg)
{
	struct pipe_info *p = f->private;
	long ret;

	if (f->ops != &pipe_ops)
		return -EBADF;
	if (cmd == F_GETPIPE_SZ)
		return (long)p->size * PAGE_SIZE;
	kmutex_lock(&p->lock);
	ret = set_size(p, (unsigned)arg);
	kmutex_unlock(&p->lock);
	return ret;
}

/* ---- pipe(2) ---- */

static int make_pipe(struct file *ends[2], int flags)
{
	struct pipe_info *p = pipe_new();
	struct inode *inode;

	if (!p)
		return -ENFILE;
	ends[0] = anon_file("pipe", &pipe_ops, NULL, O_RDONLY | (flags & O_NONBLOCK), S_IFIFO | 0600);
	if (IS_ERR(ends[0])) {
		p->refs = 1;
		pipe_put(p);
		return PTR_ERR(ends[0]);
	}
	inode = ends[0]->inode;
	ends[1] = file_alloc(&pipe_ops, inode, O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)));
	if (!ends[1]) {
		file_put(ends[0]);
		p->refs = 1;
		pipe_put(p);
		return -ENFILE;
	}
	ends[0]->private = ends[1]->private = p;
	p->refs = 2;
	p->readers = p->writers = 1;
	p->r_counter = p->w_counter = 1;
	/* /proc/self/fd/N may be opened: the inode leads to the pipe as long as it has an end. */
	inode->pipe = p;
	p->fifo = inode;
	return 0;
}

static long do_pipe2(int __user *fildes, int flags)
{
	struct file *ends[2] = { NULL };
	int fd[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	err = make_pipe(ends, flags);
	if (err)
		return err;
	fd[0] = fd_reserve(flags & O_CLOEXEC);
	fd[1] = fd[0] < 0 ? fd[0] : fd_reserve(flags & O_CLOEXEC);
	err = fd[1] < 0 ? fd[1] : copy_to_user(fildes, fd, sizeof(fd)) ? -EFAULT : 0;
	if (err) {
		if (fd[0] >= 0)
			fd_unreserve(fd[0]);
		if (fd[1] >= 0)
			fd_unreserve(fd[1]);
		file_put(ends[0]);
		file_put(ends[1]);
		return err;
	}
	fd_install(fd[0], ends[0]);
	fd_install(fd[1], ends[1]);
	return 0;
}

SYSCALL_DEFINE1(pipe, int __user *, fildes)
{
	return do_pipe2(fildes, 0);
}

SYSCALL_DEFINE2(pipe2, int __user *, fildes, int, flags)
{
	return do_pipe2(fildes, flags);
}

/* ---- FIFOs ---- */

/* fifo(7): each side waits for the other; O_NONBLOCK readers do not, O_NONBLOCK writers get ENXIO. */
int fifo_open(struct inode *inode, struct file *f)
{
	struct pipe_info *p = inode->pipe;
	u32 acc = f->flags & O_ACCMODE, seen;
	bool anonymous = inode->sb && !inode->sb->host && inode->sb->magic == 0x50495045;
	long err = 0;

	if (acc == 3)
		return -EINVAL;
	if (!p) {
		if (anonymous)
			return -ENXIO;
		p = pipe_new();
		if (!p)
			return -ENOMEM;
		inode->pipe = p;
		p->fifo = inode;
	}
	p->refs++;
	f->pos = 0;
	switch (acc) {
	case O_RDONLY:
		p->r_counter++;
		if (!p->readers++)
			__wake_up(&p->wr_wait, 0, 0);
		if (anonymous || p->writers)
			break;
		if (f->flags & O_NONBLOCK) {
			f->pos = p->w_counter; /* no hang-up before the first writer */
			break;
		}
		seen = p->w_counter;
		err = wait_event_interruptible(&p->rd_wait, p->w_counter != seen);
		break;
	case O_WRONLY:
		if (!anonymous && (f->flags & O_NONBLOCK) && !p->readers) {
			pipe_put(p);
			return -ENXIO;
		}
		p->w_counter++;
		if (!p->writers++)
			__wake_up(&p->rd_wait, 0, 0);
		if (anonymous || p->readers)
			break;
		seen = p->r_counter;
		err = wait_event_interruptible(&p->wr_wait, p->r_counter != seen);
		break;
	default:
		p->readers++;
		p->writers++;
		p->r_counter++;
		p->w_counter++;
		__wake_up(&p->wr_wait, 0, 0);
		__wake_up(&p->rd_wait, 0, 0);
	}
	if (err) {
		p->readers -= acc == O_RDONLY;
		p->writers -= acc == O_WRONLY;
		if (acc == O_RDONLY)
			__wake_up(&p->wr_wait, 0, 0);
		else
			__wake_up(&p->rd_wait, 0, 0);
		pipe_put(p);
		return err;
	}
	f->ops = &pipe_ops;
	f->private = p;
	return 0;
}
