/* Stopped and continued children as their parent sees them. */
#include <signal.h>
#include <sys/wait.h>
#include "show.h"

static void info(const siginfo_t *si, pid_t pid)
{
	printf(" code %d, child %d, status %d\n", si->si_code, si->si_pid == pid, si->si_status);
}

int main(void)
{
	int stops[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU }, status, go[2];
	pid_t pid, parent = getpid();
	siginfo_t si;
	char c;

	pipe(go);
	/* A group of its own, not orphaned: this process is its parent in another group of the session. */
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		for (int i = 0; i < 4; i++)
			if (read(go[0], &c, 1) == 1)
				raise(stops[i]);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	for (int i = 0; i < 4; i++) {
		write(go[1], "", 1);
		SHOW(waitpid(pid, &status, WUNTRACED) == pid);
		printf("%04x stopped %d by %d\n", status, WIFSTOPPED(status), WSTOPSIG(status));
		SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
		SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
		kill(pid, SIGCONT);
		if (i % 2) {
			SHOW(waitpid(pid, &status, WCONTINUED) == pid);
			printf("%04x continued %d\n", status, WIFCONTINUED(status));
			SHOW(i == 3 ? waitpid(pid, &status, WCONTINUED | WNOHANG) : 0);
		}
	}
	/* waitid, and WNOWAIT */
	kill(pid, SIGSTOP);
	SHOW(waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOWAIT));
	info(&si, pid);
	SHOW(waitid(P_PID, (id_t)pid, &si, WSTOPPED));
	info(&si, pid);
	si.si_pid = 1;
	SHOW(waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOHANG));
	SHOW(si.si_pid);
	kill(pid, SIGCONT);
	SHOW(waitid(P_ALL, 0, &si, WCONTINUED | WNOWAIT));
	info(&si, pid);
	SHOW(waitid(P_ALL, 0, &si, WCONTINUED));
	si.si_pid = 1;
	SHOW(waitid(P_ALL, 0, &si, WCONTINUED | WNOHANG));
	SHOW(si.si_pid);
	/* A stopped one that is killed. */
	kill(pid, SIGSTOP);
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	kill(pid, SIGTERM);
	usleep(20000);
	SHOW(waitpid(pid, &status, WNOHANG));
	kill(pid, SIGCONT);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(status);
	pid = fork();
	if (!pid) {
		raise(SIGSTOP);
		_exit(1);
	}
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	kill(pid, SIGKILL);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(status);
	return 0;
}
