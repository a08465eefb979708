/* What fork, vfork, execve and threads keep of signals: handlers, ignored ones, masks, pending ones, SIGCHLD's action. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "show.h"

static void handler(int sig) { }

static void show(const char *what)
{
	static const int sigs[] = { SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGPIPE };
	struct sigaction sa;
	sigset_t mask, pend;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigpending(&pend);
	printf("%s:", what);
	for (int i = 0; i < 5; i++) {
		sigaction(sigs[i], NULL, &sa);
		printf(" %s%s%s", sa.sa_handler == SIG_DFL ? "default" : sa.sa_handler == SIG_IGN ? "ignored" : "handler",
			sigismember(&mask, sigs[i]) ? "+blocked" : "", sigismember(&pend, sigs[i]) ? "+pending" : "");
	}
	sigaction(SIGUSR1, NULL, &sa);
	printf(", flags %x\n", (unsigned)sa.sa_flags & (SA_RESTART | SA_NODEFER | SA_ONSTACK));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER };
	sigset_t set;
	pid_t pid;
	int status;

	if (argc > 1) {
		show(argv[1]);
		return 0;
	}
	show("start");
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGCHLD, &sa, NULL);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR2);
	kill(getpid(), SIGPIPE);
	show("set");
	pid = fork();
	if (!pid) {
		show("forked");
		_exit(0);
	}
	waitpid(pid, &status, 0);
	pid = vfork();
	if (!pid) {
		execl("/proc/self/exe", "self", "vfork and exec", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	show("still");
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (!pid) {
		raise(SIGUSR2);
		execl("/proc/self/exe", "self", "exec", NULL);
		_exit(1);
	}
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	signal(SIGCHLD, SIG_DFL);
	/* pending ones survive exec */
	execl("/proc/self/exe", "self", "itself", NULL);
	return 1;
}
