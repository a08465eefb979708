/* Children belong to the process: any thread can wait; two waiters, a signal during the wait, SIGCHLD ignored. */
/* musl */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static pid_t pid;
static volatile int sum, hits;

static pid_t child(int ms, int code)
{
	pid_t p = fork();

	if (!p) {
		usleep((useconds_t)ms * 1000);
		_exit(code);
	}
	return p;
}

static void *waiter(void *arg)
{
	int status = 0;

	(void)arg;
	return (void *)(long)(waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : -1);
}

static void *any_waiter(void *arg)
{
	int status;

	(void)arg;
	while (wait(&status) > 0)
		__atomic_add_fetch(&sum, WEXITSTATUS(status), __ATOMIC_SEQ_CST);
	return (void *)(long)(errno == ECHILD);
}

static void *forker(void *arg)
{
	(void)arg;
	pid = child(10, 8);
	return NULL;
}

static void handler(int sig)
{
	(void)sig;
	hits++;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	pthread_t t[4];
	void *ret;
	int status;

	pid = child(20, 7);
	pthread_create(&t[0], NULL, waiter, NULL);
	pthread_join(t[0], &ret);
	SHOW(ret);
	/* made by a thread that is gone */
	pthread_create(&t[0], NULL, forker, NULL);
	pthread_join(t[0], NULL);
	SHOW((long)waiter(NULL));
	for (int i = 0; i < 30; i++)
		child(i, i);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, any_waiter, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &ret);
		SHOW(ret);
	}
	SHOW(sum);
	/* interrupted, and restarted */
	sigaction(SIGALRM, &sa, NULL);
	pid = child(100, 3);
	ualarm(20000, 0);
	SHOW(waitpid(pid, &status, 0));
	SHOW(hits);
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	ualarm(20000, 0);
	SHOW(waitpid(pid, &status, 0) == pid);
	SHOW(hits);
	/* ignored: waits until all are gone, then ECHILD */
	signal(SIGCHLD, SIG_IGN);
	child(10, 1);
	child(30, 1);
	SHOW(wait(&status));
	sa.sa_handler = handler;
	sa.sa_flags = SA_NOCLDWAIT;
	hits = 0;
	sigaction(SIGCHLD, &sa, NULL);
	pid = child(10, 1);
	while (kill(pid, 0) == 0)
		usleep(1000);
	SHOW(wait(&status));
	SHOW(hits);
	/* SIG_DFL with a zombie there, then ignored: the zombie stays */
	signal(SIGCHLD, SIG_DFL);
	pid = child(0, 4);
	usleep(30000);
	signal(SIGCHLD, SIG_IGN);
	SHOW(waitpid(pid, &status, 0) == pid);
	return 0;
}
