/* splice(2), tee(2), vmsplice(2): bytes between a pipe and something else, in whole buffers of the pipe. Between two pipes
 * buffers are moved or shared; to and from files they are read and written by the file's own operations. What vmsplice takes
 * from a guest is copied at once: a store that comes later does not reach the pipe. */
#include "pipe.h"
#include "syscalls.h"
#include <linux/eventpoll.h>

#define SPLICE_F_NONBLOCK 2u
#define SPLICE_F_MORE 4u
#define SPLICE_F_ALL 15u

static bool may_read(const struct file *f)
{
	return (f->flags & O_ACCMODE) == O_RDONLY || (f->flags & O_ACCMODE) == O_RDWR;
}

static bool may_write(const struct file *f)
{
	return (f->flags & O_ACCMODE) == O_WRONLY || (f->flags & O_ACCMODE) == O_RDWR;
}

/* ---- waiting ---- */

/* Until there is a free slot: 0 with the lock held, or -EPIPE, -EAGAIN, -ERESTARTSYS without. */
static long lock_for_room(struct pipe_info *p, bool nonblock)
{
	for (;;) {
		long err = 0;

		kmutex_lock(&p->lock);
		if (!p->readers)
			err = pipe_broken(NULL);
		else if (p->count < p->size)
			return 0;
		else if (nonblock)
			err = -EAGAIN;
		kmutex_unlock(&p->lock);
		if (!err)
			err = wait_event_interruptible(&p->wr_wait, p->count < p->size || !p->readers);
		if (err)
			return err;
	}
}

/* Until there are bytes: 1 with the lock held; 0 at the end, or -EAGAIN, -ERESTARTSYS, without. */
static long lock_for_data(struct pipe_info *p, bool nonblock)
{
	for (;;) {
		long err;

		kmutex_lock(&p->lock);
		if (p->count)
			return 1;
		kmutex_unlock(&p->lock);
		if (!p->writers)
			return 0;
		if (nonblock)
			return -EAGAIN;
		err = wait_event_interruptible(&p->rd_wait, p->count || !p->writers);
		if (err)
			return err;
	}
}

/* ---- file to pipe ---- */

void *splice_buffer(size_t size)
{
	size_t power = PAGE_SIZE;

	while (power < size)
		power *= 2;
	return kmalloc(power);
}

static void push(struct pipe_info *p, struct page *page, u32 len)
{
	*pipe_slot(p, p->count++) = (struct pipe_buffer){ .page = page, .len = len, .whole = true };
}

/* One read of @f into free slots, up to @len bytes. */
static ssize_t read_into(struct pipe_info *p, struct file *f, u64 *pos, size_t len)
{
	size_t room = (size_t)(p->size - p->count) * PAGE_SIZE, size = min(min(len, room), (size_t)64 * 1024), at;
	struct iov_iter it;
	ssize_t n;
	u8 *buf = splice_buffer(size);

	if (!buf)
		return -ENOMEM;
	iov_iter_kbuf(&it, buf, size);
	n = (f->ops->splice_read ? f->ops->splice_read : f->ops->read)(f, &it, pos);
	for (at = 0; n > 0 && at < (size_t)n; at += PAGE_SIZE) {
		u32 part = min((size_t)n - at, PAGE_SIZE);
		struct page *page = page_alloc(0, false);

		if (!page) {
			*pos -= (size_t)n - at;
			n = at ? (ssize_t)at : -ENOMEM;
			break;
		}
		memcpy(page_address(page), buf + at, part);
		push(p, page, part);
	}
	kfree(buf);
	return n;
}

