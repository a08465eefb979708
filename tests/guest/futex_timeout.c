/* Futex time-outs: relative, absolute on both clocks, in the past; interrupted waits. */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static unsigned word;

static long futex(int op, const struct timespec *ts, unsigned val3)
{
	return syscall(SYS_futex, &word, op, 0, ts, NULL, val3);
}

static struct timespec in(clockid_t id, long ms)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	ts.tv_nsec += ms * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static void handler(int sig) { (void)sig; }

static void show(const char *what, long r, const struct timespec *start, long at_least)
{
	int err = errno;
	long ms = ms_since(start);

	printf("%s: %ld %s, long enough %d, not much longer %d\n", what, r, r < 0 ? strerrorname_np(err) : "", ms >= at_least,
		ms < at_least + 5000);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = handler };
	struct itimerval it = { { 0, 0 }, { 0, 20000 } };
	struct timespec start, rel = { 0, 30000000 }, zero = { 0, 0 }, past = { 1, 0 }, abs, lots = { 100, 0 };

	clock_gettime(CLOCK_MONOTONIC, &start);
	show("relative", futex(FUTEX_WAIT_PRIVATE, &rel, 0), &start, 30);
	clock_gettime(CLOCK_MONOTONIC, &start);
	show("relative, zero", futex(FUTEX_WAIT_PRIVATE, &zero, 0), &start, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	abs = in(CLOCK_MONOTONIC, 30);
	show("absolute monotonic", futex(FUTEX_WAIT_BITSET_PRIVATE, &abs, ~0u), &start, 30);
	clock_gettime(CLOCK_MONOTONIC, &start);
	abs = in(CLOCK_REALTIME, 30);
	show("absolute realtime", futex(FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, &abs, ~0u), &start, 28);
	clock_gettime(CLOCK_MONOTONIC, &start);
	show("in the past", futex(FUTEX_WAIT_BITSET_PRIVATE, &past, ~0u), &start, 0);
	show("in the past, realtime", futex(FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, &past, ~0u), &start, 0);

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	clock_gettime(CLOCK_MONOTONIC, &start);
	show("interrupted with a time-out", futex(FUTEX_WAIT_PRIVATE, &lots, 0), &start, 19);
	setitimer(ITIMER_REAL, &it, NULL);
	clock_gettime(CLOCK_MONOTONIC, &start);
	show("interrupted without", futex(FUTEX_WAIT_PRIVATE, NULL, 0), &start, 19);
	/* with SA_RESTART the wait without time-out goes on; the one with is EINTR all the same */
	sa.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	clock_gettime(CLOCK_MONOTONIC, &start);
	show("SA_RESTART with a time-out", futex(FUTEX_WAIT_PRIVATE, &lots, 0), &start, 19);
	return 0;
}
