/* Locks and counters made of futexes under contention: a mutex, FUTEX_WAKE_OP's atomic change, a barrier by requeue, PI locks. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include "show.h"

#define THREADS 4
#define ROUNDS 3000
#define FUTEX(uaddr, op, val, time, uaddr2, val3) syscall(SYS_futex, uaddr, (op) | FUTEX_PRIVATE_FLAG, val, time, uaddr2, val3)

static uint32_t lock, sum, pi, other, gate;
static long counter, pi_counter, passed;

static void mutex_lock(void)
{
	uint32_t c = 0;

	if (__atomic_compare_exchange_n(&lock, &c, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	while (__atomic_exchange_n(&lock, 2, __ATOMIC_SEQ_CST))
		FUTEX(&lock, FUTEX_WAIT, 2, NULL, NULL, 0);
}

static void mutex_unlock(void)
{
	if (__atomic_exchange_n(&lock, 0, __ATOMIC_SEQ_CST) == 2)
		FUTEX(&lock, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void pi_lock(void)
{
	uint32_t c = 0;

	if (!__atomic_compare_exchange_n(&pi, &c, (uint32_t)gettid(), 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) &&
	    FUTEX(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0))
		printf("lock: %s\n", errno_name(errno));
}

static void pi_unlock(void)
{
	uint32_t c = gettid();

	if (!__atomic_compare_exchange_n(&pi, &c, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) &&
	    FUTEX(&pi, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0))
		printf("unlock: %s\n", errno_name(errno));
}

static void *worker(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		mutex_lock();
		counter++;
		mutex_unlock();
		pi_lock();
		pi_counter++;
		pi_unlock();
		FUTEX(&other, FUTEX_WAKE_OP, 1, 1, &sum, FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_LT, 0));
	}
	while (!*(volatile uint32_t *)&gate)
		FUTEX(&gate, FUTEX_WAIT, 0, NULL, NULL, 0);
	__atomic_add_fetch(&passed, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	pthread_t th[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&th[i], NULL, worker, NULL);
	while (__atomic_load_n(&counter, __ATOMIC_SEQ_CST) < THREADS * ROUNDS || __atomic_load_n(&sum, __ATOMIC_SEQ_CST) <
		3 * THREADS * ROUNDS)
		usleep(1000);
	usleep(20000);
	printf("counter %ld, by PI lock %ld, by WAKE_OP %u, locks %u %u\n", counter, pi_counter, sum, lock, pi & FUTEX_TID_MASK);
	printf("passed %ld\n", passed);
	gate = 1;
	while (__atomic_load_n(&passed, __ATOMIC_SEQ_CST) < THREADS) {
		FUTEX(&gate, FUTEX_CMP_REQUEUE, 1, 100, &other, 1);
		FUTEX(&other, FUTEX_WAKE, 100, NULL, NULL, 0);
		usleep(1000);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(th[i], NULL);
	printf("passed %ld\n", passed);
	return 0;
}
