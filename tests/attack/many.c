/* A family that is busy and one that sleeps: for tests that kill from outside. Prints "ready" when all of it is there, and
 * what its busy child ended by. */
#include <pthread.h>
#include "attack.h"

static void *busy(void *arg)
{
	for (;;)
		__asm__ volatile("" : : : "memory");
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t t;
	pid_t spinner, sleeper = fork();
	int status;

	if (!sleeper) {
		pthread_create(&t, NULL, busy, NULL);
		pthread_create(&t, NULL, (void *(*)(void *))pause, NULL);
		for (;;)
			pause();
	}
	spinner = fork();
	if (!spinner)
		busy(NULL);
	usleep(200000);
	puts("ready");
	fflush(stdout);
	waitpid(spinner, &status, 0);
	if (WIFSIGNALED(status))
		printf("spinner: signal %d\n", WTERMSIG(status));
	kill(sleeper, SIGKILL);
	waitpid(sleeper, &status, 0);
	printf("sleeper: signal %d\n", WTERMSIG(status));
	return 0;
}
