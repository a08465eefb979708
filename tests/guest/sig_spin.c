/* Threads that never make a call are signalled, stopped, continued and killed at once, alone and with siblings that sleep. */
/* musl */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile struct { int ready, tid[2], handled[2]; long spins[2]; } *s;

static void handler(int sig)
{
	for (int i = 0; i < 2; i++)
		if (s->tid[i] == (int)syscall(SYS_gettid))
			s->handled[i]++;
}

static void *spin(void *arg)
{
	long i = (long)arg;

	s->tid[i] = syscall(SYS_gettid);
	__atomic_add_fetch(&s->ready, 1, __ATOMIC_SEQ_CST);
	for (;;)
		s->spins[i]++;
	return NULL;
}

static pid_t start(int threads)
{
	pthread_t th;
	pid_t pid;

	memset((void *)s, 0, sizeof(*s));
	fflush(stdout);
	pid = fork();
	if (pid) {
		while (s->ready < threads)
			usleep(500);
		return pid;
	}
	signal(SIGUSR1, handler);
	if (threads == 2)
		pthread_create(&th, NULL, spin, (void *)1);
	spin((void *)0);
	return 0;
}

static int spins_on(int i)
{
	long before = s->spins[i];

	for (int n = 0; n < 5000 && s->spins[i] == before; n++)
		usleep(1000);
	return s->spins[i] != before;
}

static void wait_handled(int i, int n)
{
	for (int k = 0; k < 5000 && s->handled[i] < n; k++)
		usleep(1000);
}

int main(void)
{
	struct timespec a, b;
	long before;
	pid_t pid;
	int status;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int threads = 1; threads <= 2; threads++) {
		printf("%d threads\n", threads);
		pid = start(threads);
		for (int i = 0; i < threads; i++) {
			SHOW(syscall(SYS_tgkill, pid, s->tid[i], SIGUSR1));
			wait_handled(i, 1);
			printf("thread %d handled %d, spins on %d\n", i, s->handled[i], spins_on(i));
		}
		kill(pid, SIGUSR1);
		for (int n = 0; n < 5000 && s->handled[0] + s->handled[1] <= threads; n++)
			usleep(1000);
		printf("one of them handled the process's: %d\n", s->handled[0] + s->handled[1] == threads + 1);
		SHOW(kill(pid, SIGSTOP));
		SHOW(waitpid(pid, &status, WUNTRACED) == pid);
		before = s->spins[0] + s->spins[1];
		usleep(20000);
		printf("stopped by %d, stands still %d\n", WSTOPSIG(status), s->spins[0] + s->spins[1] == before);
		SHOW(kill(pid, SIGCONT));
		SHOW(waitpid(pid, &status, WCONTINUED) == pid);
		printf("continued %d, spins on %d\n", WIFCONTINUED(status), spins_on(0));
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		clock_gettime(CLOCK_MONOTONIC, &a);
		SHOW(kill(pid, threads == 1 ? SIGKILL : SIGTERM));
		if (threads == 2) /* waits until it is continued */
			kill(pid, SIGCONT);
		waitpid(pid, &status, 0);
		clock_gettime(CLOCK_MONOTONIC, &b);
		printf("killed by %d, soon %d\n", WTERMSIG(status), b.tv_sec - a.tv_sec < 5);
	}
	/* exit_group and execve of one end the other */
	pid = fork();
	if (!pid) {
		pthread_t th;

		s->ready = 0;
		pthread_create(&th, NULL, spin, (void *)1);
		while (!s->ready)
			usleep(500);
		_exit(7);
	}
	waitpid(pid, &status, 0);
	printf("exit %d\n", WEXITSTATUS(status));
	pid = fork();
	if (!pid) {
		pthread_t th;

		s->ready = 0;
		pthread_create(&th, NULL, spin, (void *)1);
		while (!s->ready)
			usleep(500);
		execl("/bin/true", "true", NULL);
		_exit(7);
	}
	waitpid(pid, &status, 0);
	printf("exec %x\n", status);
	return 0;
}
