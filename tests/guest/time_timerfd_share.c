/* timerfds: shared over fork, read by many, over exec; settime while a reader sleeps; huge values; edge-triggered epoll. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static int set(int fd, int flags, long ms, long interval)
{
	struct itimerspec its = { { interval / 1000, interval % 1000 * 1000000 }, { ms / 1000, ms % 1000 * 1000000 } };

	return timerfd_settime(fd, flags, &its, NULL);
}

static void nothing(int sig) { }

int main(int argc, char **argv)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET }, out;
	struct itimerspec its = { { 0, 0 }, { 0x7fffffffffffffff, 999999999 } };
	int fd, ep, status;
	uint64_t n = 0;
	pid_t pid;

	if (argc > 1) {
		printf("after exec: read %zd\n", read(atoi(argv[1]), &n, 8));
		return 0;
	}
	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	fflush(stdout);
	/* a reader sleeps; the timer is set by another process */
	pid = fork();
	if (!pid) {
		ssize_t r = read(fd, &n, 8);

		printf("child: %zd, %d\n", r, (int)n);
		fflush(stdout);
		_exit(0);
	}
	usleep(10000);
	SHOW(set(fd, 0, 5, 0));
	waitpid(pid, &status, 0);
	/* one expiry, one of two readers */
	for (int i = 0; i < 2; i++) {
		pid = fork();
		if (!pid) {
			alarm(10);
			n = 0;
			_exit(read(fd, &n, 8) == 8 ? (int)n : 9);
		}
	}
	usleep(20000);
	set(fd, 0, 1, 0);
	wait(&status);
	printf("first %x\n", status);
	usleep(10000);
	SHOW(waitpid(-1, &status, WNOHANG));
	set(fd, 0, 1, 0);
	wait(&status);
	printf("second %x\n", status);
	/* interrupted */
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(10000, 0);
	SHOW(read(fd, &n, 8));
	/* set again while ticks wait: they are forgotten */
	set(fd, 0, 1, 1);
	usleep(20000);
	set(fd, 0, 100000, 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	SHOW(read(fd, &n, 8));
	SHOW(timerfd_settime(fd, 0, &its, NULL));
	SHOW(timerfd_gettime(fd, &its));
	printf("far %d\n", its.it_value.tv_sec > 1000000000);
	SHOW(read(fd, &n, 8));
	/* epoll, edge-triggered: each expiry is an edge */
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	set(fd, 0, 1, 0);
	SHOW(epoll_wait(ep, &out, 1, 5000));
	SHOW(epoll_wait(ep, &out, 1, 10));
	set(fd, 0, 1, 0);
	SHOW(epoll_wait(ep, &out, 1, 5000));
	/* dup and close */
	status = dup(fd);
	close(fd);
	SHOW(epoll_wait(ep, &out, 1, 0));
	fcntl(status, F_SETFL, 0);
	SHOW(read(status, &n, 8));
	set(status, 0, 1, 0);
	usleep(5000);
	{
		char text[16];

		snprintf(text, sizeof(text), "%d", status);
		fflush(stdout);
		execl("/proc/self/exe", "self", text, NULL);
	}
	return 1;
}
