/* Orphans: the nearest subreaper inherits them, zombies and living ones, with SIGCHLD as their signal. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static volatile int chld;

static void handler(int sig)
{
	(void)sig;
	chld++;
}

static int hold[2];

int main(void)
{
	pid_t middle, grand, me = getpid(), got;
	int out[2], status, n;
	char c;

	SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
	pipe(out);
	pipe(hold);
	middle = fork();
	if (!middle) {
		grand = fork();
		if (!grand) {
			close(hold[1]);
			read(hold[0], &c, 1); /* until the parent has gone */
			_exit(getppid() == me ? 7 : 8);
		}
		write(out[1], &grand, sizeof(grand));
		_exit(0);
	}
	read(out[0], &grand, sizeof(grand));
	SHOW(waitpid(middle, &status, 0) == middle);
	SHOW(waitpid(grand, &status, WNOHANG));
	close(hold[1]);
	SHOW(waitpid(grand, &status, 0) == grand);
	SHOW(WEXITSTATUS(status));
	/* a zombie is inherited, too, even one with another signal */
	signal(SIGCHLD, handler);
	middle = fork();
	if (!middle) {
		if (!fork())
			_exit(11);
		signal(SIGUSR1, SIG_IGN);
		if (!syscall(SYS_clone, SIGUSR1, NULL, NULL, NULL, 0))
			_exit(12);
		signal(SIGUSR1, SIG_IGN);
		usleep(50000);
		_exit(13);
	}
	for (n = 0; n < 3; n++) {
		do
			got = wait(&status);
		while (got == -1 && errno == EINTR);
		printf("%s\n", got > 0 ? "one" : errno_name(errno));
	}
	SHOW(wait(&status));
	SHOW(chld > 0);
	/* the subreaper in the middle comes first; without it, the next one up */
	middle = fork();
	if (!middle) {
		pid_t top = getpid();

		prctl(PR_SET_CHILD_SUBREAPER, 1);
		if (!fork()) {
			if (!fork()) {
				while (getppid() != top)
					usleep(1000);
				_exit(0);
			}
			_exit(0);
		}
		n = 0;
		while (wait(&status) > 0)
			n++;
		_exit(n);
	}
	while (waitpid(middle, &status, 0) != middle)
		;
	SHOW(WEXITSTATUS(status));
	/* SIGCHLD ignored by the heir: inherited zombies vanish */
	signal(SIGCHLD, SIG_IGN);
	if (!fork()) {
		for (int i = 0; i < 5; i++)
			if (!fork())
				_exit(0);
		usleep(20000);
		_exit(0);
	}
	SHOW(wait(&status));
	return 0;
}
