/* What has arrived for a terminal and its line discipline has no room for. How much that can be is felt by whoever writes to the
 * other end: Linux keeps it in buffers of at least 256 bytes, counts half of what they hold, and makes a new one while less than
 * 8 KiB are counted. The bytes here are in one ring that grows; the buffers are kept as numbers. */
#include "tty.h"
#include "slab.h"
#include "string.h"

#define LIMIT 8192u       /* what a pty sets */
#define SMALLEST 256u
#define LARGEST 1792u     /* of one buffer: half of what is left of a page */
#define RING_FIRST 8192u
#define RING_MOST 65536u  /* more than the buffers can be asked to hold */

int tty_flip_init(struct tty *tty)
{
	tty->flip.data = kmalloc(RING_FIRST);
	tty->flip.size = RING_FIRST;
	return tty->flip.data ? 0 : -ENOMEM;
}

void tty_flip_free(struct tty *tty)
{
	kfree(tty->flip.data);
}

size_t tty_flip_room(const struct tty *tty)
{
	return tty->flip.data && tty->flip.counted < LIMIT ? LIMIT - tty->flip.counted : 0;
}

static struct flip_buffer *buffer_at(struct tty_flip *q, u32 i) { return &q->buffers[i % FLIP_BUFFERS]; }

static void drop_first(struct tty_flip *q)
{
	struct flip_buffer *b = buffer_at(q, q->first++);

	q->counted -= b->size;
	q->spare += b->size == SMALLEST;
}

/* The last one stays: it may have room. */
static void drop_empty(struct tty_flip *q)
{
	while (q->last - q->first > 1 && buffer_at(q, q->first)->read == buffer_at(q, q->first)->used)
		drop_first(q);
}

/* How much of @want the last buffer takes, which may be a new one. */
static size_t request_room(struct tty_flip *q, size_t want)
{
	struct flip_buffer *b = q->last != q->first ? buffer_at(q, q->last - 1) : NULL;
	size_t left = b ? 2 * b->size - b->used : 0;
	u32 size = round_up((u32)want, SMALLEST);

	if (left >= want)
		return want;
	if (q->last - q->first == FLIP_BUFFERS)
		return left;
	if (size == SMALLEST && q->spare)
		q->spare--;
	else if (q->counted > LIMIT)
		return left;
	*buffer_at(q, q->last++) = (struct flip_buffer) { .size = size };
	q->counted += size;
	drop_empty(q);
	return want;
}

static bool grow(struct tty_flip *q)
{
	u32 size = 2 * q->size;
	u8 *data = size > RING_MOST ? NULL : kmalloc(size);

	if (!data)
		return false;
	for (u32 i = q->tail; i != q->head; i++)
		data[i % size] = q->data[i % q->size];
	kfree(q->data);
	q->data = data;
	q->size = size;
	return true;
}

size_t tty_flip_insert(struct tty *tty, const u8 *buf, size_t size)
{
	struct tty_flip *q = &tty->flip;
	size_t done = 0;

	while (done < size) {
		size_t room = request_room(q, min(size - done, (size_t)LARGEST));

		if (!room || (room > q->size - (q->head - q->tail) && !grow(q)))
			break;
		buffer_at(q, q->last - 1)->used += room;
		while (room--)
			q->data[q->head++ % q->size] = buf[done++];
	}
	return done;
}

void tty_flip_flush(struct tty *tty)
{
	struct tty_flip *q = &tty->flip;

	q->tail = q->head;
	while (q->last - q->first > 1)
		drop_first(q);
	if (q->last != q->first)
		buffer_at(q, q->first)->read = buffer_at(q, q->first)->used;
}

static void taken(struct tty_flip *q, size_t size)
{
	q->tail += size;
	while (size) {
		struct flip_buffer *b = buffer_at(q, q->first);
		u32 n = min((u32)size, (u32)b->used - b->read);

		b->read += n;
		size -= n;
		drop_empty(q);
	}
}

void tty_deliver(struct tty *tty)
{
	struct tty_flip *q = &tty->flip;
	bool any = false;

	if (tty->delivering)
		return;
	tty->delivering = true;
	while (q->head != q->tail) {
		u32 at = q->tail % q->size;
		size_t took = tty->ldisc->receive(tty, q->data + at, min(q->head - q->tail, q->size - at));

		if (!took)
			break;
		taken(q, took);
		any = true;
	}
	tty->delivering = false;
	if (any && tty->link)
		tty_deliver(tty->link);
	if (any && tty->driver->unthrottle)
		tty->driver->unthrottle(tty);
}
