/* Mutexes, condition variables, barriers and joins under load, as libc builds them on futexes. */
/* musl */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#define THREADS 6
#define ROUNDS 3000
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static long counter, turn, served;

static void *work(void *arg)
{
	long me = (long)arg;

	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&lock);
		while (turn % THREADS != me)
			pthread_cond_wait(&cond, &lock);
		turn++;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&lock);
	}
	for (int i = 0; i < 500; i++) {
		sem_wait(&sem);
		__atomic_add_fetch(&served, 1, __ATOMIC_SEQ_CST);
		sem_post(&sem);
	}
	return (void *)(me * me);
}

int main(void)
{
	pthread_t t[THREADS];
	long sum = 0;

	pthread_barrier_init(&barrier, NULL, THREADS);
	sem_init(&sem, 0, 2);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *ret;

		pthread_join(t[i], &ret);
		sum += (long)ret;
	}
	printf("counter %ld turn %ld served %ld results %ld\n", counter, turn, served, sum);
	for (int i = 0; i < 200; i++) {
		pthread_t one;
		void *ret;

		pthread_create(&one, NULL, (void *(*)(void *))(void *)pthread_self, NULL);
		pthread_join(one, &ret);
		if (!pthread_equal(one, (pthread_t)ret))
			printf("join %d gave something else\n", i);
	}
	return 0;
}
