/* The parent-death signal: whose death counts, what fork, execve and set*id do with it, and PR_SET_NAME over all of them. */
// needs-root: it becomes somebody else
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static int pdeath(void)
{
	int sig = -1;

	prctl(PR_GET_PDEATHSIG, &sig);
	return sig;
}

static void in_child(void (*fn)(void))
{
	fflush(stdout);
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGUSR1);
		fn();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void forks(void)
{
	if (!fork()) {
		SHOW(pdeath());
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
	SHOW(pdeath());
}

static void execs(void)
{
	prctl(PR_SET_NAME, "before");
	execl("/proc/self/exe", "pdeath", "again", NULL);
}

static void changes_ids(void)
{
	setresuid(-1, -1, -1);
	SHOW(pdeath());
	setresuid(0, 0, 0);
	SHOW(pdeath());
	setgid(1000);
	SHOW(pdeath());
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	setresuid(1000, 1000, 1000);
	SHOW(pdeath());
	SHOW(prctl(PR_GET_DUMPABLE));
}

static void changes_fsuid(void)
{
	syscall(SYS_setfsuid, 1000);
	SHOW(pdeath());
	SHOW(prctl(PR_GET_DUMPABLE));
}

static void drops_caps(void)
{
	unsigned head[2] = { 0x20080522, 0 }, d[6] = { 0 };

	syscall(SYS_capset, head, d);
	SHOW(pdeath());
	SHOW(prctl(PR_GET_DUMPABLE));
}

int main(int argc, char **argv)
{
	int told[2], status, sig = 0;
	char name[17] = "";
	sigset_t set;
	pid_t pid;

	(void)argv;
	if (argc > 1) {
		SHOW(pdeath());
		prctl(PR_GET_NAME, name);
		SHOW(strcmp(name, "before") != 0);
		return 0;
	}
	in_child(forks);
	in_child(execs);
	in_child(changes_ids);
	in_child(changes_fsuid);
	in_child(drops_caps);
	/* the signal comes, with the parent as its sender */
	pipe(told);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (!pid) {
		pid_t parent = getpid();

		if (!fork()) {
			siginfo_t si;
			int ok;

			sigemptyset(&set);
			sigaddset(&set, SIGUSR1);
			sigprocmask(SIG_BLOCK, &set, NULL);
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			write(told[1], "r", 1);
			sigwaitinfo(&set, &si);
			ok = si.si_code == SI_USER && si.si_pid == parent;
			_exit(ok ? 5 : 6);
		}
		read(told[0], name, 1);
		_exit(0);
	}
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(wait(&status) > 0);
	SHOW(WEXITSTATUS(status));
	(void)sig;
	return 0;
}
