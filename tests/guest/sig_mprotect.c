/* A handler that makes the page accessible: the instruction runs again, as garbage collectors and debuggers rely on. */
/* musl */
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGES 64
static char *area;
static int reads, writes;

static void handler(int sig, siginfo_t *info, void *ctx)
{
	char *page = (char *)((uintptr_t)info->si_addr & ~4095ul);
	int n = (int)((page - area) / 4096);

	(void)sig;
	(void)ctx;
	if (n < 0 || n >= PAGES)
		_Exit(3);
	if (n % 2 == 0 && page[0] == 0 && info->si_code == SEGV_ACCERR)
		writes++;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void handler_read(int sig, siginfo_t *info, void *ctx)
{
	(void)sig;
	(void)ctx;
	reads++;
	mprotect((char *)((uintptr_t)info->si_addr & ~4095ul), 4096, PROT_READ);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	long sum = 0;

	area = mmap(NULL, PAGES * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaction(SIGSEGV, &sa, NULL);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < PAGES; i++)
			area[i * 4096 + 5] = (char)(i + round);
		mprotect(area, PAGES * 4096, PROT_READ);
	}
	printf("write faults on even pages: %d\n", writes);
	sa.sa_sigaction = handler_read;
	sigaction(SIGSEGV, &sa, NULL);
	mprotect(area, PAGES * 4096, PROT_NONE);
	for (int i = 0; i < PAGES; i++)
		sum += area[i * 4096 + 5];
	printf("read faults: %d, sum %ld\n", reads, sum);
	return 0;
}
