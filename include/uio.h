/* struct iov_iter: a cursor over guest or kernel buffers, used by files and sockets alike (kernel/lib/iov_iter.c). */
#ifndef UMK_UIO_H
#define UMK_UIO_H

#include "types.h"

struct iovec {
	void __user *iov_base;
	size_t iov_len; /* bytes */
};
struct kvec {
	void *iov_base;
	size_t iov_len;
};
#define UIO_MAXIOV 1024
#define UIO_FASTIOV 8
#define MAX_RW_COUNT (0x7fffffff & PAGE_MASK)

struct iov_iter {
	bool kernel;         /* segments are kvecs */
	size_t count;        /* bytes left */
	size_t offset;       /* bytes of the first segment already used */
	unsigned nr_segs;
	union {
		const struct iovec *iov;
		const struct kvec *kvec;
	};
	struct iovec one;    /* storage for the single-buffer forms */
};

void iov_iter_ubuf(struct iov_iter *i, void __user *buf, size_t size);
void iov_iter_kbuf(struct iov_iter *i, void *buf, size_t size);
void iov_iter_kvec(struct iov_iter *i, const struct kvec *kvec, unsigned nr_segs, size_t count);
void iov_iter_init(struct iov_iter *i, const struct iovec *iov, unsigned nr_segs, size_t count);
/* Copies an iovec array in: *iov is @fast (UIO_FASTIOV entries) or kmalloc'd (then *to_free is it). Total length or
 * -EINVAL (count > UIO_MAXIOV, a length that is negative), -EFAULT, -ENOMEM. Total is cut to MAX_RW_COUNT. */
ssize_t import_iovec(const struct iovec __user *uvec, unsigned nr, struct iovec *fast, struct iovec **to_free,
	struct iov_iter *i);
/* Bytes copied; short on a fault. Advance the cursor by that. */
size_t copy_to_iter(const void *from, size_t size, struct iov_iter *i);
size_t copy_from_iter(void *to, size_t size, struct iov_iter *i);
size_t iov_iter_zero(size_t size, struct iov_iter *i);
void iov_iter_advance(struct iov_iter *i, size_t size);
void iov_iter_revert(struct iov_iter *i, size_t size);
/* The segment that the cursor is in: how many of the iterator's bytes are left in it, and where. There must be some. */
size_t iov_iter_segment(struct iov_iter *i, unsigned long *addr);
static inline size_t iov_iter_count(const struct iov_iter *i) { return i->count; }
static inline void iov_iter_truncate(struct iov_iter *i, size_t size) { if (i->count > size) i->count = size; }

#endif
