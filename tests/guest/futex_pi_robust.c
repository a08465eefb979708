/* Robust and PI mutexes of the C library: owners that die, waiters that inherit, protocols, condition variables. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

struct shared {
	pthread_mutex_t m;
	pthread_cond_t c;
	volatile int step;
};
static struct shared *s;

static void init(int protocol, int robust)
{
	pthread_mutexattr_t a;
	pthread_condattr_t ca;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setprotocol(&a, protocol);
	pthread_mutexattr_setrobust(&a, robust);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
	printf("init %d\n", pthread_mutex_init(&s->m, &a));
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&s->c, &ca);
	s->step = 0;
}

static void wait_step(int n)
{
	for (int i = 0; i < 5000 && s->step < n; i++)
		usleep(1000);
}

static pid_t dies_holding(int while_waited)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	pthread_mutex_lock(&s->m);
	s->step = 1;
	if (while_waited)
		usleep(30000);
	_exit(0);
}

static void *thread_dies(void *arg)
{
	pthread_mutex_lock(&s->m);
	return NULL;
}

static void run(const char *name, int protocol)
{
	pthread_t th;
	struct timespec past = { 1, 0 };
	pid_t pid;
	int err;

	printf("%s\n", name);
	fflush(stdout);
	init(protocol, PTHREAD_MUTEX_ROBUST);
	pid = dies_holding(0);
	waitpid(pid, NULL, 0);
	err = pthread_mutex_trylock(&s->m);
	printf("after death: %s, consistent %d, unlock %d\n", errno_name(err), pthread_mutex_consistent(&s->m),
		pthread_mutex_unlock(&s->m));
	pid = dies_holding(1);
	wait_step(1);
	err = pthread_mutex_lock(&s->m);
	printf("while waiting: %s\n", errno_name(err));
	waitpid(pid, NULL, 0);
	printf("unlock as it is %d\n", pthread_mutex_unlock(&s->m));
	printf("then %s\n", errno_name(pthread_mutex_lock(&s->m)));
	pthread_mutex_destroy(&s->m);

	init(protocol, PTHREAD_MUTEX_ROBUST);
	pthread_create(&th, NULL, thread_dies, NULL);
	pthread_join(th, NULL);
	err = pthread_mutex_lock(&s->m);
	printf("a thread's: %s, consistent %d\n", errno_name(err), pthread_mutex_consistent(&s->m));
	printf("again %s\n", errno_name(pthread_mutex_lock(&s->m)));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		printf("child: try %s, timed %s, unlock %s\n", errno_name(pthread_mutex_trylock(&s->m)),
			errno_name(pthread_mutex_timedlock(&s->m, &past)), errno_name(pthread_mutex_unlock(&s->m)));
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("unlock %d\n", pthread_mutex_unlock(&s->m));

	/* a condition variable */
	s->step = 0;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		pthread_mutex_lock(&s->m);
		s->step = 1;
		while (s->step != 2)
			pthread_cond_wait(&s->c, &s->m);
		s->step = 3;
		_exit(pthread_mutex_unlock(&s->m));
	}
	wait_step(1);
	pthread_mutex_lock(&s->m);
	s->step = 2;
	pthread_cond_broadcast(&s->c);
	pthread_mutex_unlock(&s->m);
	waitpid(pid, &err, 0);
	printf("condition: step %d status %x\n", s->step, err);
}

int main(void)
{
	struct robust_list_head *head = NULL;
	size_t len = 0;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	run("plain", PTHREAD_PRIO_NONE);
	run("inheriting", PTHREAD_PRIO_INHERIT);
	SHOW(syscall(SYS_get_robust_list, 0, &head, &len));
	printf("there %d size %zu\n", head != NULL, len);
	SHOW(syscall(SYS_get_robust_list, getpid(), &head, &len));
	SHOW(syscall(SYS_get_robust_list, 0x3fffffff, &head, &len));
	SHOW(syscall(SYS_get_robust_list, 0, BAD_PTR, &len));
	SHOW(syscall(SYS_get_robust_list, 0, &head, BAD_PTR));
	SHOW(syscall(SYS_set_robust_list, head, 23));
	SHOW(syscall(SYS_set_robust_list, head, len));
	return 0;
}
