/* Which thread takes a process's signal: the one that does not block it, one that waits for it; pending sets apart. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include "show.h"

static volatile int who, count, ready, go;
static pthread_t th[3];

static void handler(int sig)
{
	for (int i = 0; i < 3; i++)
		if (pthread_equal(pthread_self(), th[i]))
			who = i + 1;
	count++;
}

static void block(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(how, &set, NULL);
}

static void *blocks(void *arg)
{
	block(SIG_BLOCK, SIGUSR1);
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!go)
		usleep(1000);
	return NULL;
}

static void *takes(void *arg)
{
	block(SIG_UNBLOCK, SIGUSR1);
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!go)
		usleep(1000);
	return NULL;
}

static void *waits(void *arg)
{
	sigset_t set;
	int sig = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	sigwait(&set, &sig);
	return (void *)(long)sig;
}

static void start(int n, void *(*fn)(void *))
{
	int before = ready;

	pthread_create(&th[n], NULL, fn, NULL);
	while (ready == before)
		usleep(500);
}

static int pending(int sig)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, sig);
}

static void until(int n)
{
	for (int i = 0; i < 5000 && count < n; i++)
		usleep(1000);
}

int main(void)
{
	void *ret;

	signal(SIGUSR1, handler);
	block(SIG_BLOCK, SIGUSR1);
	block(SIG_BLOCK, SIGUSR2);
	start(0, blocks);
	start(1, takes);
	start(2, blocks);
	for (int i = 0; i < 5; i++) {
		kill(getpid(), SIGUSR1);
		until(i + 1);
	}
	printf("taken %d by thread %d\n", count, who);
	count = 0;
	pthread_kill(th[1], SIGUSR1);
	until(1);
	printf("its own %d by %d\n", count, who);
	pthread_kill(th[0], SIGUSR1);
	usleep(20000);
	printf("blocked there: %d, pending here %d\n", count, pending(SIGUSR1));
	go = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(th[i], NULL);
	printf("gone with its thread: %d %d\n", count, pending(SIGUSR1));
	/* all block it: whoever unblocks it first takes it */
	count = who = go = 0;
	start(0, blocks);
	kill(getpid(), SIGUSR1);
	printf("waits for the process: %d\n", pending(SIGUSR1));
	start(1, takes);
	until(1);
	printf("taken by %d, pending %d\n", who, pending(SIGUSR1));
	go = 1;
	pthread_join(th[0], NULL);
	pthread_join(th[1], NULL);
	/* a thread in sigwait is woken by a signal that all block */
	start(0, waits);
	usleep(10000);
	kill(getpid(), SIGUSR2);
	pthread_join(th[0], &ret);
	printf("sigwait: %d, pending %d\n", (int)(long)ret == SIGUSR2, pending(SIGUSR2));
	start(0, waits);
	usleep(10000);
	pthread_kill(th[0], SIGUSR2);
	pthread_join(th[0], &ret);
	printf("sigwait: %d\n", (int)(long)ret == SIGUSR2);
	/* a fatal signal to a thread ends the process */
	fflush(stdout);
	if (!fork()) {
		go = 0;
		start(0, takes);
		pthread_kill(th[0], SIGTERM);
		pause();
	}
	{
		int status;

		wait(&status);
		printf("process %x\n", status);
	}
	return 0;
}