static ssize_t file_to_pipe(struct file *f, u64 *pos, struct pipe_info *p, size_t len, unsigned flags)
{
	bool more = S_ISREG(f->inode->mode);
	ssize_t done = 0, n;
	long err;

	err = lock_for_room(p, flags & SPLICE_F_NONBLOCK);
	if (err)
		return err;
	if (!len) {
		kmutex_unlock(&p->lock);
		return 0;
	}
	if (!f->ops->read || f->ops->no_splice_read || (!S_ISREG(f->inode->mode) && !S_ISCHR(f->inode->mode) && !S_ISSOCK(f->inode->mode))) {
		kmutex_unlock(&p->lock);
		return -EINVAL;
	}
	do {
		n = read_into(p, f, pos, len - done);
		if (n > 0)
			done += n;
	} while (more && n > 0 && (size_t)done < len && p->count < p->size && !signal_pending(current));
	kmutex_unlock(&p->lock);
	if (done) {
		pipe_wake_readers(p);
		fsnotify_file(f, IN_ACCESS);
	}
	return done ? done : n;
}

ssize_t sendfile_to_pipe(struct file *in, u64 *pos, struct file *out, size_t size)
{
	ssize_t n = file_to_pipe(in, pos, pipe_of(out), size, out->flags & O_NONBLOCK ? SPLICE_F_NONBLOCK : 0);

	if (n > 0)
		fsnotify_file(out, IN_MODIFY);
	return n;
}

/* ---- pipe to file ---- */

static void pop_bytes(struct pipe_info *p, size_t size)
{
	while (size) {
		struct pipe_buffer *b = pipe_slot(p, 0);
		u32 part = (u32)min((size_t)b->len, size);

		b->off += part;
		b->len -= part;
		size -= part;
		if (!b->len)
			pipe_pop(p);
	}
}

/* The pipe's first buffer. */
static ssize_t give_buffer(struct pipe_info *p, struct file *f, u64 *pos, size_t len)
{
	struct pipe_buffer *b = pipe_slot(p, 0);
	struct iov_iter it;

	iov_iter_kbuf(&it, (u8 *)page_address(b->page) + b->off, min((size_t)b->len, len));
	return f->ops->write(f, &it, pos);
}

/* Some buffers at once: a datagram does not end where a buffer does. */
static ssize_t give_buffers(struct pipe_info *p, struct file *f, size_t len, bool more)
{
	struct kvec vec[16];
	struct iov_iter it;
	size_t total = 0;
	u32 n;

	for (n = 0; n < p->count && n < ARRAY_SIZE(vec) && total < len; n++) {
		struct pipe_buffer *b = pipe_slot(p, n);

		vec[n] = (struct kvec){ (u8 *)page_address(b->page) + b->off, min((size_t)b->len, len - total) };
		total += vec[n].iov_len;
	}
	iov_iter_kvec(&it, vec, n, total);
	return f->ops->splice_write(f, &it, more || (total < len && n == ARRAY_SIZE(vec)));
}

static ssize_t pipe_to_file(struct pipe_info *p, struct file *f, u64 *pos, size_t len, unsigned flags)
{
	ssize_t done = 0, n = 0;
	long got;

	/* What has no name (an eventfd, say) takes no pages. */
	if (!f->ops->write || !(f->inode->mode & S_IFMT))
		return -EINVAL;
	got = lock_for_data(p, flags & SPLICE_F_NONBLOCK);
	if (got <= 0)
		return got;
	while (p->count && (size_t)done < len) {
		n = f->ops->splice_write ? give_buffers(p, f, len - done, flags & SPLICE_F_MORE) : give_buffer(p, f, pos, len - done);
		if (n <= 0)
			break;
		done += n;
		pop_bytes(p, (size_t)n);
		if (signal_pending(current))
			break;
		cond_resched();
	}
	kmutex_unlock(&p->lock);
	if (done) {
		pipe_wake_writers(p);
		fsnotify_file(f, IN_MODIFY);
	}
	return done ? done : n;
}

/* ---- pipe to pipe ---- */

/* Bytes at the head of @in for @len go to @out; both are locked and neither is empty or full. @keep: tee. */
static size_t pass_buffers(struct pipe_info *in, struct pipe_info *out, size_t len, bool keep)
{
	size_t done = 0;

	for (u32 i = 0; done < len && out->count < out->size && (keep ? i < in->count : in->count);) {
		struct pipe_buffer *b = pipe_slot(in, keep ? i++ : 0), copy = *b;

		copy.len = min((size_t)b->len, len - done);
		copy.whole = true;
		page_get(copy.page);
		*pipe_slot(out, out->count++) = copy;
		done += copy.len;
		if (keep)
			continue;
		b->off += copy.len;
		b->len -= copy.len;
		if (!b->len)
			pipe_pop(in);
	}
	return done;
}

