/* In which order waiters are woken: by age; requeued ones behind; how many; a woken one is not counted twice. */
/* musl */
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include "show.h"

#define N 5
#define FUTEX(uaddr, op, val, time, uaddr2, val3) syscall(SYS_futex, uaddr, (op) | FUTEX_PRIVATE_FLAG, val, time, uaddr2, val3)

static uint32_t a, b;
static volatile int started, order[16], n;

static void *waiter(void *arg)
{
	started = 1;
	FUTEX((long)arg < 100 ? &a : &b, FUTEX_WAIT, 0, NULL, NULL, 0);
	order[__atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST)] = (long)arg;
	return NULL;
}

static pthread_t start(long tag)
{
	pthread_t th;

	started = 0;
	pthread_create(&th, NULL, waiter, (void *)tag);
	while (!started)
		usleep(500);
	usleep(20000);
	return th;
}

static void until(int want)
{
	for (int i = 0; i < 5000 && n < want; i++)
		usleep(1000);
	usleep(5000);
}

static void show(const char *what)
{
	printf("%s:", what);
	for (int i = 0; i < n; i++)
		printf(" %d", order[i]);
	printf("\n");
	n = 0;
}

int main(void)
{
	pthread_t th[N];

	for (int i = 0; i < N; i++)
		th[i] = start(i);
	for (int i = 0; i < N; i++) {
		FUTEX(&a, FUTEX_WAKE, 1, NULL, NULL, 0);
		until(i + 1);
	}
	show("by age");
	for (int i = 0; i < N; i++)
		pthread_join(th[i], NULL);
	th[0] = start(100); /* waits on b */
	for (int i = 1; i < N; i++)
		th[i] = start(i);
	SHOW(FUTEX(&a, FUTEX_REQUEUE, 0, (void *)2, &b, 0)); /* wakes none, moves two */
	SHOW(FUTEX(&a, FUTEX_REQUEUE, 1, (void *)0, &b, 0));
	until(1);
	show("woken by the second call");
	for (int i = 0; i < 3; i++) {
		SHOW(FUTEX(&b, FUTEX_WAKE, 1, NULL, NULL, 0));
		until(i + 1);
	}
	show("on the other");
	SHOW(FUTEX(&b, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(FUTEX(&a, FUTEX_WAKE, 0x7fffffff, NULL, NULL, 0));
	until(1);
	show("last");
	for (int i = 0; i < N; i++)
		pthread_join(th[i], NULL);
	/* requeue to itself, and more than there are */
	th[0] = start(1);
	SHOW(FUTEX(&a, FUTEX_REQUEUE, 0, (void *)10, &a, 0));
	SHOW(FUTEX(&a, FUTEX_WAKE, -1, NULL, NULL, 0)); /* at least one, as ever */
	pthread_join(th[0], NULL);
	SHOW(FUTEX(&a, FUTEX_REQUEUE, -1, (void *)1, &b, 0));
	SHOW(FUTEX(&a, FUTEX_REQUEUE, 1, (void *)-1, &b, 0));
	return 0;
}
