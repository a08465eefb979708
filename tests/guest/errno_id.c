/* Identities, limits, scheduling and miscellany: success and errors. Prints no number that depends on the machine. */
/* musl */
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>

#include "show.h"

int main(void)
{
	struct rlimit rl, bad = { 5, 4 };
	struct rusage ru;
	struct sysinfo si;
	struct utsname u;
	struct timespec ts;
	struct timeval tv;
	struct sched_param sp = { 0 };
	struct itimerval it = { { 0, 0 }, { 0, 2000000 } };
	cpu_set_t cpus;
	unsigned ids[3];
	char name[32];

	SHOW(getuid() == geteuid());
	SHOW(getgid() == getegid());
	SHOW(syscall(SYS_getresuid, &ids[0], &ids[1], &ids[2]));
	SHOW(ids[0] == getuid() && ids[1] == ids[0] && ids[2] == ids[0]);
	SHOW(syscall(SYS_getresuid, BAD_PTR, &ids[1], &ids[2]));
	SHOW(syscall(SYS_getresgid, &ids[0], &ids[1], &ids[2]));
	SHOW(syscall(SYS_getresgid, BAD_PTR, &ids[1], &ids[2]));
	SHOW(setreuid(-1, -1));
	SHOW(setregid(-1, -1));
	SHOW(syscall(SYS_setuid, -1));
	SHOW(syscall(SYS_setgid, -1));
	SHOW(syscall(SYS_setfsuid, -1) == geteuid());
	SHOW(syscall(SYS_setfsgid, -1) == getegid());
	SHOW(getgroups(0, NULL) >= 0);

	SHOW(getrlimit(RLIMIT_NOFILE, &rl));
	SHOW(setrlimit(RLIMIT_NOFILE, &rl));
	SHOW(setrlimit(RLIMIT_NOFILE, &bad));
	SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, BAD_PTR));
	SHOW(syscall(SYS_setrlimit, 99, &rl));
	SHOW(syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &rl));
	SHOW(syscall(SYS_prlimit64, 999999, RLIMIT_CORE, NULL, &rl));
	SHOW(syscall(SYS_prlimit64, 0, 99, NULL, &rl));
	SHOW(syscall(SYS_prlimit64, 0, RLIMIT_CORE, BAD_PTR, NULL));
	SHOW(getrusage(RUSAGE_SELF, &ru));
	SHOW(getrusage(RUSAGE_CHILDREN, &ru));
	SHOW(getrusage(RUSAGE_THREAD, &ru));
	SHOW(ru.ru_maxrss > 0);
	SHOW(getpriority(PRIO_PROCESS, 0) == getpriority(PRIO_PGRP, 0)); /* whoever runs the tests may be nice */
	SHOW(getpriority(PRIO_PROCESS, 999999));
	SHOW(getpriority(99, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 19));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, 999999, 5));
	SHOW(setpriority(99, 0, 5));

	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(syscall(SYS_sched_getscheduler, -1));
	SHOW(syscall(SYS_sched_getscheduler, 999999));
	SHOW(syscall(SYS_sched_getparam, 0, &sp));
	SHOW(sp.sched_priority);
	SHOW(syscall(SYS_sched_getparam, 0, NULL));
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &sp));
	SHOW(syscall(SYS_sched_setscheduler, 0, 99, &sp));
	sp.sched_priority = 5;
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &sp));
	SHOW(sched_get_priority_max(SCHED_FIFO));
	SHOW(sched_get_priority_min(SCHED_FIFO));
	SHOW(sched_get_priority_max(99));
	SHOW(sched_get_priority_min(99));
	SHOW(sched_getaffinity(0, sizeof(cpus), &cpus));
	SHOW(CPU_COUNT(&cpus) > 0);
	SHOW(syscall(SYS_sched_getaffinity, 0, 1, &cpus));
	SHOW(syscall(SYS_sched_getaffinity, 999999, sizeof(cpus), &cpus));
	SHOW(sched_setaffinity(0, sizeof(cpus), &cpus));
	CPU_ZERO(&cpus);
	SHOW(sched_setaffinity(0, sizeof(cpus), &cpus));
	SHOW(sched_setaffinity(0, sizeof(cpus), BAD_PTR));

	SHOW(uname(&u));
	SHOW(strcmp(u.sysname, "Linux") || strcmp(u.machine, "x86_64"));
	SHOW(uname(BAD_PTR));
	SHOW(sysinfo(&si));
	SHOW(si.totalram > 0 && si.procs > 0);
	SHOW(sysinfo(BAD_PTR));
	SHOW(times(NULL) != -1);
	SHOW(syscall(SYS_times, BAD_PTR));
	SHOW(syscall(SYS_gettimeofday, &tv, NULL));
	SHOW(syscall(SYS_gettimeofday, BAD_PTR, NULL));
	SHOW(syscall(SYS_time, NULL) >= tv.tv_sec - 1);
	SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts));
	SHOW(syscall(SYS_clock_gettime, 99, &ts));
	SHOW(syscall(SYS_clock_gettime, CLOCK_REALTIME, BAD_PTR));
	SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &ts));
	SHOW(ts.tv_sec == 0 && ts.tv_nsec == 1);
	SHOW(syscall(SYS_clock_getres, 99, &ts));
	ts.tv_nsec = -1;
	SHOW(syscall(SYS_nanosleep, &ts, NULL));
	SHOW(syscall(SYS_nanosleep, BAD_PTR, NULL));
	ts.tv_sec = 0;
	ts.tv_nsec = 1000;
	SHOW(syscall(SYS_nanosleep, &ts, NULL));
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL));
	SHOW(syscall(SYS_clock_nanosleep, 99, 0, &ts, NULL));
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
	SHOW(setitimer(ITIMER_REAL, &it, NULL));
	SHOW(setitimer(99, &it, NULL));
	SHOW(getitimer(99, &it));
	SHOW(getitimer(ITIMER_REAL, &it));
	SHOW(getitimer(ITIMER_REAL, BAD_PTR));
	SHOW(alarm(100));
	SHOW(alarm(0));

	SHOW(prctl(PR_SET_NAME, "a-long-name-that-is-cut"));
	SHOW(prctl(PR_GET_NAME, name));
	printf("%s\n", name);
	SHOW(prctl(PR_GET_DUMPABLE));
	SHOW(prctl(PR_SET_DUMPABLE, 7));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(syscall(SYS_getcpu, &ids[0], &ids[1], NULL));
	SHOW(syscall(SYS_getcpu, BAD_PTR, NULL, NULL));
	SHOW(syscall(SYS_getrandom, name, sizeof(name), 0));
	SHOW(syscall(SYS_getrandom, name, sizeof(name), 0x100));
	SHOW(syscall(SYS_getrandom, BAD_PTR, 8, 0));
	return 0;
}
