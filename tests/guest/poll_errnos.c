/* The errors of waiting calls that other programs do not meet: select, eventfd, epoll_create, io_getevents, vhangup. */
// needs-root: vhangup
#include "show.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static void on(int sig) { (void)sig; }

static void soon(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 15000 } }, NULL);
}

int main(void)
{
	struct timeval tv = { 0, 1000 }, bad = { -1, 0 };
	struct timespec forever = { 5, 0 };
	struct epoll_event out[2];
	struct io_event e[2];
	struct rlimit r = { 40, 1024 };
	aio_context_t ctx = 0;
	struct iocb cb = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_buf = POLLIN }, *list[100];
	fd_set in;
	sigset_t none;
	int p[2], ep = epoll_create1(0), n;

	signal(SIGALRM, on);
	sigemptyset(&none);
	pipe(p);
	FD_ZERO(&in);
	FD_SET(p[0], &in);
	SHOW(syscall(SYS_select, p[0] + 1, &in, NULL, NULL, &tv));
	FD_SET(39, &in);
	SHOW(syscall(SYS_select, 64, &in, NULL, NULL, &tv));
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, &bad));
	SHOW(syscall(SYS_select, -1, NULL, NULL, NULL, NULL));
	soon();
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, NULL));
	SHOW(syscall(SYS_select, p[0] + 1, BAD_PTR, NULL, NULL, &tv));
	SHOW_OK(syscall(SYS_eventfd, 3));
	SHOW_OK(syscall(SYS_epoll_create, 1));
	SHOW(epoll_pwait(99, out, 2, 0, &none));
	SHOW(epoll_pwait(ep, BAD_PTR, 2, 0, &none));
	SHOW(epoll_pwait(ep, out, 0, 0, &none));
	SHOW(epoll_pwait(ep, out, 2, 0, BAD_PTR));
	SHOW(epoll_pwait(ep, out, 2, 0, &none));
	SHOW(syscall(SYS_epoll_pwait2, 99, out, 2, NULL, NULL, 0));
	soon();
	SHOW(syscall(SYS_epoll_pwait2, ep, out, 2, &forever, NULL, 0));
	SHOW(syscall(SYS_io_setup, 1, &ctx));
	soon();
	SHOW(syscall(SYS_io_getevents, ctx, 1, 2, e, &forever));
	/* more requests than the ring has room for */
	cb.aio_fildes = p[0];
	for (int i = 0; i < 100; i++)
		list[i] = &cb;
	for (n = 0; n < 100000;) {
		long got = syscall(SYS_io_submit, ctx, 100, list);

		if (got < 0) {
			printf("full: %s\n", errno_name(errno));
			break;
		}
		n += got;
	}
	SHOW(n > 1);
	SHOW(syscall(SYS_io_destroy, ctx));
	setrlimit(RLIMIT_NOFILE, &r);
	while (dup(0) >= 0)
		;
	SHOW(syscall(SYS_eventfd, 0));
	SHOW(syscall(SYS_eventfd2, 0, 0));
	SHOW(syscall(SYS_epoll_create, 1));
	SHOW(syscall(SYS_epoll_create1, 0));
	if (!fork()) {
		setsid();
		SHOW(syscall(SYS_vhangup));
		_exit(0);
	}
	wait(NULL);
	return 0;
}
