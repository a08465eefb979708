/* Who may signal whom: by real, effective and saved ids, CAP_KILL, SIGCONT within a session, groups and everybody. */
// needs-root: it becomes somebody else
/* musl */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static int go[2];

/* A process with these ids that waits. */
static pid_t with_ids(int r, int e, int s)
{
	int ready[2];
	pid_t pid;
	char c;

	pipe(ready);
	pid = fork();
	if (!pid) {
		close(go[1]);
		setpgid(0, 0);
		setresuid((unsigned)r, (unsigned)e, (unsigned)s);
		write(ready[1], "r", 1);
		read(go[0], &c, 1);
		_exit(0);
	}
	read(ready[0], &c, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static pid_t targets[5];

static void as(int r, int e, int s)
{
	fflush(stdout);
	if (!fork()) {
		setresuid((unsigned)r, (unsigned)e, (unsigned)s);
		printf("as %d %d %d:", r, e, s);
		for (int i = 0; i < 5; i++)
			printf(" %s", kill(targets[i], 0) ? errno_name(errno) : "ok");
		printf("; SIGCONT");
		for (int i = 0; i < 5; i++)
			printf(" %s", kill(targets[i], SIGCONT) ? errno_name(errno) : "ok");
		printf("; thread");
		for (int i = 0; i < 5; i++)
			printf(" %s", syscall(SYS_tgkill, targets[i], targets[i], 0) ? errno_name(errno) : "ok");
		printf("\n");
		if (r == 1000) {
			setsid(); /* another session */
			printf(" from another session: SIGCONT %s\n", kill(targets[0], SIGCONT) ? errno_name(errno) : "ok");
		}
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	pipe(go);
	targets[0] = with_ids(0, 0, 0);
	targets[1] = with_ids(1000, 1000, 1000);
	targets[2] = with_ids(1001, 1000, 1000);
	targets[3] = with_ids(1000, 1001, 1001);
	targets[4] = with_ids(1001, 1000, 1001);
	as(0, 0, 0);
	as(1000, 1000, 1000);
	as(1001, 1001, 1001);
	as(1000, 1002, 1002);
	as(1002, 1000, 1002);
	as(1002, 1002, 1000);
	as(0, 1002, 1002);
	/* errors that come first */
	SHOW(kill(0x3fffffff, 0));
	SHOW(kill(targets[0], 65));
	SHOW(kill(targets[0], -1));
	SHOW(kill(-0x3fffffff, 0));
	SHOW(kill(-targets[1], 0));
	SHOW(syscall(SYS_tgkill, targets[0], targets[1], 0));
	SHOW(syscall(SYS_tgkill, 0, targets[1], 0));
	SHOW(syscall(SYS_tgkill, targets[1], -1, 0));
	SHOW(syscall(SYS_tgkill, targets[1], targets[1], 65));
	SHOW(syscall(SYS_tkill, 0, 0));
	SHOW(syscall(SYS_tkill, 0x3fffffff, 0));
	SHOW(syscall(SYS_tkill, targets[1], 65));
	close(go[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
