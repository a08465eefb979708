/* PI futexes: the word's states, hand-over, trylock, time limits, deadlocks, errors. */
/* musl */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif
#define P FUTEX_PRIVATE_FLAG
#define FUTEX(uaddr, op, val, time, uaddr2, val3) syscall(SYS_futex, uaddr, op, val, time, uaddr2, val3)

static uint32_t lock, other;
static volatile int in_thread, thread_tid, step;
static struct timespec past = { 1000, 0 };

static const char *word(uint32_t v)
{
	static char text[64];
	uint32_t tid = v & FUTEX_TID_MASK;

	snprintf(text, sizeof(text), "%s%s%s", tid == 0 ? "nobody" : tid == (uint32_t)gettid() ? "me" : tid == (uint32_t)thread_tid ?
		"thread" : "other", v & FUTEX_WAITERS ? "+waiters" : "", v & FUTEX_OWNER_DIED ? "+died" : "");
	return text;
}

static void until(volatile uint32_t *w, uint32_t bit)
{
	for (int i = 0; i < 5000 && !(*w & bit); i++)
		usleep(1000);
	usleep(5000);
}

static void *locker(void *arg)
{
	thread_tid = gettid();
	in_thread = 1;
	if (FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0))
		return (void *)(long)errno;
	step = 1;
	while (step == 1)
		usleep(500);
	return (void *)(long)(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0) ? errno : 0);
}

/* holds the other lock and then waits for the first: a circle, once the main thread waits for the other */
static void *circle(void *arg)
{
	FUTEX(&other, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0);
	step = 1;
	if (FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0))
		return (void *)(long)errno;
	FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0);
	FUTEX(&other, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0);
	return NULL;
}

static void nothing(int sig) { step = 7; }

/* A signal for @main once that waits for the lock: its handler lets the holder unlock. */
static void *signaller(void *main)
{
	until(&lock, FUTEX_WAITERS);
	pthread_kill(*(pthread_t *)main, SIGUSR1);
	return NULL;
}

int main(void)
{
	struct timespec soon, bad = { 0, -1 };
	uint32_t *shared;
	pthread_t th, self, signals;
	void *ret;
	pid_t pid;
	int status;

	/* alone */
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_TRYLOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_TRYLOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));

	/* a thread waits and gets it */
	pthread_create(&th, NULL, locker, NULL);
	until(&lock, FUTEX_WAITERS);
	printf("%s\n", word(lock));
	SHOW(FUTEX(&lock, FUTEX_WAKE | P, 1, NULL, NULL, 0)); /* not for this kind */
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	while (step != 1)
		usleep(500);
	SHOW(FUTEX(&lock, FUTEX_TRYLOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, &past, NULL, 0));
	clock_gettime(CLOCK_MONOTONIC, &soon);
	soon.tv_nsec += 10000000;
	if (soon.tv_nsec >= 1000000000)
		soon.tv_sec++, soon.tv_nsec -= 1000000000;
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI2 | P, 0, &soon, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI2 | FUTEX_CLOCK_REALTIME | P, 0, &past, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, &bad, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, BAD_PTR, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME | P, 0, NULL, NULL, 0));
	/* a signal does not end the wait */
	signal(SIGUSR1, nothing);
	self = pthread_self();
	pthread_create(&signals, NULL, signaller, &self);
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	/* the holder may have let go while the handler ran: then nobody waited */
	printf("%s after the signal %d\n", word(lock & ~FUTEX_WAITERS), step);
	pthread_join(th, &ret);
	pthread_join(signals, NULL);
	printf("thread %ld\n", (long)ret);

	/* a circle is noticed */
	step = 0;
	pthread_create(&th, NULL, circle, NULL);
	until(&lock, FUTEX_WAITERS);
	SHOW(FUTEX(&other, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	pthread_join(th, &ret);
	printf("thread %ld, free again %d %d\n", (long)ret, lock, other);

	/* nobody has this number; waiters without a word that says so */
	lock = 0x3ffffff0;
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	lock = FUTEX_WAITERS;
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	lock = FUTEX_OWNER_DIED | FUTEX_WAITERS;
	SHOW(FUTEX(&lock, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	SHOW(FUTEX(&lock, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));
	printf("%s\n", word(lock));
	SHOW(FUTEX((char *)&lock + 1, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(BAD_PTR, FUTEX_LOCK_PI | P, 0, NULL, NULL, 0));
	SHOW(FUTEX(BAD_PTR, FUTEX_UNLOCK_PI | P, 0, NULL, NULL, 0));

	/* between processes; the owner's death hands it over */
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		FUTEX(shared, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
		shared[1] = 1;
		until(shared, FUTEX_WAITERS);
		raise(SIGKILL);
	}
	while (!*(volatile uint32_t *)&shared[1])
		usleep(500);
	SHOW(FUTEX(shared, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
	printf("%s\n", word(*shared));
	waitpid(pid, &status, 0);
	SHOW(FUTEX(shared, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
	return 0;
}
