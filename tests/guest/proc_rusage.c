/* getrusage, times and the CPU clocks: they grow with use, children count when they have been waited for. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static long cpu(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (long)(ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

static void burn(long ms)
{
	long end = cpu(CLOCK_THREAD_CPUTIME_ID) + ms;

	while (cpu(CLOCK_THREAD_CPUTIME_ID) < end)
		for (volatile int i = 0; i < 10000; i++)
			;
}

static long used(int who)
{
	struct rusage ru;

	getrusage(who, &ru);
	return ru.ru_utime.tv_sec * 1000 + ru.ru_utime.tv_usec / 1000 + ru.ru_stime.tv_sec * 1000 + ru.ru_stime.tv_usec / 1000;
}

static void *thread(void *arg)
{
	burn(60);
	SHOW(used(RUSAGE_THREAD) >= 55 && used(RUSAGE_THREAD) < 200);
	return arg;
}

int main(void)
{
	struct rusage before, after;
	struct tms tms;
	pthread_t t;
	siginfo_t si;
	pid_t pid;
	char *p;

	burn(60);
	SHOW(used(RUSAGE_SELF) >= 55);
	SHOW(cpu(CLOCK_PROCESS_CPUTIME_ID) >= 60);
	SHOW(used(RUSAGE_CHILDREN));
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	SHOW(used(RUSAGE_SELF) >= 110);
	SHOW(used(RUSAGE_THREAD) < 110);
	pid = fork();
	if (!pid) {
		SHOW(used(RUSAGE_SELF) < 60);
		times(&tms);
		SHOW(tms.tms_cutime);
		burn(80);
		_exit(0);
	}
	waitid(P_PID, (id_t)pid, &si, WEXITED | WNOWAIT);
	SHOW(used(RUSAGE_CHILDREN));
	wait4(pid, NULL, 0, &after);
	SHOW(after.ru_utime.tv_usec + after.ru_stime.tv_usec >= 75000);
	SHOW(used(RUSAGE_CHILDREN) >= 75);
	SHOW(times(&tms) != -1);
	SHOW(tms.tms_cutime + tms.tms_cstime >= 7);
	SHOW(tms.tms_utime + tms.tms_stime >= 10);
	getrusage(RUSAGE_SELF, &before);
	p = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(p, 8 << 20, MADV_NOHUGEPAGE);
	memset(p, 1, 8 << 20);
	getrusage(RUSAGE_SELF, &after);
	SHOW(after.ru_maxrss - before.ru_maxrss >= 7000);
	SHOW(after.ru_minflt > before.ru_minflt);
	SHOW(getrusage(2, &after));
	SHOW(getrusage(-2, &after));
	SHOW(getrusage(RUSAGE_SELF, BAD_PTR));
	SHOW(syscall(SYS_times, BAD_PTR));
	SHOW(times(NULL) != -1);
	return 0;
}
