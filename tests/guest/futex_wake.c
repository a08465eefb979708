/* FUTEX_WAIT, FUTEX_WAKE and the bitset forms: who is woken, how many, and the errors. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned word, arrived, woken[8];

static long futex(void *u, int op, unsigned val, const void *ts, void *u2, unsigned val3)
{
	return syscall(SYS_futex, u, op, val, ts, u2, val3);
}
#define SHOW(what, call) do { long r = call; printf("%s: %ld%s%s\n", what, r, r < 0 ? " " : "", r < 0 ? strerrorname_np(errno) : ""); } while (0)

static void *waiter(void *arg)
{
	long i = (long)arg;

	__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
	if (futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 1u << i) == 0)
		__atomic_store_n(&woken[i], 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Wakes @n waiters of @bits for sure, however long they take to get there. */
static int wake(int n, unsigned bits)
{
	int done = 0;

	while (done < n) {
		long r = futex(&word, FUTEX_WAKE_BITSET_PRIVATE, (unsigned)(n - done), NULL, NULL, bits);

		if (r < 0)
			return -1;
		done += (int)r;
		if (done < n)
			usleep(1000);
	}
	return done;
}

int main(void)
{
	pthread_t t[8];
	struct timespec bad = { 0, 1000000000 }, neg = { -1, 0 };

	SHOW("wrong value", futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
	SHOW("unaligned", futex((char *)&word + 1, FUTEX_WAIT, 0, NULL, NULL, 0));
	SHOW("unaligned wake", futex((char *)&word + 2, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW("bad address", futex((void *)16, FUTEX_WAIT, 0, NULL, NULL, 0));
	SHOW("bad address, wake private", futex((void *)16, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
	SHOW("bad address, wake shared", futex((void *)16, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW("kernel address", futex((void *)0xffffffff80000000, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW("no bits, wait", futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
	SHOW("no bits, wake", futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
	SHOW("bad nanoseconds", futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
	SHOW("negative time", futex(&word, FUTEX_WAIT, 0, &neg, NULL, 0));
	SHOW("bad time pointer", futex(&word, FUTEX_WAIT, 0, (void *)8, NULL, 0));
	SHOW("unknown command", futex(&word, 77, 0, NULL, NULL, 0));
	SHOW("realtime with wake", futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
	SHOW("nobody waits", futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0));

	for (long i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, waiter, (void *)i);
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 8)
		usleep(1000);
	printf("woke %d by bit 3\n", wake(1, 8));
	pthread_join(t[3], NULL);
	printf("woke %d by bits 5 and 6\n", wake(2, 0x60));
	pthread_join(t[5], NULL);
	pthread_join(t[6], NULL);
	for (int i = 0; i < 8; i++)
		printf("%d", woken[i]);
	printf("\nbit 3 again: %ld\n", futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 8));
	printf("woke %d more\n", wake(5, ~0u));
	for (int i = 0; i < 8; i++)
		if (i != 3 && i != 5 && i != 6)
			pthread_join(t[i], NULL);
	for (int i = 0; i < 8; i++)
		printf("%d", woken[i]);
	printf("\n");
	return 0;
}
