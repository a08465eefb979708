/* Exit statuses: how many bits there are, exit against exit_group, the last thread's, a signal's, and a leader that leaves. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static void *exits_group(void *arg)
{
	syscall(SYS_exit_group, (long)arg);
	return NULL;
}

static void *exits_alone(void *arg)
{
	syscall(SYS_exit, (long)arg);
	return NULL;
}

static void *killer(void *arg)
{
	kill(getpid(), (int)(long)arg);
	for (;;)
		pause();
	return NULL;
}

static void status_of(const char *text, void *(*fn)(void *), long arg, long how)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		pthread_t t;

		if (!fn)
			syscall(how == 0 ? SYS_exit_group : SYS_exit, arg);
		pthread_create(&t, NULL, fn, (void *)arg);
		if (how == 1)
			pthread_join(t, NULL);
		if (how == 2)
			syscall(SYS_exit, 55);
		if (fn == exits_alone)
			exit(8);
		for (;;)
			pause();
	}
	waitpid(pid, &status, 0);
	printf("%s: %s %d\n", text, WIFEXITED(status) ? "exit" : "signal", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

int main(void)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };

	status_of("exit_group 0", NULL, 0, 0);
	status_of("exit_group 255", NULL, 255, 0);
	status_of("exit_group 256", NULL, 256, 0);
	status_of("exit_group -1", NULL, -1, 0);
	status_of("exit_group 0x12345", NULL, 0x12345, 0);
	status_of("exit 7", NULL, 7, 1);
	status_of("a thread's exit_group", exits_group, 33, 0);
	status_of("a thread's exit_group while main waits for it", exits_group, 34, 1);
	status_of("the leader leaves, a thread ends all", exits_group, 35, 2);
	status_of("SIGTERM by a thread", killer, SIGTERM, 0);
	status_of("SIGKILL by a thread", killer, SIGKILL, 1);
	status_of("SIGRTMIN by a thread", killer, SIGRTMIN, 2);
	status_of("a thread's exit is not the process's", exits_alone, 44, 1);
	/* ignored SIGCHLD: there is nothing to wait for */
	sigaction(SIGCHLD, &sa, NULL);
	if (!fork())
		_exit(3);
	SHOW(wait(NULL));
	return 0;
}
