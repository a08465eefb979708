// needs-root: changes its user
/* Who may signal whom: real, effective and saved ids, SIGCONT within a session, kill(-1), groups, zombies, signal 0. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static pid_t target(int ruid, int euid, int suid, int newsession)
{
	int p[2];
	pid_t pid;
	char c;

	pipe(p);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (newsession)
			setsid();
		if (setresuid(ruid, euid, suid))
			_exit(1);
		write(p[1], "x", 1);
		for (;;)
			pause();
	}
	read(p[0], &c, 1);
	close(p[0]);
	close(p[1]);
	return pid;
}

static void as(const char *what, int ruid, int euid, pid_t pid, int sig)
{
	fflush(stdout);
	if (!fork()) {
		siginfo_t si = { .si_code = SI_QUEUE };

		if (setresuid(ruid, euid, 4001))
			_exit(1);
		errno = 0;
		printf("%s: kill %s", what, kill(pid, sig) ? errno_name(errno) : "ok");
		errno = 0;
		printf(", tgkill %s", syscall(SYS_tgkill, pid, pid, sig) ? errno_name(errno) : "ok");
		errno = 0;
		si.si_signo = sig;
		printf(", queue %s\n", syscall(SYS_rt_sigqueueinfo, pid, sig, &si) ? errno_name(errno) : "ok");
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	pid_t a, b, z;
	siginfo_t si;

	a = target(3001, 3001, 3001, 0);
	as("same user", 3001, 3001, a, 0);
	as("real is its", 3001, 3999, a, 0);
	as("effective is its", 3999, 3001, a, 0);
	as("stranger", 3999, 3999, a, 0);
	as("stranger, CONT, same session", 3999, 3999, a, SIGCONT);
	as("root", 0, 0, a, 0);
	as("root's real id only", 0, 3999, a, 0);
	end(a);
	a = target(3001, 3002, 3003, 1);
	as("its real", 3001, 3001, a, 0);
	as("its effective", 3002, 3002, a, 0);
	as("its saved", 3003, 3003, a, 0);
	as("CONT, another session", 3999, 3999, a, SIGCONT);
	end(a);

	/* groups: one that may be signalled is enough */
	a = target(3001, 3001, 3001, 0);
	b = target(3002, 3002, 3002, 0);
	setpgid(a, a);
	setpgid(b, a);
	as("group", 3002, 3002, -a, 0);
	as("group of strangers", 3999, 3999, -a, 0);
	SHOW(kill(-a, SIGTERM));
	waitpid(a, NULL, 0);
	waitpid(b, NULL, 0);
	SHOW(kill(-a, 0));
	SHOW(kill(a, 0));
	SHOW(kill(-0x7fffffff, 0));
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), -1));
	SHOW(kill(a, 65));
	SHOW(kill(0, 0));
	SHOW(syscall(SYS_tgkill, getpid(), 0, 0));
	SHOW(syscall(SYS_tgkill, 0, getpid(), 0));
	SHOW(syscall(SYS_tgkill, getpid(), getpid(), 65));
	SHOW(syscall(SYS_tgkill, getppid(), getpid(), 0));
	SHOW(syscall(SYS_tkill, getpid(), 0));
	SHOW(syscall(SYS_tkill, -1, 0));
	SHOW(syscall(SYS_tkill, 0x3fffffff, 0));

	/* a zombie is still there */
	fflush(stdout);
	z = fork();
	if (!z)
		_exit(0);
	waitid(P_PID, z, &si, WEXITED | WNOWAIT);
	SHOW(kill(z, SIGTERM));
	SHOW(syscall(SYS_tgkill, z, z, SIGTERM));
	waitpid(z, NULL, 0);
	SHOW(kill(z, SIGTERM));

	/* forged information */
	memset(&si, 0, sizeof(si));
	si.si_code = SI_USER;
	a = target(0, 0, 0, 0);
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGUSR1, &si));
	si.si_code = SI_TKILL;
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGUSR1, &si));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, a, a, SIGUSR1, &si));
	si.si_code = 5;
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGUSR1, &si));
	si.si_code = -100;
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGWINCH, &si));
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGWINCH, BAD_PTR));
	SHOW(syscall(SYS_rt_sigqueueinfo, a, 0, &si));
	SHOW(syscall(SYS_rt_sigqueueinfo, a, 65, &si));
	SHOW(syscall(SYS_rt_sigqueueinfo, 0x3fffffff, 1, &si));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, a, 0, 1, &si));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, a, getpid(), 1, &si));
	memset((char *)&si + 48, 1, 8);
	SHOW(syscall(SYS_rt_sigqueueinfo, a, SIGWINCH, &si));
	end(a);
	return 0;
}
