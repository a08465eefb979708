/* kill, tgkill, tkill: targets, groups, signal 0, errors. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const char *what, long r)
{
	printf("%s: %s\n", what, r ? strerror(errno) : "ok");
}

static volatile sig_atomic_t got;
static void handler(int sig)
{
	(void)sig;
	got++;
}

int main(void)
{
	pid_t kids[3], gone;
	int status, fd[2];
	char c;

	signal(SIGUSR1, handler);
	if (pipe(fd))
		return 1;
	setpgid(0, 0);
	for (int i = 0; i < 3; i++) {
		kids[i] = fork();
		if (!kids[i]) {
			signal(SIGUSR1, SIG_DFL);
			if (i)
				setpgid(0, i == 1 ? 0 : kids[1]);
			if (write(fd[1], "x", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		if (read(fd[0], &c, 1) != 1)
			return 1;
	}
	report("kill(0 signal)", kill(kids[0], 0));
	report("kill(group, 0)", kill(-kids[1], 0));
	report("kill(own group)", kill(0, SIGUSR1));
	printf("got %d\n", (int)got);
	waitpid(kids[0], &status, 0);
	printf("sibling in the group died of %d\n", WTERMSIG(status));
	printf("others live: %d %d\n", waitpid(kids[1], &status, WNOHANG), waitpid(kids[2], &status, WNOHANG));
	report("kill(-group)", kill(-kids[1], SIGUSR2));
	for (int i = 1; i < 3; i++) {
		waitpid(kids[i], &status, 0);
		printf("died of %d\n", WTERMSIG(status));
	}
	report("kill(dead group)", kill(-kids[1], 0));
	gone = fork();
	if (!gone)
		_exit(0);
	waitid(P_PID, (id_t)gone, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	report("kill(zombie)", kill(gone, SIGTERM));
	waitpid(gone, &status, 0);
	printf("zombie keeps its status %d\n", WEXITSTATUS(status));
	report("kill(reaped)", kill(gone, 0));
	report("kill(bad signal)", kill(getpid(), 65));
	report("kill(negative signal)", kill(getpid(), -1));
	report("kill(reaped, bad signal)", kill(gone, 65));
	report("kill(INT_MIN)", kill((pid_t)0x80000000, 0));
	report("tgkill(self)", syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1));
	report("tgkill(wrong group)", syscall(SYS_tgkill, getppid(), syscall(SYS_gettid), SIGUSR1));
	report("tgkill(0)", syscall(SYS_tgkill, 0, syscall(SYS_gettid), SIGUSR1));
	report("tkill(-1)", syscall(SYS_tkill, -1, SIGUSR1));
	report("tkill(reaped)", syscall(SYS_tkill, gone, SIGUSR1));
	printf("got %d\n", (int)got);
	return 0;
}
