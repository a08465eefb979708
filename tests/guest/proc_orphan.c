/* A group that is orphaned with a stopped member gets SIGHUP and SIGCONT; an orphaned group is not stopped by the
 * terminal's stop signals. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

static volatile struct { int hup, cont, end, member, ready; } *s;

static void handler(int sig)
{
	if (sig == SIGHUP)
		s->hup++;
	else
		s->cont++;
}

/* The job: in a group of its own, made by a process in another group of the session. */
static void member(int stops)
{
	signal(SIGHUP, handler);
	signal(SIGCONT, handler);
	setpgid(0, 0);
	s->member = getpid();
	s->ready = 1;
	if (stops)
		raise(SIGSTOP);
	while (!s->end)
		usleep(1000);
	_exit(0);
}

static void parent(int how)
{
	int status;
	pid_t pid;

	setpgid(0, 0);
	pid = fork();
	if (!pid)
		member(how != 1);
	if (how != 1)
		waitpid(pid, &status, WUNTRACED);
	while (!s->ready)
		usleep(1000);
	if (how == 3)
		raise(SIGKILL);
	if (how == 2)
		while (s->ready != 2) /* until the session's leader has a child there, too */
			usleep(1000);
	_exit(0);
}

static void session(int how)
{
	pid_t other, pid;
	int status;

	setsid();
	pid = fork();
	if (!pid)
		parent(how);
	if (how == 2) {
		while (!s->ready)
			usleep(1000);
		other = fork();
		if (!other) {
			setpgid(0, s->member);
			s->ready = 2;
			while (!s->end)
				usleep(1000);
			_exit(0);
		}
	}
	waitpid(pid, &status, 0);
	usleep(30000);
	printf("how %d: SIGHUP %d, SIGCONT %d\n", how, s->hup, s->cont);
	fflush(stdout);
	s->end = 1;
	kill(s->member, SIGCONT);
	while (wait(&status) > 0)
		;
	_exit(0);
}

int main(void)
{
	int status;
	pid_t pid;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* inherits the job: of another session, so no parent for job control */
	for (int how = 0; how < 4; how++) {
		memset((void *)s, 0, sizeof(*s));
		if (!fork())
			session(how);
		while (wait(&status) > 0)
			;
	}
	pid = fork();
	if (!pid) {
		setsid();
		raise(SIGTSTP);
		raise(SIGTTIN);
		raise(SIGTTOU);
		_exit(7);
	}
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	SHOW(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return 0;
}
