// Threads storm sites that are rewritten at that moment: each of 256 fresh sites is met by four threads at once. musl
// timeout: 60
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define SITES 256
#define THREADS 4
#define ROUNDS 50
typedef long (*site_fn)(void);

/* 256 functions of 16 bytes: mov $39,%eax; syscall; ret; padding. */
__asm__(".text\n.p2align 12\nsites:\n.rept 256\n.p2align 4\nmov $39,%eax\nsyscall\nret\n.endr\n.p2align 12\n");
extern const char sites[];

static atomic_int gate[SITES], bad;
static long pid;

static void *storm(void *arg)
{
	(void)arg;
	for (int i = 0; i < SITES; i++) {
		site_fn fn = (site_fn)(sites + 16 * i);

		atomic_fetch_add(&gate[i], 1);
		while (atomic_load(&gate[i]) < THREADS)
			;
		for (int k = 0; k < ROUNDS; k++)
			if (fn() != pid)
				atomic_fetch_add(&bad, 1);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[THREADS];

	pid = getpid();
	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, storm, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("calls: %d, bad: %d\n", SITES * THREADS * ROUNDS, atomic_load(&bad));
	return 0;
}
