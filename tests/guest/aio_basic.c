/* musl */
/* Linux aio on files: submitting, the ring, events, limits and errors. */
#include "show.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>

static long setup(unsigned n, aio_context_t *c) { return syscall(SYS_io_setup, n, c); }
static long destroy(aio_context_t c) { return syscall(SYS_io_destroy, c); }
static long submit(aio_context_t c, long n, struct iocb **p) { return syscall(SYS_io_submit, c, n, p); }
static long events(aio_context_t c, long min, long n, struct io_event *e, struct timespec *t)
{
	return syscall(SYS_io_getevents, c, min, n, e, t);
}

struct ring { unsigned id, nr, head, tail, magic, compat, incompat, header; };
static struct timespec now;
static aio_context_t ctx;

static void one(const char *what, struct iocb *cb)
{
	struct io_event e[4];
	struct iocb *p = cb;
	long n;

	printf("%s: ", what);
	if (SHOW(submit(ctx, 1, &p)) != 1)
		return;
	n = events(ctx, 1, 4, e, NULL);
	printf("  %ld event, data %llx, obj ok %d, res %lld, res2 %lld\n", n, (long long)e[0].data,
		e[0].obj == (unsigned long)cb, (long long)e[0].res, (long long)e[0].res2);
}

static struct iocb prep(int op, int fd, void *buf, long n, long off)
{
	return (struct iocb){ .aio_lio_opcode = op, .aio_fildes = fd, .aio_buf = (unsigned long)buf, .aio_nbytes = n,
		.aio_offset = off, .aio_data = 0xabc };
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), rd, ev = eventfd(0, EFD_NONBLOCK), p[2];
	char buf[64] = "hello, aio world";
	struct iovec v[2] = { { buf, 5 }, { buf + 16, 5 } };
	struct iocb cb, cb2, *list[3];
	struct io_event e[8];
	unsigned long long count = 0;
	aio_context_t other = 1;

	write(fd, "0123456789abcdef", 16);
	rd = open("file", O_RDONLY);
	SHOW(setup(4, &other));
	SHOW(setup(0, &ctx));
	SHOW(setup(4, BAD_PTR));
	SHOW(setup(0x7fffffff, &ctx));
	SHOW(setup(70000, &ctx));
	SHOW(setup(4, &ctx));
	{
		struct ring *r = (struct ring *)ctx;

		printf("ring %x %u %u %u, empty %d, room %d\n", r->magic, r->compat, r->incompat, r->header, r->head == r->tail,
			r->nr >= 8);
	}
	cb = prep(IOCB_CMD_PREAD, fd, buf, 10, 2);
	one("read", &cb);
	printf("%.10s\n", buf);
	cb = prep(IOCB_CMD_PWRITE, fd, "WXYZ", 4, 14);
	one("write", &cb);
	cb = prep(IOCB_CMD_PREADV, fd, v, 2, 10);
	one("readv", &cb);
	printf("%.5s %.5s\n", buf, buf + 16);
	cb = prep(IOCB_CMD_PWRITEV, fd, v, 2, 100);
	one("writev", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, 10, 1000);
	one("beyond the end", &cb);
	cb = prep(IOCB_CMD_FSYNC, fd, NULL, 0, 0);
	one("fsync", &cb);
	cb = prep(IOCB_CMD_FDSYNC, fd, NULL, 0, 0);
	one("fdsync", &cb);
	cb = prep(IOCB_CMD_FSYNC, fd, buf, 0, 0);
	one("fsync with a buffer", &cb);
	cb = prep(IOCB_CMD_PWRITE, rd, buf, 4, 0);
	one("write on a reader", &cb);
	cb = prep(IOCB_CMD_PREAD, 999, buf, 4, 0);
	one("no file", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, BAD_PTR, 4, 0);
	one("bad buffer", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, -1, 0);
	one("negative size", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, 4, -1);
	one("negative offset", &cb);
	cb = prep(IOCB_CMD_NOOP, fd, buf, 4, 0);
	one("noop", &cb);
	cb = prep(99, fd, buf, 4, 0);
	one("unknown", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, 4, 0);
	cb.aio_reserved2 = 1;
	one("reserved", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, 4, 0);
	cb.aio_flags = IOCB_FLAG_RESFD;
	cb.aio_resfd = fd;
	one("no eventfd", &cb);
	cb.aio_resfd = ev;
	one("eventfd", &cb);
	SHOW(read(ev, &count, 8));
	SHOW(count);
	pipe(p);
	write(p[1], "piped", 5);
	cb = prep(IOCB_CMD_PREAD, p[0], buf, 10, 0);
	one("pipe", &cb);
	cb = prep(IOCB_CMD_PREAD, fd, buf, 1, 0);
	cb2 = prep(IOCB_CMD_PREAD, 999, buf, 2, 0);
	list[0] = &cb, list[1] = &cb2, list[2] = &cb;
	SHOW(submit(ctx, 3, list));
	list[1] = &cb;
	list[2] = (void *)BAD_PTR;
	SHOW(submit(ctx, 3, list));
	SHOW(events(ctx, 0, 8, e, &now));
	SHOW(events(ctx, 1, 8, e, &now));
	SHOW(events(ctx, 0, 8, e, NULL));
	SHOW(submit(ctx, 0, list));
	SHOW(submit(ctx, -1, list));
	SHOW(submit(ctx, 1, BAD_PTR));
	SHOW(submit(ctx + 1, 1, list));
	SHOW(events(ctx + 1, 1, 1, e, &now));
	SHOW(events(ctx, 2, 1, e, &now));
	SHOW(events(ctx, -1, 1, e, &now));
	SHOW(events(ctx, 1, 1, e, BAD_PTR));
	submit(ctx, 1, list);
	SHOW(events(ctx, 1, 1, BAD_PTR, NULL));
	SHOW(syscall(SYS_io_cancel, ctx, &cb, e));
	SHOW(syscall(SYS_io_cancel, ctx, BAD_PTR, e));
	cb.aio_key = 7;
	SHOW(syscall(SYS_io_cancel, ctx, &cb, e));
	SHOW(syscall(SYS_io_cancel, ctx + 1, &cb2, e));
	SHOW(destroy(ctx + 1));
	SHOW(destroy(ctx));
	SHOW(destroy(ctx));
	return 0;
}
