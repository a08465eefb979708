/* Who may have which policy and nice value: limits, owners, resetting on fork; for a process without privileges. */
// needs-root: it gives rights up
/* */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static long set(int pid, int policy, int prio)
{
	struct sched_param sp = { .sched_priority = prio };

	return syscall(SYS_sched_setscheduler, pid, policy, &sp);
}

static int limit(int which, rlim_t value)
{
	struct rlimit lim = { value, value };

	return !setrlimit(which, &lim);
}

static void ordinary(void)
{
	pid_t parent = getppid();
	cpu_set_t cpus;

	SHOW(set(0, SCHED_FIFO, 1));
	SHOW(set(0, SCHED_RR, 1));
	SHOW(set(0, SCHED_BATCH, 0));
	SHOW(set(0, SCHED_IDLE, 0));
	SHOW(set(0, SCHED_OTHER, 0)); /* nice 0 again is beyond RLIMIT_NICE */
	SHOW(setpriority(PRIO_PROCESS, 0, -1));
	SHOW(setpriority(PRIO_PROCESS, 0, 5));
	SHOW(setpriority(PRIO_PROCESS, 0, 4));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, parent, 5));
	SHOW(set(parent, SCHED_BATCH, 0));
	SHOW(syscall(SYS_sched_setparam, parent, &(struct sched_param){ 0 }));
	sched_getaffinity(0, sizeof(cpus), &cpus);
	SHOW(sched_setaffinity(parent, sizeof(cpus), &cpus));
	SHOW(sched_setaffinity(0, sizeof(cpus), &cpus));
}

/* Root of a container may not raise limits: then there is nothing to see. */
static int raised;
#define LIMITED(call, want) do { errno = 0; long r_ = call; r_ = r_ < 0 ? -errno : r_; \
	if (!raised || r_ == (want)) printf(#call ": as it should\n"); else printf(#call ": %ld\n", r_); fflush(stdout); } while (0)

static void with_limits(void)
{
	LIMITED(set(0, SCHED_FIFO, 5), 0);
	LIMITED(set(0, SCHED_FIFO, 6), -EPERM);
	LIMITED(set(0, SCHED_RR, 5), 0);
	LIMITED(syscall(SYS_sched_setparam, 0, &(struct sched_param){ 4 }), 0);
	LIMITED(set(0, SCHED_OTHER, 0), 0);
	LIMITED(setpriority(PRIO_PROCESS, 0, -3), 0);
	LIMITED(setpriority(PRIO_PROCESS, 0, -6), -EACCES);
	LIMITED(setpriority(PRIO_PROCESS, 0, 10), 0);
	LIMITED(setpriority(PRIO_PROCESS, 0, 0), 0);
	LIMITED(set(0, SCHED_IDLE, 0), 0);
	LIMITED(set(0, SCHED_OTHER, 0), 0);
	/* the flag cannot be taken back */
	LIMITED(set(0, SCHED_FIFO | SCHED_RESET_ON_FORK, 5), 0);
	LIMITED(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
	LIMITED(set(0, SCHED_FIFO, 5), -EPERM);
	if (!fork()) {
		LIMITED(sched_getscheduler(0), SCHED_OTHER);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	struct timespec ts;

	if (!fork()) {
		setresuid(1000, 1000, 1000);
		ordinary();
		_exit(0);
	}
	wait(NULL);
	if (!fork()) {
		raised = limit(RLIMIT_RTPRIO, 5) && limit(RLIMIT_NICE, 25);
		setresuid(1000, 1000, 1000);
		with_limits();
		_exit(0);
	}
	wait(NULL);
	/* intervals */
	SHOW(set(0, SCHED_RR, 3));
	SHOW(sched_rr_get_interval(0, &ts));
	printf(" %ld s %ld ns\n", (long)ts.tv_sec, ts.tv_nsec);
	SHOW(set(0, SCHED_FIFO, 3));
	SHOW(sched_rr_get_interval(0, &ts));
	printf(" %ld s %ld ns\n", (long)ts.tv_sec, ts.tv_nsec);
	SHOW(syscall(SYS_sched_rr_get_interval, 0, BAD_PTR));
	SHOW(syscall(SYS_sched_rr_get_interval, -1, &ts));
	SHOW(syscall(SYS_sched_rr_get_interval, 0x3fffffff, &ts));
	SHOW(set(0, SCHED_OTHER, 0));
	SHOW(syscall(SYS_sched_setparam, 0, &(struct sched_param){ 0 }));
	SHOW(syscall(SYS_sched_setparam, 0, &(struct sched_param){ 1 }));
	SHOW(syscall(SYS_sched_setparam, 0x3fffffff, &(struct sched_param){ 0 }));
	SHOW(syscall(SYS_sched_getparam, 0x3fffffff, &(struct sched_param){ 0 }));
	SHOW(syscall(SYS_sched_getparam, -1, &(struct sched_param){ 0 }));
	return 0;
}
