/* A thread writes nonsense over its siblings' frames while they make system calls, or sets every bit of the doorbell. Only
 * they may suffer; the parent gets its answer in the end. (Frames of other processes are within reach too, as long as the
 * README says that only stage 1 of the isolation holds; this test leaves them alone.) */
#include <pthread.h>
#include "attack.h"

#define CALLERS 3

static volatile unsigned long *frames[CALLERS];

static void *calls(void *arg)
{
	unsigned long base;

	__asm__("rdgsbase %0" : "=r"(base));
	frames[(long)arg] = (volatile unsigned long *)(base ? base : STUB_AREAS);
	for (;;)
		getppid();
	return arg;
}

static void scribble(unsigned long seed)
{
	for (;;) {
		for (int i = 0; i < CALLERS; i++) {
			for (unsigned w = 0; w < 512 && frames[i]; w++) {
				seed = seed * 6364136223846793005ul + 1442695040888963407ul;
				frames[i][w] = seed >> 33 & 1 ? seed >> 40 : seed >> 62;
			}
		}
	}
}

/* Every area has an event, says the doorbell. */
static void ring_all(void)
{
	volatile unsigned long *ctl = (unsigned long *)STUB_CTL;

	for (;;) {
		ctl[0] = ~0ul;
		for (unsigned w = 16; w < 16 + 64; w++)
			ctl[w] = ~0ul;
	}
}

int main(void)
{
	for (int round = 0; round < 6; round++) {
		pid_t pid = fork();

		if (!pid) {
			pthread_t t;

			for (long i = 0; i < CALLERS; i++)
				pthread_create(&t, NULL, calls, (void *)i);
			if (round % 2)
				ring_all();
			scribble(round);
		}
		if (reap(pid, 300) == -1) {
			check(0, "a scribbler ends");
			return 1;
		}
	}
	check(1, "scribblers end");
	return 0;
}
