/* pidfds of threads: their end is the thread's; that of a process is the last thread's. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include "show.h"

#define PIDFD_THREAD O_EXCL

static int tell[2], go[2];

static void *thread(void *arg)
{
	int tid = (int)syscall(SYS_gettid);
	char c;

	(void)arg;
	write(tell[1], &tid, sizeof(tid));
	read(go[0], &c, 1);
	return NULL;
}

static short ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, 0);
	return p.revents;
}

/* The leader ends first; the process lives on until its thread ends. */
static void leaderless(void)
{
	pthread_t t;

	pthread_create(&t, NULL, thread, NULL);
	pthread_exit(NULL);
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 7 };
	int tid, fd, whole, ep = epoll_create1(0), status;
	pthread_t t;
	pid_t pid;

	pipe(tell);
	pipe(go);
	pthread_create(&t, NULL, thread, NULL);
	read(tell[0], &tid, sizeof(tid));
	fd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
	SHOW(fd >= 0);
	whole = (int)syscall(SYS_pidfd_open, getpid(), 0);
	SHOW_OK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	SHOW(epoll_wait(ep, &ev, 1, 0));
	SHOW(ready(fd));
	SHOW(syscall(SYS_waitid, 3, fd, NULL, WEXITED, NULL));
	write(go[1], "g", 1);
	pthread_join(t, NULL);
	SHOW(epoll_wait(ep, &ev, 1, -1));
	SHOW(ev.data.u32 == 7);
	SHOW(!!(ready(fd) & POLLIN));
	SHOW(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
	SHOW(ready(whole));
	close(fd);
	/* a process whose leader has ended */
	pid = fork();
	if (!pid)
		leaderless();
	read(tell[0], &tid, sizeof(tid));
	whole = (int)syscall(SYS_pidfd_open, pid, 0);
	SHOW(ready(whole));
	SHOW(waitpid(pid, &status, WNOHANG));
	write(go[1], "g", 1);
	while (!ready(whole))
		usleep(1000);
	SHOW(ready(whole) == POLLIN);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(ready(whole) == (POLLIN | POLLHUP));
	return 0;
}
