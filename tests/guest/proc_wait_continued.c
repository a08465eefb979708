/* Stopped and continued children: WNOWAIT, each report once, WCONTINUED by wait4 and waitid, a stop that is replaced by the
 * end, and what siginfo says. */
/* musl */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static siginfo_t si;

static int info(int options, pid_t pid)
{
	int r;

	memset(&si, 0, sizeof(si));
	r = waitid(P_PID, (id_t)pid, &si, options);
	if (r < 0)
		printf(" %s\n", errno_name(errno));
	else
		printf(" signo %d, code %d, status %d, child %d\n", si.si_signo, si.si_code, si.si_status, si.si_pid == pid);
	return r;
}

int main(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		for (;;)
			raise(SIGSTOP);
	info(WSTOPPED | WNOWAIT, pid);
	info(WSTOPPED | WNOWAIT | WNOHANG, pid);
	info(WEXITED | WNOHANG, pid);
	info(WCONTINUED | WNOHANG, pid);
	info(WSTOPPED, pid);
	info(WSTOPPED | WNOHANG, pid); /* once */
	SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	/* it continues and stops again; both may be asked for in any order */
	info(WSTOPPED, pid);
	kill(pid, SIGSTOP); /* stopped already: nothing new */
	info(WSTOPPED | WNOHANG, pid);
	kill(pid, SIGKILL);
	info(WSTOPPED | WCONTINUED | WEXITED | WNOWAIT, pid);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* one that goes on for good */
	pid = fork();
	if (!pid) {
		raise(SIGTSTP);
		for (;;)
			pause();
	}
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	SHOW(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP);
	kill(pid, SIGCONT);
	info(WCONTINUED | WNOWAIT, pid);
	SHOW(waitpid(pid, &status, WCONTINUED) == pid);
	SHOW(WIFCONTINUED(status) && status == 0xffff);
	SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
	kill(pid, SIGSTOP);
	info(WSTOPPED, pid);
	kill(pid, SIGCONT);
	info(WCONTINUED, pid);
	info(WCONTINUED | WNOHANG, pid);
	kill(pid, SIGTERM);
	info(WEXITED | WSTOPPED | WCONTINUED, pid);
	info(WEXITED, pid);
	return 0;
}
