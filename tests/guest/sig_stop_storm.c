/* A process of several threads is stopped, continued and stopped again before its threads have run: each stop is reported. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

#define ROUNDS 150

static volatile int *ready;

static void *thread(void *arg)
{
	__atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
	for (;;)
		if (arg)
			pause();
	return NULL;
}

int main(void)
{
	int status, stops = 0, other = 0;
	pthread_t th;
	pid_t pid;

	ready = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = fork();
	if (!pid) {
		alarm(60); /* whatever goes wrong */
		for (long i = 0; i < 3; i++)
			pthread_create(&th, NULL, thread, (void *)i); /* the first spins */
		thread((void *)1);
	}
	while (*ready < 4)
		usleep(500);
	for (int i = 0; i < ROUNDS; i++) {
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		stops += WIFSTOPPED(status);
		kill(pid, SIGCONT);
		if (i % 3 == 1)
			sched_yield();
		if (i % 3 == 2)
			usleep(200);
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		stops += WIFSTOPPED(status);
		kill(pid, SIGCONT);
		other += waitpid(pid, &status, WCONTINUED) != pid || !WIFCONTINUED(status);
	}
	printf("stops %d of %d, others %d\n", stops, 2 * ROUNDS, other);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	printf("killed %d\n", WTERMSIG(status));
	return 0;
}
