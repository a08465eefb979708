/* O_DIRECT on hostfs: transfers between guest memory and the host file past the page cache. What is cached of the range is
 * written back before, and dropped before a write.
 *
 * Whether offset, length and addresses are aligned well enough is the host's file system to say, at each call: the bounce
 * buffer has a segment for each of the guest's, at the same place in its page. A host descriptor has O_DIRECT itself only while
 * such a transfer is made (hostfs_set_dio()), because pages go through it as well, of which the last is seldom whole. */
#include "hostfs.h"

#define DIO_CHUNK (256 * 1024ul) /* bytes at once; a multiple of any alignment */
#define DIO_SEGS 64

struct dio {
	u8 *buf;
	size_t size;               /* bytes of all segments */
	u32 n;
	struct host_iovec vec[DIO_SEGS];
};

int hostfs_set_dio(struct hostfs_file *hf, bool on)
{
	int err = hf->dio == on ? 0 : host_set_direct(hf->fd, on);

	if (!err)
		hf->dio = on;
	return err;
}

/* The buffer for the next segments of @i, as a copy. NULL: no memory. */
static struct dio *dio_alloc(struct iov_iter i)
{
	struct dio *d = kmalloc(sizeof(*d));
	u64 at = 0;

	if (!d)
		return NULL;
	d->n = 0;
	d->size = 0;
	while (iov_iter_count(&i) && d->n < DIO_SEGS && d->size < DIO_CHUNK) {
		unsigned long addr;
		size_t n = min(iov_iter_segment(&i, &addr), DIO_CHUNK - d->size);

		at = round_up(at, PAGE_SIZE) + (addr & ~PAGE_MASK);
		d->vec[d->n++] = (struct host_iovec){ (void *)at, n };
		at += n;
		d->size += n;
		iov_iter_advance(&i, n);
	}
	d->buf = kmalloc(at + PAGE_SIZE);
	if (!d->buf) {
		kfree(d);
		return NULL;
	}
	for (u32 k = 0; k < d->n; k++)
		d->vec[k].base = (u8 *)round_up((u64)d->buf, PAGE_SIZE) + (u64)d->vec[k].base;
	return d;
}

static void dio_free(struct dio *d)
{
	kfree(d->buf);
	kfree(d);
}

static void dio_trim(struct dio *d, u64 size)
{
	u64 before = 0;

	for (u32 k = 0; k < d->n; before += d->vec[k++].size)
		d->vec[k].size = min(d->vec[k].size, size - before);
	d->size = size;
}

/* Moves @size bytes between the buffer and the guest. False on a fault. */
static bool dio_copy(struct dio *d, size_t size, struct iov_iter *i, bool from_guest)
{
	for (u32 k = 0; k < d->n && size; k++) {
		size_t n = min(d->vec[k].size, size);
		size_t copied = from_guest ? copy_from_iter(d->vec[k].base, n, i) : copy_to_iter(d->vec[k].base, n, i);

		if (copied < n)
			return false;
		size -= n;
	}
	return true;
}

/* A transfer that is made in several pieces is refused whole: is all of @i as the host's file system wants it, as far as it
 * tells? What is one piece the host judges when it is made. */
static int dio_check(const struct hostfs_file *hf, struct iov_iter i, u64 pos, bool write)
{
	u64 all = pos, total = 0;
	struct host_stat st;
	u32 segs = 0;
	int err;

	for (; iov_iter_count(&i); segs++) {
		unsigned long addr;
		size_t n = iov_iter_segment(&i, &addr);

		total += n;
		all |= n;
		iov_iter_advance(&i, n);
	}
	if (total <= DIO_CHUNK && segs <= DIO_SEGS)
		return 0;
	err = hostfs_statat(hf->fd, "", &st);
	if (err || !st.dio_offset_align || (!write && pos >= st.size))
		return err;
	return all & (st.dio_offset_align - 1) ? -EINVAL : 0;
}

