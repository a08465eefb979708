// What fork, munmap, mprotect and truncate take away is gone for running siblings too: two threads store a counter all the
// time; a child's snapshot never changes; a frame that was unmapped is never stored to through the old mapping.
// timeout: 100
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define P 4096ul
#define FORKS 300 /* unless told otherwise: mm_shootdown [FORKS] */
#define ROUNDS 2000
static volatile long *counters; /* a page for each thread */
static volatile int stop;
static int nforks = FORKS;
static char *volatile target;
static __thread sigjmp_buf env;
static __thread volatile int armed;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)si;
	(void)ctx;
	if (!armed) {
		write(2, "stray fault\n", 12);
		_exit(sig);
	}
	siglongjmp(env, 1);
}

static void *count(void *arg)
{
	volatile long *mine = counters + (long)arg * (P / sizeof(long));
	long n = 0;

	while (!stop) {
		n++;
		mine[0] = n;
		mine[1] = n;
	}
	return NULL;
}

/* Stores 1 all over the target, again and again, whatever becomes of it. */
static void *scribble(void *arg)
{
	(void)arg;
	while (!stop) {
		if (!sigsetjmp(env, 0)) {
			armed = 1;
			for (;;) {
				char *t = target;

				for (unsigned i = 0; i < 4 && !stop; i++)
					t[i * P + 8] = 1;
				if (stop)
					break;
			}
		}
		armed = 0;
	}
	return NULL;
}

static void forks(void)
{
	pthread_t t[2];
	int bad = 0, status;

	counters = mmap(NULL, 64 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset((void *)counters, 0, 64 * P);
	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, count, (void *)i);
	for (int i = 0; i < nforks; i++) {
		pid_t pid = fork();

		if (!pid) {
			long a = counters[0], b = counters[P / sizeof(long)], c = counters[1];

			/* The two stores follow each other: the second is never ahead. */
			if (c > a || a - c > 1)
				_exit(2);
			for (int k = 0; k < 200; k++)
				if (counters[0] != a || counters[P / sizeof(long)] != b)
					_exit(1);
			_exit(0);
		}
		waitpid(pid, &status, 0);
		bad += status != 0;
	}
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	stop = 0;
	printf("forks: %d changed\n", bad);
}

static void start(pthread_t *t)
{
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, scribble, NULL);
}

static void end(pthread_t *t)
{
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	stop = 0;
}

static void *map(int prot)
{
	return mmap(NULL, 4 * P, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* The range is unmapped and fresh memory, which reuses its frames, elsewhere: it must stay zero. */
static void unmaps(void)
{
	char *a = map(PROT_READ | PROT_WRITE), *fresh;
	pthread_t t[2];
	int bad = 0;

	target = a;
	start(t);
	for (int i = 0; i < ROUNDS; i++) {
		mmap(a, 4 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		fresh = map(PROT_READ | PROT_WRITE);
		for (int k = 0; k < 4; k++)
			bad += fresh[k * P + 8];
		mmap(a, 4 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		for (int k = 0; k < 4; k++)
			bad += fresh[k * P + 8];
		munmap(fresh, 4 * P);
	}
	end(t);
	printf("unmaps: %d stores astray\n", bad);
}

static void protects(void)
{
	char *a = map(PROT_READ | PROT_WRITE);
	pthread_t t[2];
	int bad = 0;

	target = a;
	start(t);
	for (int i = 0; i < ROUNDS; i++) {
		memset(a, 0, 4 * P);
		mprotect(a, 4 * P, PROT_READ);
		char v = a[8];

		for (int k = 0; k < 50; k++)
			bad += *(volatile char *)(a + 8) != v;
		mprotect(a, 4 * P, PROT_READ | PROT_WRITE);
	}
	end(t);
	printf("protects: %d stores astray\n", bad);
}

static void truncates(void)
{
	int fd = open("t", O_RDWR | O_CREAT | O_TRUNC, 0600), bad = 0;
	char *a, byte;
	pthread_t t[2];

	ftruncate(fd, 4 * P);
	a = mmap(NULL, 4 * P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	target = a;
	start(t);
	for (int i = 0; i < ROUNDS / 4; i++) {
		ftruncate(fd, 0);
		char *fresh = map(PROT_READ | PROT_WRITE);

		for (int k = 0; k < 4; k++)
			bad += fresh[k * P + 8];
		ftruncate(fd, 4 * P);
		for (int k = 0; k < 4; k++)
			bad += fresh[k * P + 8];
		munmap(fresh, 4 * P);
		if (pread(fd, &byte, 1, 9) != 1 || byte)
			bad++;
	}
	end(t);
	printf("truncates: %d stores astray\n", bad);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

	if (argc > 1)
		nforks = atoi(argv[1]);
	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	setvbuf(stdout, NULL, _IONBF, 0);
	forks();
	unmaps();
	protects();
	truncates();
	return 0;
}
