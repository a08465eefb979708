/* Clocks: they go on, agree with each other, know their resolution; and what is refused. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHOW(what, call) do { errno = 0; long r = call; printf("%s: %ld %s\n", what, r, r < 0 ? strerrorname_np(errno) : ""); } while (0)
#define CGT(id, p) syscall(SYS_clock_gettime, id, p)

static long long ns(int id, int direct)
{
	struct timespec ts;

	if (direct ? CGT(id, &ts) : clock_gettime(id, &ts))
		return -1;
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

int main(void)
{
	static const int ids[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
		CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID };
	struct timespec ts;
	struct timeval tv;
	struct tms tms;
	clockid_t id;
	pid_t pid;
	long long before;
	long t;

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		long long a = ns(ids[i], 0), b = ns(ids[i], 1), c = ns(ids[i], 0);

		/* coarse clocks may lag by a tick */
		printf("clock %d: goes on %d %d, close %d\n", ids[i], a >= 0 && b >= a - 20000000, c >= b - 20000000,
			c - a < 2000000000);
		printf("resolution: %ld", syscall(SYS_clock_getres, ids[i], &ts));
		printf(" fine %d\n", ts.tv_sec == 0 && ts.tv_nsec <= 10000000);
	}
	printf("realtime and gettimeofday: ");
	syscall(SYS_gettimeofday, &tv, NULL);
	printf("%d\n", ns(CLOCK_REALTIME, 0) / 1000000000 - tv.tv_sec <= 1);
	t = syscall(SYS_time, NULL);
	printf("time: %d\n", tv.tv_sec - t <= 1 && t - tv.tv_sec <= 1);
	/* the clock that is behind is read first: whatever time passes between the two only helps */
	before = ns(CLOCK_REALTIME, 1);
	printf("tai ahead: %d\n", ns(CLOCK_TAI, 1) >= before);
	before = ns(CLOCK_MONOTONIC, 1);
	printf("boottime ahead: %d\n", ns(CLOCK_BOOTTIME, 1) >= before);
	SHOW("unknown clock", CGT(77, &ts));
	SHOW("bad pointer", CGT(CLOCK_REALTIME, 8));
	SHOW("getres unknown", syscall(SYS_clock_getres, 77, &ts));
	SHOW("getres null", syscall(SYS_clock_getres, CLOCK_REALTIME, NULL));
	SHOW("settime monotonic", syscall(SYS_clock_settime, CLOCK_MONOTONIC, &ts));
	ts.tv_nsec = -1;
	SHOW("settime invalid", syscall(SYS_clock_settime, CLOCK_REALTIME, &ts));
	SHOW("settime bad pointer", syscall(SYS_clock_settime, CLOCK_REALTIME, 8));

	/* CPU time: work uses it, sleep does not */
	for (volatile long i = 0; i < 30000000; i++)
		;
	printf("process used some: %d\n", ns(CLOCK_PROCESS_CPUTIME_ID, 1) > 1000000);
	printf("thread used some: %d\n", ns(CLOCK_THREAD_CPUTIME_ID, 1) > 1000000);
	printf("clock(): %d\n", clock() > 1000);
	{
		long long before = ns(CLOCK_PROCESS_CPUTIME_ID, 1);

		usleep(300000);
		printf("sleep uses little: %d\n", ns(CLOCK_PROCESS_CPUTIME_ID, 1) - before < 150000000);
	}
	SHOW("getcpuclockid", clock_getcpuclockid(getpid(), &id));
	printf("same clock: %d\n", ns(id, 1) >= 0);
	SHOW("clock of nobody", CGT(-8 * 0x0fffffff - 8 + 2, &ts));
	pid = fork();
	if (!pid) {
		for (volatile long i = 0; i < 30000000; i++)
			;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("times: %d\n", times(&tms) > 0);
	printf("children's time counted: %d\n", tms.tms_cutime + tms.tms_cstime >= 0);
	return 0;
}