static ssize_t pipe_to_pipe(struct pipe_info *in, struct pipe_info *out, size_t len, unsigned flags, bool keep)
{
	size_t done;
	long got;

	for (;;) {
		bool at_end;

		got = lock_for_data(in, flags & SPLICE_F_NONBLOCK);
		if (got < 0)
			return got;
		at_end = !got;
		if (!at_end)
			kmutex_unlock(&in->lock);
		/* Linux asks for the room even when there is nothing to pass: a pipe without readers is EPIPE. */
		got = lock_for_room(out, flags & SPLICE_F_NONBLOCK);
		if (got)
			return got;
		if (at_end) {
			kmutex_unlock(&out->lock);
			return 0;
		}
		/* The other lock is never waited for with this one held. */
		if (!in->lock.held && in->count)
			break;
		kmutex_unlock(&out->lock);
		if (in->lock.held) {
			kmutex_lock(&in->lock);
			kmutex_unlock(&in->lock);
		}
	}
	done = pass_buffers(in, out, len, keep);
	kmutex_unlock(&out->lock);
	pipe_wake_readers(out);
	if (!keep)
		pipe_wake_writers(in);
	return done;
}

/* ---- splice(2) ---- */

static bool has_offsets(const struct file *f)
{
	return f->ops->llseek && (S_ISREG(f->inode->mode) || S_ISCHR(f->inode->mode));
}

/* Both ends of a transfer are offsets. */
static bool offsets_ok(u64 pos, size_t len)
{
	return (s64)pos >= 0 && (ssize_t)len >= 0 && (s64)(pos + len) >= 0;
}

