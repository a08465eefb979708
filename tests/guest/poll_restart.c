// timeout: 30
/* poll and select across stop and continue, handlers with SA_RESTART, wake-ups by other processes. */
#include "show.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static volatile int count;
static void on(int sig) { (void)sig; count++; }

static long msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int waiter(int which, int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	fd_set in;
	long start = msec();
	int n, err;

	FD_ZERO(&in);
	FD_SET(fd, &in);
	n = which == 0 ? poll(&p, 1, 300) : select(fd + 1, &in, NULL, NULL, &(struct timeval){ 0, 300000 });
	err = errno;
	if (msec() - start < 299)
		return 50;
	return n ? n > 0 ? 51 : err == EINTR ? 52 : 53 : 0;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on, .sa_flags = SA_RESTART };
	int p[2], st;
	pid_t pid;

	pipe(p);
	for (int which = 0; which < 2; which++) {
		pid = fork();
		if (!pid)
			_exit(waiter(which, p[0]));
		usleep(50000);
		kill(pid, SIGSTOP);
		waitpid(pid, &st, WUNTRACED);
		SHOW(WIFSTOPPED(st));
		usleep(50000);
		kill(pid, SIGCONT);
		waitpid(pid, &st, 0);
		SHOW(WEXITSTATUS(st));
	}
	sigaction(SIGALRM, &sa, NULL);
	for (int i = 0; i < 2; i++) {
		struct pollfd f = { p[0], POLLIN, 0 };

		setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL);
		SHOW(poll(&f, 1, i ? -1 : 2000));
	}
	SHOW(count);
	signal(SIGALRM, SIG_IGN);
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0, 20000 } }, NULL);
	{
		struct pollfd f = { p[0], POLLIN, 0 };
		long start = msec();

		SHOW(poll(&f, 1, 100));
		SHOW(msec() - start >= 99);
	}
	if (!fork()) {
		usleep(30000);
		write(p[1], "x", 1);
		_exit(0);
	}
	{
		struct pollfd f[40];

		for (int i = 0; i < 40; i++)
			f[i] = (struct pollfd){ p[0], POLLIN, 0 };
		SHOW(poll(f, 40, 5000));
		SHOW(f[39].revents);
	}
	wait(NULL);
	return 0;
}
