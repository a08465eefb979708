/* FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI, as condition variables of PI mutexes use them. */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include "show.h"

#define P FUTEX_PRIVATE_FLAG
#define FUTEX(uaddr, op, val, time, uaddr2, val3) syscall(SYS_futex, uaddr, op, val, time, uaddr2, val3)

static uint32_t cond, lock, wrong;
static volatile int started, woken, owned;
static volatile pid_t tids[4];

static void *waiter(void *arg)
{
	long err = 0;

	tids[(long)arg] = gettid();
	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
	if (FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 0, NULL, &lock, 0))
		return (void *)(long)errno;
	if ((*(volatile uint32_t *)&lock & FUTEX_TID_MASK) == (uint32_t)gettid())
		__atomic_add_fetch(&owned, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	if (FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0))
		err = errno;
	return (void *)err;
}

static void start(pthread_t *th, int n)
{
	started = woken = owned = 0;
	for (long i = 0; i < n; i++)
		pthread_create(&th[i], NULL, waiter, (void *)i);
	while (started < n)
		usleep(500);
	usleep(50000); /* until they sleep */
}

static void join(pthread_t *th, int n)
{
	void *ret;
	long sum = 0;

	for (int i = 0; i < n; i++) {
		pthread_join(th[i], &ret);
		sum += (long)ret;
	}
	printf("woken %d, each with the lock %d, errors %ld, lock %x\n", woken, owned, sum, lock);
}

static void nothing(int sig) { }

int main(void)
{
	struct timespec past = { 1, 0 };
	pthread_t th[3];

	/* the lock is free: the first gets it at once, the rest one after the other */
	start(th, 3);
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 0x7fffffff, &lock, 1));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 0x7fffffff, &lock, 0));
	join(th, 3);
	/* the lock is mine: all wait for it */
	start(th, 3);
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 1, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 0, &lock, 0));
	usleep(10000);
	printf("woken %d\n", woken);
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	join(th, 3);
	/* what does not fit together */
	start(th, 1);
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 1, &wrong, 0));
	SHOW(FUTEX(&cond, FUTEX_WAKE | P, 1, NULL, NULL, 0));
	SHOW(FUTEX(&cond, FUTEX_REQUEUE | P, 1, 1, &wrong, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 0, 1, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 2, 1, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 1, &cond, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, -1, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 1, BAD_PTR, 0));
	/* a signal's handler runs, and it goes on waiting */
	signal(SIGUSR1, nothing);
	tgkill(getpid(), tids[0], SIGUSR1);
	usleep(10000);
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 0, &lock, 0));
	join(th, 1);
	SHOW(FUTEX(&cond, FUTEX_CMP_REQUEUE_PI | P, 1, 5, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 1, NULL, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 0, NULL, &cond, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 0, &past, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | FUTEX_CLOCK_REALTIME | P, 0, &past, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 0, BAD_PTR, &lock, 0));
	SHOW(FUTEX(&cond, FUTEX_WAIT_REQUEUE_PI | P, 0, NULL, (char *)&lock + 1, 0));
	return 0;
}
