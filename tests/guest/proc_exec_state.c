/* What outlives execve and what does not: signals, masks, timers, descriptors, directory, umask, limits, prctl's. */
/* musl */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include "show.h"

static void handler(int sig)
{
	(void)sig;
}

static int after(void)
{
	struct itimerval timer;
	struct sigaction sa;
	struct rlimit rl;
	sigset_t set;
	stack_t ss;
	char cwd[64];
	int v = -1;

	sigaction(SIGUSR1, NULL, &sa);
	SHOW(sa.sa_handler == SIG_DFL && !sa.sa_flags);
	sigaction(SIGUSR2, NULL, &sa);
	SHOW(sa.sa_handler == SIG_IGN);
	sigaction(SIGCHLD, NULL, &sa);
	SHOW(sa.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &set);
	SHOW(sigismember(&set, SIGTERM) + 2 * sigismember(&set, SIGHUP));
	sigpending(&set);
	SHOW(sigismember(&set, SIGTERM));
	sigaltstack(NULL, &ss);
	SHOW(ss.ss_flags == SS_DISABLE);
	getitimer(ITIMER_REAL, &timer);
	SHOW(timer.it_value.tv_sec > 900);
	getitimer(ITIMER_VIRTUAL, &timer);
	SHOW(timer.it_value.tv_sec > 900);
	SHOW(fcntl(20, F_GETFD));
	SHOW(fcntl(21, F_GETFD));
	SHOW(fcntl(22, F_GETFD));
	SHOW(lseek(20, 0, SEEK_CUR));
	SHOW(strcmp(strrchr(getcwd(cwd, sizeof(cwd)), '/'), "/sub"));
	SHOW(umask(0));
	getrlimit(RLIMIT_NOFILE, &rl);
	SHOW(rl.rlim_cur);
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_CHILD_SUBREAPER, &v));
	SHOW(v);
	SHOW(prctl(PR_GET_PDEATHSIG, &v));
	SHOW(v);
	SHOW(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	SHOW(getpgrp() == getpid());
	return 0;
}

int main(int argc, char **argv)
{
	static char self[4096], altstack[65536];
	struct itimerval timer = { .it_value.tv_sec = 1000 };
	char *args[] = { "again", "x", NULL }, *envp[] = { NULL };
	stack_t ss = { .ss_sp = altstack, .ss_size = sizeof(altstack) };
	struct rlimit rl;
	int fd, status;
	sigset_t set;
	pid_t pid;

	(void)argv;
	if (argc > 1)
		return after();
	self[readlink("/proc/self/exe", self, sizeof(self) - 1)] = 0;
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		signal(SIGUSR1, handler);
		signal(SIGUSR2, SIG_IGN);
		signal(SIGCHLD, SIG_IGN);
		sigemptyset(&set);
		sigaddset(&set, SIGTERM);
		sigprocmask(SIG_BLOCK, &set, NULL);
		raise(SIGTERM);
		sigaltstack(&ss, NULL);
		setitimer(ITIMER_REAL, &timer, NULL);
		setitimer(ITIMER_VIRTUAL, &timer, NULL);
		fd = open("file", O_RDWR | O_CREAT, 0600);
		write(fd, "12345", 5);
		dup2(fd, 20);
		dup3(fd, 21, O_CLOEXEC);
		dup2(fd, 22);
		fcntl(22, F_SETFD, FD_CLOEXEC);
		fcntl(22, F_SETFD, 0);
		mkdir("sub", 0700);
		chdir("sub");
		umask(031);
		getrlimit(RLIMIT_NOFILE, &rl);
		rl.rlim_cur = 77;
		setrlimit(RLIMIT_NOFILE, &rl);
		setpriority(PRIO_PROCESS, 0, 7);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
		prctl(PR_SET_PDEATHSIG, SIGUSR2, 0, 0, 0);
		prctl(PR_SET_TIMERSLACK, 12345, 0, 0, 0);
		execve(self, args, envp);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	SHOW(status);
	return 0;
}
