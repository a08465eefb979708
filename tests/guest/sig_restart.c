/* A read that a handler interrupts: EINTR without SA_RESTART, restarted with it. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int fds[2], feed;

static void handler(int sig)
{
	(void)sig;
	if (feed && write(fds[1], "fed", 3) != 3)
		_exit(1);
}

static void arm(void)
{
	struct itimerval it = { { 0, 0 }, { 0, 30000 } };

	setitimer(ITIMER_REAL, &it, NULL);
}

static void report(const char *what, long n)
{
	printf("%s: %s\n", what, n < 0 ? strerrorname_np(errno) : "done");
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	char buf[16];
	pid_t pid;
	int status;
	long n;

	if (pipe(fds))
		return 1;
	sigaction(SIGALRM, &sa, NULL);
	arm();
	report("read without SA_RESTART", read(fds[0], buf, sizeof(buf)));

	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	feed = 1;
	arm();
	n = read(fds[0], buf, sizeof(buf));
	report("read with SA_RESTART", n);
	printf("got %.*s\n", (int)n, buf);

	/* wait restarts as well */
	feed = 0;
	pid = fork();
	if (!pid) {
		usleep(100000);
		_exit(7);
	}
	arm();
	report("wait with SA_RESTART", waitpid(pid, &status, 0));
	printf("status %d\n", WEXITSTATUS(status));

	/* pause and nanosleep do not restart whatever the flag */
	arm();
	report("pause", pause());
	arm();
	report("usleep", usleep(10000000));

	/* an ignored or default-ignored signal does not interrupt at all */
	signal(SIGALRM, SIG_IGN);
	pid = fork();
	if (!pid) {
		usleep(30000);
		kill(getppid(), SIGALRM);
		kill(getppid(), SIGWINCH);
		usleep(30000);
		_exit(write(fds[1], "end", 3) != 3);
	}
	report("read with ignored signals", read(fds[0], buf, sizeof(buf)));
	waitpid(pid, &status, 0);
	return 0;
}
