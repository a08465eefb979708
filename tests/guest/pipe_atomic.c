/* Several writers of lines up to PIPE_BUF: no line is torn. A blocked reader is interrupted by a signal. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "show.h"

#define WRITERS 4
#define LINES 200

static void on(int sig) { (void)sig; }

int main(void)
{
	static char buf[4096 * 8], line[4096];
	int p[2], lines[WRITERS] = { 0 }, torn = 0, n, at = 0, size, status;
	struct sigaction sa = { .sa_handler = on };
	pid_t pid;

	if (pipe(p))
		return 1;
	for (int w = 0; w < WRITERS; w++) {
		if (fork())
			continue;
		close(p[0]);
		for (int i = 0; i < LINES; i++) {
			size = 2 + (i * 37 + w * 1001) % (PIPE_BUF - 1);
			memset(line, 'a' + w, size);
			line[size - 1] = '\n';
			if (write(p[1], line, size) != size)
				_exit(1);
		}
		_exit(0);
	}
	close(p[1]);
	at = 0;
	while ((n = read(p[0], buf + at, 4096)) > 0) {
		char *s = buf, *nl;

		at += n;
		while ((nl = memchr(s, '\n', buf + at - s))) {
			for (char *c = s; c < nl; c++)
				torn += *c != *s;
			if (*s >= 'a' && *s < 'a' + WRITERS)
				lines[*s - 'a']++;
			s = nl + 1;
		}
		at -= s - buf;
		memmove(buf, s, at);
	}
	for (int w = 0; w < WRITERS; w++) {
		wait(&status);
		printf("%d lines, ok %d\n", lines[w], status == 0);
	}
	SHOW(torn);
	SHOW(at);
	pipe(p);
	sigaction(SIGUSR1, &sa, NULL);
	pid = getpid();
	if (!fork()) {
		usleep(50000);
		kill(pid, SIGUSR1);
		_exit(0);
	}
	SHOW(read(p[0], buf, 1));
	wait(&status);
	sa.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &sa, NULL);
	if (!fork()) {
		usleep(50000);
		kill(pid, SIGUSR1);
		usleep(50000);
		write(p[1], "z", 1);
		_exit(0);
	}
	SHOW(read(p[0], buf, 1));
	wait(&status);
	return 0;
}
