/* Ends that go away: EOF, EPIPE, SIGPIPE, sleepers woken; partial transfers; faults. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

static volatile int pipes;

static void count(int sig) { (void)sig; pipes++; }

int main(void)
{
	struct pollfd pf = { .events = POLLIN };
	char *buf = calloc(1, 200000);
	int p[2], q[2], status, total = 0, n;
	pid_t pid;

	if (pipe(p))
		return 1;
	SHOW(write(p[1], "abc", 3));
	SHOW(close(p[1]));
	SHOW(read(p[0], buf, 2));
	pf.fd = p[0];
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	SHOW(read(p[0], buf, 2));
	SHOW(poll(&pf, 1, 0));
	SHOW(pf.revents);
	SHOW(read(p[0], buf, 2));
	close(p[0]);

	pipe(p);
	close(p[0]);
	if (!fork()) {
		write(p[1], "x", 1);
		_exit(0);
	}
	wait(&status);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	signal(SIGPIPE, count);
	SHOW(write(p[1], "x", 1));
	SHOW(write(p[1], "x", 0));
	SHOW(pipes);
	close(p[1]);

	/* A reader asleep when the last writer goes. */
	pipe(p);
	if (!(pid = fork())) {
		close(p[1]);
		_exit(read(p[0], buf, 10) == 0 ? 7 : 8);
	}
	close(p[0]);
	usleep(20000);
	close(p[1]);
	wait(&status);
	SHOW(WEXITSTATUS(status));

	/* A writer of more than the pipe takes: whole, in pieces; then one whose reader goes. */
	pipe(p);
	if (!fork()) {
		close(p[0]);
		_exit(write(p[1], buf, 200000) == 200000 ? 3 : 4);
	}
	close(p[1]);
	while ((n = read(p[0], buf, 7777)) > 0)
		total += n;
	SHOW(total);
	wait(&status);
	SHOW(WEXITSTATUS(status));
	close(p[0]);
	pipe(p);
	pipe(q);
	if (!fork()) {
		close(p[0]);
		n = write(p[1], buf, 200000);
		dprintf(q[1], "%d %d", n, pipes);
		_exit(0);
	}
	close(p[1]);
	read(p[0], buf, 1000);
	usleep(20000);
	close(p[0]);
	n = read(q[0], buf, 100);
	printf("writer got %.*s\n", n, buf);
	wait(&status);

	pipe(p);
	SHOW(read(p[1], buf, 1));
	SHOW(write(p[0], buf, 1));
	SHOW(write(p[1], BAD_PTR, 10));
	SHOW(write(p[1], "data", 4));
	SHOW(read(p[0], BAD_PTR, 10));
	SHOW(read(p[0], buf, 10));
	SHOW(read(p[0], BAD_PTR, 0));
	SHOW(pipe(BAD_PTR));
	SHOW(open("/dev/null", O_RDONLY));
	return 0;
}
