/* struct iov_iter: one cursor over guest or kernel buffers. Files and sockets copy through it and never see whether
 * their caller used read(2), readv(2) or a buffer of the kernel's. */
#include "uio.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"

void iov_iter_ubuf(struct iov_iter *i, void __user *buf, size_t size)
{
	i->kernel = false;
	i->count = size;
	i->offset = 0;
	i->nr_segs = 1;
	i->one.iov_base = buf;
	i->one.iov_len = size;
	i->iov = &i->one;
}

void iov_iter_kbuf(struct iov_iter *i, void *buf, size_t size)
{
	i->kernel = true;
	i->count = size;
	i->offset = 0;
	i->nr_segs = 1;
	i->one.iov_base = (void __user *)buf;
	i->one.iov_len = size;
	i->iov = &i->one;
}

void iov_iter_kvec(struct iov_iter *i, const struct kvec *kvec, unsigned nr_segs, size_t count)
{
	i->kernel = true;
	i->count = count;
	i->offset = 0;
	i->nr_segs = nr_segs;
	i->kvec = kvec;
}

void iov_iter_init(struct iov_iter *i, const struct iovec *iov, unsigned nr_segs, size_t count)
{
	i->kernel = false;
	i->count = count;
	i->offset = 0;
	i->nr_segs = nr_segs;
	i->iov = iov;
}

/* Shortens the segments to MAX_RW_COUNT bytes in all, which it returns. EINVAL, before anything else, for a negative length;
 * EFAULT for what is no guest memory, where only a segment by itself is shortened before it is looked at. */
static ssize_t limit_iovec(struct iovec *iov, unsigned nr)
{
	size_t total = 0;

	for (unsigned k = 0; k < nr; k++)
		if ((ssize_t)iov[k].iov_len < 0)
			return -EINVAL;
	if (nr == 1)
		iov[0].iov_len = min(iov[0].iov_len, (size_t)MAX_RW_COUNT);
	for (unsigned k = 0; k < nr; k++) {
		if (!access_ok((u64)iov[k].iov_base, iov[k].iov_len))
			return -EFAULT;
		iov[k].iov_len = min(iov[k].iov_len, MAX_RW_COUNT - total);
		total += iov[k].iov_len;
	}
	return (ssize_t)total;
}

ssize_t import_iovec(const struct iovec __user *uvec, unsigned nr, struct iovec *fast, struct iovec **to_free,
	struct iov_iter *i)
{
	struct iovec *iov = fast;
	ssize_t total;

	*to_free = NULL;
	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > UIO_FASTIOV) {
		iov = kmalloc(nr * sizeof(*iov));
		if (!iov)
			return -ENOMEM;
		*to_free = iov;
	}
	if (copy_from_user(iov, uvec, nr * sizeof(*iov))) {
		kfree(*to_free);
		*to_free = NULL;
		return -EFAULT;
	}
	total = limit_iovec(iov, nr);
	if (total < 0) {
		kfree(*to_free);
		*to_free = NULL;
		return total;
	}
	iov_iter_init(i, iov, nr, (size_t)total);
	return total;
}

enum iter_dir { ITER_TO, ITER_FROM, ITER_ZERO, ITER_SKIP };

/* Moves @size bytes between @buf and the segments, whose addresses are the same type for guest and kernel. Returns
 * what was moved and leaves the cursor behind it. */
static size_t iterate(struct iov_iter *i, char *buf, size_t size, enum iter_dir dir)
{
	size_t done = 0;

	if (size > i->count)
		size = i->count;
	while (done < size) {
		size_t part, left = 0;
		char __user *seg;

		if (i->offset == i->iov->iov_len) {
			i->iov++;
			i->nr_segs--;
			i->offset = 0;
			continue;
		}
		seg = (char __user *)i->iov->iov_base + i->offset;
		part = min(i->iov->iov_len - i->offset, size - done);
		if (i->kernel) {
			if (dir == ITER_TO)
				memcpy((void *)(unsigned long)seg, buf + done, part);
			else if (dir == ITER_FROM)
				memcpy(buf + done, (const void *)(unsigned long)seg, part);
			else if (dir == ITER_ZERO)
				memset((void *)(unsigned long)seg, 0, part);
		} else if (dir == ITER_TO) {
			left = copy_to_user(seg, buf + done, part);
		} else if (dir == ITER_FROM) {
			left = copy_from_user(buf + done, seg, part);
		} else if (dir == ITER_ZERO) {
			left = clear_user(seg, part);
		}
		part -= left;
		done += part;
		i->offset += part;
		i->count -= part;
		if (left)
			break;
	}
	return done;
}

size_t iov_iter_segment(struct iov_iter *i, unsigned long *addr)
{
	while (i->offset == i->iov->iov_len) {
		i->iov++;
		i->nr_segs--;
		i->offset = 0;
	}
	*addr = (unsigned long)i->iov->iov_base + i->offset;
	return min(i->iov->iov_len - i->offset, i->count);
}

size_t copy_to_iter(const void *from, size_t size, struct iov_iter *i)
{
	return iterate(i, (char *)from, size, ITER_TO);
}

size_t copy_from_iter(void *to, size_t size, struct iov_iter *i)
{
	return iterate(i, to, size, ITER_FROM);
}

size_t iov_iter_zero(size_t size, struct iov_iter *i)
{
	return iterate(i, NULL, size, ITER_ZERO);
}

void iov_iter_advance(struct iov_iter *i, size_t size)
{
	iterate(i, NULL, size, ITER_SKIP);
}

/* Goes back over @size bytes that the cursor has passed. */
void iov_iter_revert(struct iov_iter *i, size_t size)
{
	i->count += size;
	while (size > i->offset) {
		size -= i->offset;
		i->iov--;
		i->nr_segs++;
		i->offset = i->iov->iov_len;
	}
	i->offset -= size;
}
