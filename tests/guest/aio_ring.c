/* Looking into the ring of completions without a call, and taking from it there. */
#include "show.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

struct ring {
	unsigned id, nr, head, tail, magic, compat, incompat, header;
	struct io_event events[];
};

int main(void)
{
	aio_context_t ctx = 0;
	struct ring *r;
	struct iocb cb = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_data = 7 }, *list[4] = { &cb, &cb, &cb, &cb }, p = { 0 }, *pl = &p;
	struct io_event e[8];
	struct timespec now = { 0, 0 };
	char buf[16];
	int fd = open("file", O_RDWR | O_CREAT, 0600), pfd[2], wrapped = 0;
	long n = 0;

	write(fd, "abcdefgh", 8);
	syscall(SYS_io_setup, 8, &ctx);
	r = (struct ring *)ctx;
	SHOW(r->magic == 0xa10a10a1 && r->head == 0 && r->tail == 0);
	cb.aio_fildes = fd;
	cb.aio_buf = (unsigned long)buf;
	cb.aio_nbytes = 8;
	SHOW(syscall(SYS_io_submit, ctx, 3, list));
	SHOW(r->tail - r->head);
	SHOW(r->events[0].res);
	SHOW(r->events[2].data);
	r->head = 2;
	SHOW(syscall(SYS_io_getevents, ctx, 0, 8, e, &now));
	SHOW(r->head == r->tail);
	for (int i = 0; i < 1000; i++) {
		unsigned before = r->tail;

		n += syscall(SYS_io_submit, ctx, 4, list);
		wrapped += r->tail < before;
		r->head = r->tail;
	}
	SHOW(n);
	SHOW(wrapped > 0);
	SHOW(syscall(SYS_io_getevents, ctx, 0, 8, e, &now));
	/* another process completes a poll: seen without a call */
	pipe(pfd);
	p = (struct iocb){ .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = pfd[0], .aio_buf = POLLIN };
	SHOW(syscall(SYS_io_submit, ctx, 1, &pl));
	SHOW(r->head == r->tail);
	if (!fork()) {
		write(pfd[1], "x", 1);
		_exit(0);
	}
	wait(NULL);
	for (int i = 0; i < 1000 && *(volatile unsigned *)&r->tail == r->head; i++)
		usleep(1000);
	SHOW(r->tail != r->head);
	SHOW(r->events[r->head].res & POLLIN);
	SHOW(syscall(SYS_io_destroy, ctx));
	return 0;
}
