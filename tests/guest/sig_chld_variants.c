/* SIGCHLD: codes of exit, kill, stop and continue; SA_NOCLDSTOP, SA_NOCLDWAIT, SIG_IGN; other exit signals; waits with WNOWAIT. */
/* musl */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static volatile int n, code, status_, from;

static void handler(int sig, siginfo_t *si, void *uc)
{
	n++;
	code = si->si_code;
	status_ = si->si_status;
	from = si->si_pid;
}

static void until(int want)
{
	for (int i = 0; i < 5000 && n < want; i++)
		usleep(1000);
}

static const char *code_name(int c)
{
	static const char *const names[] = { "?", "exited", "killed", "dumped", "trapped", "stopped", "continued" };

	return c >= 1 && c <= 6 ? names[c] : "?";
}

static void action(int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART | flags };

	sigaction(SIGCHLD, &sa, NULL);
	n = 0;
}

static void show(const char *what, pid_t pid)
{
	printf("%s: %d signals, %s, status %d, from it %d\n", what, n, code_name(code), status_, from == pid);
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

int main(void)
{
	siginfo_t si;
	int status;
	pid_t pid;

	action(0);
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(3);
	until(1);
	show("exit", pid);
	SHOW(waitid(P_PID, pid, &si, WEXITED | WNOWAIT));
	printf("%s %d uid %d\n", code_name(si.si_code), si.si_status, si.si_uid == getuid());
	SHOW(waitpid(pid, &status, WNOHANG) == pid);
	SHOW(waitpid(pid, &status, WNOHANG));

	action(0);
	pid = child();
	kill(pid, SIGSTOP);
	until(1);
	show("stop", pid);
	SHOW(waitid(P_PID, pid, &si, WSTOPPED | WNOWAIT | WNOHANG));
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	printf("stopped %d\n", WSTOPSIG(status));
	SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	until(2);
	show("continue", pid);
	SHOW(waitpid(pid, &status, WCONTINUED) == pid);
	printf("continued %d\n", WIFCONTINUED(status));
	SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
	kill(pid, SIGTSTP);
	until(3);
	show("tstp", pid);
	kill(pid, SIGKILL);
	until(4);
	show("kill", pid);
	waitpid(pid, &status, 0);

	action(SA_NOCLDSTOP);
	pid = child();
	kill(pid, SIGSTOP);
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	kill(pid, SIGCONT);
	SHOW(waitpid(pid, &status, WCONTINUED) == pid);
	printf("nocldstop: %d signals\n", n);
	kill(pid, SIGTERM);
	until(1);
	show("term", pid);
	waitpid(pid, &status, 0);

	action(SA_NOCLDWAIT);
	pid = fork();
	if (!pid)
		_exit(0);
	until(1);
	show("nocldwait", pid);
	SHOW(waitpid(pid, &status, 0));
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (!pid)
		_exit(0);
	SHOW(waitpid(pid, &status, 0)); /* until it is gone, then ECHILD */
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (!pid)
		_exit(4);
	SHOW(waitpid(pid, &status, 0) == pid);

	/* another exit signal, or none */
	action(0);
	signal(SIGUSR1, SIG_IGN);
	pid = syscall(SYS_clone, SIGUSR1, 0, 0, 0, 0);
	if (!pid)
		_exit(0);
	SHOW(waitpid(pid, &status, 0));
	SHOW(waitpid(pid, &status, __WCLONE) == pid);
	pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
	if (!pid)
		_exit(0);
	SHOW(waitpid(pid, &status, __WALL) == pid);
	printf("%d signals\n", n);
	/* stop signals that the orphaned or blocked do not take */
	pid = fork();
	if (!pid) {
		signal(SIGTSTP, SIG_IGN);
		raise(SIGTSTP);
		_exit(5);
	}
	waitpid(pid, &status, WUNTRACED);
	printf("ignored stop: %x\n", status);
	return 0;
}
