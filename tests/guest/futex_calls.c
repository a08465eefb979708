/* The calls of Linux 6.7: futex_wake, futex_wait, futex_requeue; and bitsets, wake-op and requeue of futex(2) beside them. */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include "show.h"

#define WAKE(uaddr, mask, nr, flags) syscall(454, uaddr, mask, nr, flags)
#define WAIT(uaddr, val, mask, flags, time, clock) syscall(455, uaddr, val, mask, flags, time, clock)
#define REQUEUE(v, flags, nr_wake, nr_requeue) syscall(456, v, flags, nr_wake, nr_requeue)
#define FUTEX(uaddr, op, val, time, uaddr2, val3) syscall(SYS_futex, uaddr, op, val, time, uaddr2, val3)
#define PRIV (2 | 128)
struct waitv { uint64_t val, uaddr; uint32_t flags, reserved; };

static uint32_t a, b;
static volatile int done, started;

static void *waiter(void *arg)
{
	long r;

	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
	r = WAIT(&a, 0, (unsigned long)arg, PRIV, NULL, CLOCK_MONOTONIC);
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	return (void *)r;
}

static void start(pthread_t *th, int n)
{
	started = done = 0;
	for (int i = 0; i < n; i++) { /* they queue in this order */
		pthread_create(&th[i], NULL, waiter, (void *)(1ul << i));
		while (started <= i)
			usleep(500);
		usleep(30000);
	}
}

static void nothing(int sig) { }

int main(void)
{
	struct waitv v[2] = { { 0, (uintptr_t)&a, PRIV, 0 }, { 0, (uintptr_t)&b, PRIV, 0 } };
	struct timespec past = { 1, 0 }, bad = { -1, 0 };
	pthread_t th[3];

	start(th, 3);
	SHOW(WAKE(&a, 8, 3, PRIV));
	SHOW(WAKE(&a, 4, 3, PRIV));
	pthread_join(th[2], NULL);
	SHOW(WAKE(&a, 3, 0, PRIV));
	SHOW(WAKE(&a, 3, 3, 2)); /* shared: another key */
	SHOW(REQUEUE(v, 0, 1, 1));
	pthread_join(th[0], NULL);
	printf("done %d\n", done);
	SHOW(WAKE(&a, 0xffffffff, 3, PRIV));
	SHOW(WAKE(&b, 1, 3, PRIV)); /* not in its mask */
	SHOW(WAKE(&b, 2, 3, PRIV));
	pthread_join(th[1], NULL);
	v[0].val = 9;
	SHOW(REQUEUE(v, 0, 1, 1));
	SHOW(REQUEUE(v, 1, 1, 1));
	SHOW(REQUEUE(NULL, 0, 1, 1));
	SHOW(REQUEUE(BAD_PTR, 0, 1, 1));
	v[0].val = 0;
	SHOW(REQUEUE(v, 0, -1, 1));
	v[1].flags = 0;
	SHOW(REQUEUE(v, 0, 1, 1));
	SHOW(WAIT(&a, 1, 1, PRIV, NULL, 0));
	SHOW(WAIT(&a, 0, 0, PRIV, NULL, 0));
	SHOW(WAIT(&a, 0, 1, PRIV, &past, CLOCK_MONOTONIC));
	SHOW(WAIT(&a, 0, 1, PRIV, &past, CLOCK_REALTIME));
	SHOW(WAIT(&a, 0, 1, PRIV, &past, CLOCK_TAI));
	SHOW(WAIT(&a, 0, 1, PRIV, &bad, CLOCK_MONOTONIC));
	SHOW(WAIT(&a, 1ul << 32, 1, PRIV, NULL, 0));
	SHOW(WAIT(&a, 0, 1ul << 32, PRIV, NULL, 0));
	SHOW(WAIT(&a, 0, 1, 3, NULL, 0));
	SHOW(WAIT(BAD_PTR, 0, 1, PRIV, NULL, 0));
	SHOW(WAIT((char *)&a + 2, 0, 1, PRIV, NULL, 0));
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(20000, 0);
	SHOW(WAIT(&a, 0, 1, PRIV, NULL, 0));
	SHOW(WAKE(&a, 0, 1, PRIV));
	SHOW(WAKE(&a, 1ul << 32, 1, PRIV));
	SHOW(WAKE(&a, 1, 1, 0));
	SHOW(WAKE((char *)&a + 1, 1, 1, PRIV));

	/* futex(2) wakes waiters of the new call */
	start(th, 2);
	SHOW(FUTEX(&a, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 4));
	SHOW(FUTEX(&a, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 0));
	b = 5;
	SHOW(FUTEX(&b, FUTEX_WAKE_OP_PRIVATE, 1, 1, &a, FUTEX_OP(FUTEX_OP_ADD, 7, FUTEX_OP_CMP_EQ, 0)));
	printf("a is %u\n", a);
	SHOW(FUTEX(&b, FUTEX_WAKE_OP_PRIVATE, 1, 1, &a, FUTEX_OP(FUTEX_OP_XOR, 7, FUTEX_OP_CMP_GT, 6)));
	printf("a is %u\n", a);
	pthread_join(th[0], NULL);
	pthread_join(th[1], NULL);
	SHOW(FUTEX(&a, FUTEX_WAKE_OP_PRIVATE, 1, 1, &b, FUTEX_OP((FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT), 4, FUTEX_OP_CMP_LT, 0)));
	printf("b is %u\n", b);
	SHOW(FUTEX(&a, FUTEX_WAKE_OP_PRIVATE, 1, 1, &b, FUTEX_OP(FUTEX_OP_ANDN, 0x10, 9, 0)));
	SHOW(FUTEX(&a, FUTEX_WAKE_OP_PRIVATE, 1, 1, &b, 5u << 28));
	SHOW(FUTEX(&a, FUTEX_WAKE_OP_PRIVATE, 1, 1, BAD_PTR, 0));
	SHOW(FUTEX(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, 1, &b, 77));
	SHOW(FUTEX(&a, FUTEX_FD, 1, 1, &b, 77));
	SHOW(FUTEX(&a, 99, 1, 1, &b, 77));
	SHOW(FUTEX(&a, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 1, &b, 77));
	return 0;
}
