/* What makes two words one futex: shared mappings at other addresses, files, memfds, private copies, forks; alignment. */
/* musl */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include "show.h"

static long wake(uint32_t *w, int flags) { return syscall(SYS_futex, w, FUTEX_WAKE | flags, 10, NULL, NULL, 0); }

struct waiter { uint32_t *w; int flags; volatile int started, done; };

static void *wait_thread(void *arg)
{
	struct waiter *x = arg;
	struct timespec lots = { 20, 0 };

	x->started = 1;
	syscall(SYS_futex, x->w, FUTEX_WAIT | x->flags, 0, &lots, NULL, 0);
	x->done = 1;
	return NULL;
}

/* A waiter at @a: does a wake at @b find it? It is woken in the end either way. */
static void pair(const char *what, uint32_t *a, int aflags, uint32_t *b, int bflags)
{
	struct waiter x = { a, aflags, 0, 0 };
	pthread_t th;
	long found;

	pthread_create(&th, NULL, wait_thread, &x);
	while (!x.started)
		usleep(500);
	usleep(30000);
	found = wake(b, bflags);
	printf("%s: %ld\n", what, found);
	while (!x.done) {
		wake(a, aflags);
		usleep(1000);
	}
	pthread_join(th, NULL);
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600), mfd = syscall(SYS_memfd_create, "m", 0), id, status;
	uint32_t *a, *b, *c, *anon, *priv;
	pid_t pid;

	ftruncate(fd, 16384);
	ftruncate(mfd, 16384);
	a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
	c = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	pair("one file twice, the same page", a + 1024 + 5, 0, b + 5, 0);
	pair("another page", a + 5, 0, b + 5, 0);
	pair("another word", a + 1024 + 5, 0, b + 6, 0);
	pair("shared and private mapping", a, 0, c, 0);
	c[0] = 0; /* a copy now */
	pair("private copy", a, 0, c, 0);
	pair("private flag on a shared page, elsewhere", a + 1024, FUTEX_PRIVATE_FLAG, b, FUTEX_PRIVATE_FLAG);
	pair("private flag, the same address", a, FUTEX_PRIVATE_FLAG, a, FUTEX_PRIVATE_FLAG);
	pair("private waits, shared wakes", a, FUTEX_PRIVATE_FLAG, a, 0);
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, mfd, 8192);
	b = mmap(NULL, 4096, PROT_READ, MAP_SHARED, mfd, 8192);
	pair("memfd, the other view read-only", a + 7, 0, b + 7, 0);
	id = shmget(IPC_PRIVATE, 4096, 0600);
	a = shmat(id, NULL, 0);
	b = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	pair("System V segment", a + 9, 0, b + 9, 0);
	priv = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pair("private memory without the flag", priv, 0, priv, 0);
	pair("and with it on one side", priv, 0, priv, FUTEX_PRIVATE_FLAG);

	/* over fork: shared memory is one, private memory two */
	anon = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct timespec lots = { 20, 0 };

		anon[1] = 1;
		_exit(syscall(SYS_futex, anon, FUTEX_WAIT, 0, &lots, NULL, 0) ? 1 : 0);
	}
	while (!*(volatile uint32_t *)&anon[1])
		usleep(500);
	usleep(30000);
	printf("parent's private word: %ld\n", wake(priv, 0));
	while (!wake(anon, 0))
		usleep(1000);
	waitpid(pid, &status, 0);
	printf("child %x\n", status);
	/* moved by mremap: private words keep their address only */
	SHOW(wake((uint32_t *)((char *)anon + 1), 0));
	SHOW(wake((uint32_t *)((char *)anon + 2), FUTEX_PRIVATE_FLAG));
	SHOW(wake(BAD_PTR, 0));
	SHOW(wake(BAD_PTR, FUTEX_PRIVATE_FLAG));
	SHOW(wake((uint32_t *)0xffff800000000000, FUTEX_PRIVATE_FLAG));
	munmap(anon, 4096);
	SHOW(wake(anon, 0));
	SHOW(syscall(SYS_futex, anon, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
	return 0;
}
