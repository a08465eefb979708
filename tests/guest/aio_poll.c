/* IOCB_CMD_POLL, cancelling, waiting with a signal mask, io_destroy under requests, io_uring refused. */
#include "show.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>

static aio_context_t ctx;

static struct iocb prep(int fd, int events)
{
	return (struct iocb){ .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = fd, .aio_buf = events, .aio_data = fd };
}

static long submit(struct iocb *cb) { return syscall(SYS_io_submit, ctx, 1, &cb); }

static void get(long min, int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000l };
	struct io_event e[4];
	long n = syscall(SYS_io_getevents, ctx, min, 4, e, &t);

	printf("%ld events", n);
	for (int i = 0; i < n; i++)
		printf(", res %llx", (long long)e[i].res);
	printf("\n");
	fflush(stdout);
}

static void on(int sig) { (void)sig; }

int main(void)
{
	struct io_event e[4];
	struct iocb cb, cb2;
	int p[2], fd = open("file", O_RDWR | O_CREAT, 0600), ev = eventfd(0, 0);
	sigset_t mask;
	struct { const sigset_t *set; size_t size; } sig = { &mask, 8 };
	struct timespec soon = { 0, 20000000 };
	unsigned long long count = 0;

	pipe(p);
	SHOW(syscall(SYS_io_setup, 16, &ctx));
	cb = prep(p[0], POLLIN);
	SHOW(submit(&cb));
	get(0, 0);
	write(p[1], "x", 1);
	get(1, 1000);
	SHOW(submit(&cb));
	get(1, 1000);
	cb2 = prep(p[1], POLLOUT | POLLIN);
	SHOW(submit(&cb2));
	get(1, 1000);
	read(p[0], &count, 1);
	cb.aio_flags = IOCB_FLAG_RESFD;
	cb.aio_resfd = ev;
	SHOW(submit(&cb));
	if (!fork()) {
		usleep(20000);
		write(p[1], "y", 1);
		_exit(0);
	}
	SHOW(read(ev, &count, 8));
	SHOW(count);
	wait(NULL);
	get(1, 1000);
	read(p[0], &count, 1);
	cb.aio_flags = 0;
	SHOW(submit(&cb));
	SHOW(syscall(SYS_io_cancel, ctx, &cb, e));
	get(1, 1000);
	SHOW(syscall(SYS_io_cancel, ctx, &cb, e));
	SHOW(submit(&cb));
	close(p[1]);
	get(1, 1000);
	cb = prep(fd, POLLIN);
	SHOW(submit(&cb));
	get(1, 1000);
	cb.aio_buf = 1 << 20;
	SHOW(submit(&cb));
	cb = prep(fd, POLLIN);
	cb.aio_offset = 1;
	SHOW(submit(&cb));
	cb = prep(99, POLLIN);
	SHOW(submit(&cb));
	pipe(p);
	cb = prep(p[0], POLLIN);
	SHOW(submit(&cb));
	sigfillset(&mask);
	signal(SIGUSR1, on);
	SHOW(syscall(SYS_io_pgetevents, ctx, 1, 4, e, &soon, &sig));
	SHOW(syscall(SYS_io_pgetevents, ctx, 1, 4, e, &soon, NULL));
	sigprocmask(SIG_BLOCK, &mask, NULL);
	raise(SIGUSR1);
	sigemptyset(&mask);
	SHOW(syscall(SYS_io_pgetevents, ctx, 1, 4, e, NULL, &sig));
	sig.size = 4;
	SHOW(syscall(SYS_io_pgetevents, ctx, 1, 4, e, &soon, &sig));
	SHOW(syscall(SYS_io_pgetevents, ctx, 1, 4, e, &soon, BAD_PTR));
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (!fork())
		_exit(syscall(SYS_io_getevents, ctx, 0, 4, e, &soon) == -1 && errno == EINVAL ? 7 : 8);
	{
		int status;

		wait(&status);
		SHOW(WEXITSTATUS(status));
	}
	SHOW(syscall(SYS_io_destroy, ctx));
	SHOW(syscall(SYS_io_submit, ctx, 0, NULL));
	return 0;
}