static ssize_t do_splice(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, size_t len, unsigned flags)
{
	struct pipe_info *ipipe = pipe_of(in), *opipe = pipe_of(out);

	if (!may_read(in) || !may_write(out))
		return -EBADF;
	if (ipipe && opipe) {
		if (ipipe == opipe)
			return -EINVAL;
		if ((in->flags | out->flags) & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return pipe_to_pipe(ipipe, opipe, min(len, (size_t)MAX_RW_COUNT), flags, false);
	}
	if (ipipe) {
		if (out_pos != &out->pos && !has_offsets(out))
			return -EINVAL;
		if ((out->flags & O_APPEND) || !offsets_ok(*out_pos, len))
			return -EINVAL;
		if (in->flags & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return pipe_to_file(ipipe, out, out_pos, min(len, (size_t)MAX_RW_COUNT), flags);
	}
	if (opipe) {
		if ((in_pos != &in->pos && !has_offsets(in)) || !offsets_ok(*in_pos, len))
			return -EINVAL;
		if (out->flags & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return file_to_pipe(in, in_pos, opipe, min(len, (size_t)MAX_RW_COUNT), flags);
	}
	return -EINVAL;
}

SYSCALL_DEFINE6(splice, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out, size_t, len, unsigned, flags)
{
	struct file *in, *out;
	loff_t at_in = 0, at_out = 0;
	u64 pos_in, pos_out;
	ssize_t n;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	in = fget(fd_in);
	if (!in)
		return -EBADF;
	out = fget(fd_out);
	n = -EBADF;
	if (!out)
		goto put_in;
	n = -ESPIPE;
	if ((pipe_of(in) && off_in) || (pipe_of(out) && off_out))
		goto put;
	n = -EFAULT;
	if ((off_out && get_user(at_out, off_out)) || (off_in && get_user(at_in, off_in)))
		goto put;
	pos_in = at_in;
	pos_out = at_out;
	n = do_splice(in, off_in ? &pos_in : &in->pos, out, off_out ? &pos_out : &out->pos, len, flags);
	if (n >= 0 && ((off_out && put_user((loff_t)pos_out, off_out)) || (off_in && put_user((loff_t)pos_in, off_in))))
		n = -EFAULT;
put:
	file_put(out);
put_in:
	file_put(in);
	return n;
}

SYSCALL_DEFINE4(tee, int, fdin, int, fdout, size_t, len, unsigned, flags)
{
	struct file *in, *out;
	ssize_t n = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fget(fdin);
	if (!in)
		return -EBADF;
	out = fget(fdout);
	if (!out)
		goto put_in;
	if (!may_read(in) || !may_write(out))
		goto put;
	n = -EINVAL;
	if (!pipe_of(in) || !pipe_of(out) || pipe_of(in) == pipe_of(out))
		goto put;
	if ((in->flags | out->flags) & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	n = pipe_to_pipe(pipe_of(in), pipe_of(out), len, flags, true);
put:
	file_put(out);
put_in:
	file_put(in);
	return n;
}

/* ---- vmsplice(2) ---- */

/* A buffer is what lies in one page of the guest: how much of that comes next. */
static size_t part_of_page(const struct iov_iter *it)
{
	const struct iovec *seg = it->iov;
	size_t off = it->offset;

	while (off >= seg->iov_len)
		off -= (seg++)->iov_len;
	return min(seg->iov_len - off, PAGE_SIZE - (((u64)(unsigned long)seg->iov_base + off) & ~PAGE_MASK));
}

static ssize_t user_to_pipe(struct pipe_info *p, struct iov_iter *from, unsigned flags)
{
	ssize_t done = 0;
	long err = lock_for_room(p, flags & SPLICE_F_NONBLOCK);

	if (err)
		return err;
	while (iov_iter_count(from) && p->count < p->size) {
		struct page *page = page_alloc(0, false);
		size_t want = part_of_page(from), n;

		if (!page) {
			err = -ENOMEM;
			break;
		}
		n = copy_from_iter(page_address(page), want, from);
		if (!n) {
			page_put(page);
			err = -EFAULT;
			break;
		}
		push(p, page, n);
		done += n;
		if (n < want)
			break;
	}
	kmutex_unlock(&p->lock);
	if (done)
		pipe_wake_readers(p);
	return done ? done : err;
}

static ssize_t pipe_to_user(struct pipe_info *p, struct iov_iter *to, unsigned flags)
{
	ssize_t done = 0;
	long got = lock_for_data(p, flags & SPLICE_F_NONBLOCK);

	if (got <= 0)
		return got;
	while (p->count && iov_iter_count(to)) {
		struct pipe_buffer *b = pipe_slot(p, 0);
		size_t want = min((size_t)b->len, iov_iter_count(to)), n;

		n = copy_to_iter((u8 *)page_address(b->page) + b->off, want, to);
		b->off += n;
		b->len -= n;
		done += n;
		if (!b->len)
			pipe_pop(p);
		if (n < want) {
			if (!done)
				done = -EFAULT;
			break;
		}
	}
	kmutex_unlock(&p->lock);
	if (done > 0)
		pipe_wake_writers(p);
	return done;
}

SYSCALL_DEFINE4(vmsplice, int, fd, const struct iovec __user *, uiov, unsigned long, nr_segs, unsigned, flags)
{
	struct iovec fast[UIO_FASTIOV], *to_free = NULL;
	struct iov_iter it;
	struct file *f;
	ssize_t n;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	f = fget(fd);
	if (!f)
		return -EBADF;
	if (!may_read(f) && !may_write(f)) {
		file_put(f);
		return -EBADF;
	}
	n = nr_segs > UIO_MAXIOV ? -EINVAL : import_iovec(uiov, nr_segs, fast, &to_free, &it);
	/* Of no bytes it is not asked whether it is a pipe. */
	if (n > 0 && !pipe_of(f))
		n = -EBADF;
	else if (n > 0)
		n = may_write(f) ? user_to_pipe(pipe_of(f), &it, flags) : pipe_to_user(pipe_of(f), &it, flags);
	kfree(to_free);
	file_put(f);
	return n;
}
