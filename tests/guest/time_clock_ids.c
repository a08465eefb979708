/* Every clock id with every call: what exists, what may be waited for, what a timer may be made of. */
/* musl */
#include <signal.h>
#include <sys/timerfd.h>
#include <time.h>
#include "show.h"

static const char *result(long r) { return r < 0 ? errno_name(errno) : "ok"; }

int main(void)
{
	static const int ids[] = { 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 16, 100, -1, -2, -6, -5, -8, 0x7fffffff, (int)0x80000000 };
	struct timespec ts, zero = { 0, 0 };
	struct sigevent ev = { .sigev_notify = SIGEV_NONE };
	int t;

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		long r;
		int id = ids[i];

		printf("%d: gettime %s,", id, result(syscall(SYS_clock_gettime, id, &ts)));
		printf(" null %s,", result(syscall(SYS_clock_gettime, id, NULL)));
		printf(" getres %s,", result(syscall(SYS_clock_getres, id, &ts)));
		printf(" null %s,", result(syscall(SYS_clock_getres, id, NULL)));
		/* of process CPU time only relative: its absolute 0 has passed */
		printf(" nanosleep %s,", result(syscall(SYS_clock_nanosleep, id, TIMER_ABSTIME, &zero, NULL)));
		r = syscall(SYS_timer_create, id, &ev, &t);
		printf(" timer %s,", result(r));
		if (!r)
			syscall(SYS_timer_delete, t);
		r = syscall(SYS_timerfd_create, id, 0);
		printf(" timerfd %s", result(r));
		if (r >= 0)
			close(r);
		printf("\n");
	}
	return 0;
}
