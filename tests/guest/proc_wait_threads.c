/* Several threads wait for children: each child is one thread's find, all are told when none is left; signals and restarts. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

#define WAITERS 4
#define CHILDREN 8

static int found, none, hold[2];
static volatile sig_atomic_t signals;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *waiter(void *arg)
{
	(void)arg;
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);

		pthread_mutex_lock(&lock);
		if (pid > 0 && WIFEXITED(status))
			found += WEXITSTATUS(status);
		else
			none += errno == ECHILD;
		pthread_mutex_unlock(&lock);
		if (pid < 0)
			return NULL;
	}
}

static void *same(void *arg)
{
	int status;
	pid_t pid = waitpid(*(pid_t *)arg, &status, 0);

	return (void *)(long)(pid > 0 ? 1 : errno == ECHILD ? 2 : 3);
}

static void handler(int sig)
{
	(void)sig;
	signals++;
	if (signals == 2)
		close(hold[1]);
}

/* A wait that signals interrupt: twice by alarms, the second of which lets the child go. */
static void interrupted(int flags)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };
	int status;
	pid_t pid;
	char c;

	pipe(hold);
	signals = 0;
	sigaction(SIGALRM, &sa, NULL);
	pid = fork();
	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		_exit(4);
	}
	ualarm(20000, 20000);
	for (int i = 0; ; i++) {
		pid_t got = waitpid(pid, &status, 0);

		if (got == pid)
			break;
		if (!i)
			printf(" %s\n", errno_name(errno));
	}
	ualarm(0, 0);
	printf(" status %d, interrupted %s\n", WEXITSTATUS(status), signals >= 2 ? "at least twice" : "less");
	close(hold[0]);
}

int main(void)
{
	pthread_t t[WAITERS];
	void *a, *b;
	pid_t pid;
	char c;

	pipe(hold);
	for (int i = 0; i < CHILDREN; i++)
		if (!fork()) {
			close(hold[1]);
			read(hold[0], &c, 1);
			_exit(1 << i % 4);
		}
	for (int i = 0; i < WAITERS; i++)
		pthread_create(&t[i], NULL, waiter, NULL);
	close(hold[1]);
	for (int i = 0; i < WAITERS; i++)
		pthread_join(t[i], NULL);
	printf("sum %d, waiters that found none at last %d\n", found, none);
	/* two wait for the same one */
	pipe(hold);
	pid = fork();
	if (!pid) {
		close(hold[1]);
		read(hold[0], &c, 1);
		_exit(0);
	}
	pthread_create(&t[0], NULL, same, &pid);
	pthread_create(&t[1], NULL, same, &pid);
	close(hold[1]);
	pthread_join(t[0], &a);
	pthread_join(t[1], &b);
	printf("one finds it, the other nothing: %d\n", (long)a + (long)b == 3);
	fflush(stdout);
	interrupted(0);
	interrupted(SA_RESTART);
	return 0;
}