/* The pages of the range go to the host, so that it reads what guests have stored; for a write they go from the cache, too. */
static int dio_clean(struct inode *inode, u64 pos, u64 size, bool write)
{
	u64 first = pos >> PAGE_SHIFT, end = size > ~pos - PAGE_SIZE ? ~0ull : (pos + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	int err = write_dirty_pages(&inode->mapping, first, end);

	if (!err && write)
		invalidate_pages(&inode->mapping, first, end);
	return err;
}

static long dio_read(struct file *f, struct dio *d, u64 *pos, bool stream)
{
	struct host_req r = { .op = HOST_PREADV, .buf = d->vec, .size = d->n, .offset = stream ? ~0ull : *pos };
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	long n = dio_clean(f->inode, stream ? 0 : *pos, stream ? ~0ull : d->size, false);

	if (n)
		return n;
	kmutex_lock(&hi->io);
	n = hostfs_set_dio(hf, true);
	r.fd = hf->fd;
	if (!n)
		n = host_call(&r);
	kmutex_unlock(&hi->io);
	if (n > 0)
		*pos += n;
	return n;
}

static long dio_write(struct file *f, struct dio *d, u64 *pos, bool stream)
{
	struct hostfs_inode *hi = HI(f->inode);
	struct hostfs_file *hf = f->private;
	struct host_req r = { .op = HOST_PWRITEV, .buf = d->vec, .size = d->n, .fd = hf->fd };
	bool append = f->flags & O_APPEND;
	long n = dio_clean(f->inode, stream || append ? 0 : *pos, stream || append ? ~0ull : d->size, true);
	u64 size = d->size;

	if (n)
		return n;
	kmutex_lock(&hi->io);
	n = hostfs_set_dio(hf, true);
	if (!n && append && !stream)
		n = hostfs_end(hf, pos);
	if (!n && !stream)
		n = generic_write_checks(*pos, &size);
	dio_trim(d, size);
	/* Without a position it goes where the descriptor is. */
	r.offset = stream || append ? ~0ull : *pos;
	r.flags = append && !stream;
	if (!n)
		n = host_call(&r);
	if (n > 0 && stream)
		hostfs_stream_pos(hf, n, pos);
	/* Pages that came back meanwhile, or are dirty again, get the new bytes as after any write. */
	for (u32 k = 0, left = n > 0 ? (u32)n : 0; left; k++) {
		u32 part = (u32)min(d->vec[k].size, (u64)left);

		hostfs_update_pages(f->inode, *pos, d->vec[k].base, part);
		*pos += part;
		left -= part;
	}
	kmutex_unlock(&hi->io);
	return n;
}

static ssize_t dio_transfer(struct file *f, struct iov_iter *i, u64 *pos, bool write)
{
	struct hostfs_file *hf = f->private;
	bool stream = hf->stream && pos == &f->pos;
	u64 start = *pos;
	ssize_t done = 0;
	long n = dio_check(hf, *i, start, write);

	if (n)
		return n;
	while (iov_iter_count(i)) {
		struct dio *d = dio_alloc(*i);
		size_t want = d ? d->size : 0;

		if (!d)
			n = -ENOMEM;
		else if (write)
			n = dio_copy(d, want, i, true) ? dio_write(f, d, pos, stream) : -EFAULT;
		else
			n = dio_read(f, d, pos, stream);
		if (!write && n > 0 && !dio_copy(d, n, i, false))
			n = -EFAULT;
		if (d)
			dio_free(d);
		/* A fault makes the whole call fail, whatever has been moved. */
		if (n == -EFAULT) {
			*pos = start;
			return n;
		}
		if (write && n < (long)want)
			iov_iter_revert(i, want - max(n, 0l));
		if (n > 0)
			done += n;
		if (n < (long)want || fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done ? done : n;
}

ssize_t hostfs_dio_read(struct file *f, struct iov_iter *to, u64 *pos)
{
	return dio_transfer(f, to, pos, false);
}

ssize_t hostfs_dio_write(struct file *f, struct iov_iter *from, u64 *pos)
{
	return dio_transfer(f, from, pos, true);
}
