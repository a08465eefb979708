/* Ways to end: status bits, exit_group from any thread, threads that outlive their leader, exit in many places. */
/* musl */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "show.h"

static int pipes[2];

static void *end_group(void *arg)
{
	(void)arg;
	usleep(20000);
	syscall(SYS_exit_group, 31);
	return NULL;
}

static void *end_thread(void *arg)
{
	(void)arg;
	usleep(20000);
	syscall(SYS_exit, 32);
	return NULL;
}

static void *end_killed(void *arg)
{
	(void)arg;
	usleep(20000);
	kill(getpid(), SIGTERM);
	while (pause())
		;
	return NULL;
}

static void *end_fault(void *arg)
{
	(void)arg;
	usleep(20000);
	*(volatile int *)8 = 1;
	return NULL;
}

static void *spin(void *arg)
{
	for (volatile int i = 0; ; i++)
		;
	return arg;
}

static void thread(void *(*fn)(void *))
{
	pthread_t t;

	pthread_create(&t, NULL, fn, NULL);
}

static void child(int how)
{
	switch (how) {
	case 0: _exit(0);
	case 1: _exit(255);
	case 2: _exit(256 + 3);
	case 3: _exit(-1);
	case 4: syscall(SYS_exit, 7); break;
	case 5: thread(end_group); syscall(SYS_exit, 1); break;
	case 6: thread(end_thread); syscall(SYS_exit, 2); break;
	case 7: thread(end_killed); syscall(SYS_exit, 3); break;
	case 8: thread(end_group); thread(spin); spin(NULL); break;
	case 9: thread(end_thread); thread(spin); usleep(50000); _exit(9);
	case 10: thread(end_fault); pause(); break;
	case 11: thread(end_killed); read(pipes[0], &how, 1); break;
	case 12: abort();
	case 13: raise(SIGKILL); break;
	case 14: raise(SIGUSR1); break;
	case 15: raise(64); break;
	case 16: *(volatile int *)0 = 1; break;
	case 17: __asm__ volatile("ud2"); break;
	case 18: signal(SIGSEGV, SIG_IGN); *(volatile int *)0 = 1; break;
	case 19: thread(end_thread); thread(end_thread); thread(end_thread); syscall(SYS_exit, 19); break;
	case 20: raise(SIGCHLD); raise(SIGURG); raise(SIGWINCH); raise(SIGCONT); _exit(20);
	}
}

int main(void)
{
	struct rlimit none = { 0, 0 };
	int status;

	setrlimit(RLIMIT_CORE, &none);
	pipe(pipes);
	for (int how = 0; how <= 20; how++) {
		pid_t pid = fork();

		if (!pid) {
			child(how);
			_exit(111);
		}
		while (waitpid(pid, &status, 0) != pid)
			;
		printf("%d: %04x\n", how, status);
	}
	return 0;
}
