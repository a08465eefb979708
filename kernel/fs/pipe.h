/* The inside of a pipe, for pipe.c and splice.c. */
#ifndef UMK_FS_PIPE_H
#define UMK_FS_PIPE_H

#include "internal.h"

struct pipe_buffer {
	struct page *page;        /* a frame, reference held; other buffers may have it, too: tee(2) */
	u32 off, len;             /* bytes; len is 0 only while a slot is free */
	bool packet;              /* O_DIRECT: never merged, and a read takes no more than one */
	bool whole;               /* nothing is added to it */
};
struct pipe_info {
	u32 refs;                 /* files */
	u32 readers, writers;     /* open ends */
	u32 r_counter, w_counter; /* opens ever, for the rendezvous of FIFOs */
	u32 head, count, size;    /* the oldest slot, slots in use, slots */
	struct pipe_buffer *ring; /* kmalloc'd */
	struct page *spare;       /* the frame emptied last */
	struct wait_queue_head rd_wait, wr_wait;
	struct fasync_list rd_async, wr_async;
	struct user_count *user;  /* who made it; counts the ring's slots; reference held */
	struct kmutex lock;       /* held by a transfer, which may sleep on guest memory */
	struct inode *fifo;       /* whose inode.pipe this is, or NULL */
};

struct pipe_info *pipe_of(const struct file *f);  /* NULL: no pipe */
static inline struct pipe_buffer *pipe_slot(struct pipe_info *p, u32 i)
{
	return &p->ring[(p->head + i) % p->size];
}
void pipe_pop(struct pipe_info *p);               /* the oldest buffer is done with */
void pipe_wake_readers(struct pipe_info *p);
void pipe_wake_writers(struct pipe_info *p);
/* sendfile(2) into a pipe: one splice of at most @size bytes from *@pos, which it moves. What splice(2) returns. */
ssize_t sendfile_to_pipe(struct file *in, u64 *pos, struct file *out, size_t size);
/* kmalloc'd memory for @size bytes that go from file to file: whole pages, as Linux's are, because of O_DIRECT. Or NULL. */
void *splice_buffer(size_t size);
ssize_t pipe_broken(const struct file *f);        /* SIGPIPE, unless RWF_NOSIGNAL; -EPIPE. @f may be NULL */

#endif
