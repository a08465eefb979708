/* Threads that use memory while others map, protect and unmap it: every store is seen or faults, none is lost. */
// timeout: 60
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>

#include "maps.h"
#include "show.h"

#define ROUNDS 150

static char *area;
static atomic_int done;
static __thread sigjmp_buf env;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)sig;
	(void)si;
	(void)ctx;
	siglongjmp(env, 1);
}

static void *writer(void *arg)
{
	volatile unsigned *p = (unsigned *)(area + (long)arg * 64);
	unsigned long n = 0;

	while (!atomic_load(&done)) {
		if (!sigsetjmp(env, 1))
			p[n % 8] = (unsigned)n;
		n++;
	}
	return NULL;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	int changed = 0, kept = 0;
	pthread_t t[3];
	char copy[256];

	sigaction(SIGSEGV, &sa, NULL);
	area = map_at(hole(4), 1, RW, ANON);
	for (long i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, writer, (void *)i);
	for (int r = 0; r < ROUNDS; r++) {
		/* Nothing changes while it is read-only. */
		mprotect(area, P, PROT_READ);
		memcpy(copy, area, sizeof(copy));
		for (int i = 0; i < 200; i++)
			changed += memcmp(copy, area, sizeof(copy)) != 0;
		mprotect(area, P, RW);
		/* A page that was unmapped comes back empty, whatever is stored meanwhile. */
		if (r % 4 == 0) {
			munmap(area, P);
			map_at(area, 1, RW, ANON);
			kept += area[200] != 0;
			area[200] = 1;
		}
		/* Moved away and back: what was moved stays. */
		if (r % 4 == 1) {
			area[201] = (char)r;
			if ((char *)syscall(SYS_mremap, area, P, P, 3, area + 2 * P) != area + 2 * P)
				kept++;
			kept += area[2 * P + 201] != (char)r;
			if ((char *)syscall(SYS_mremap, area + 2 * P, P, P, 3, area) != area)
				kept++;
			kept += area[201] != (char)r;
		}
		if (r % 4 == 2) {
			madvise(area, P, MADV_DONTNEED);
			kept += area[202] != 0;
		}
	}
	atomic_store(&done, 1);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	SHOW(changed);
	SHOW(kept);
	return 0;
}
