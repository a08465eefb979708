/* alarm and interval timers: what is left, replacing each other, over fork and exec, intervals while blocked, CPU time. */
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile int n[65];
static void handler(int sig) { n[sig]++; }

static struct itimerval tv(long value_us, long interval_us)
{
	return (struct itimerval){ { interval_us / 1000000, interval_us % 1000000 }, { value_us / 1000000, value_us % 1000000 } };
}

static void burn(int sig, int want)
{
	struct timespec ts;
	time_t end;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	end = ts.tv_sec + 10;
	while (n[sig] < want && ts.tv_sec < end)
		clock_gettime(CLOCK_MONOTONIC, &ts);
}

int main(int argc, char **argv)
{
	struct itimerval it, old;
	sigset_t set;
	pid_t pid;
	int status;

	if (argc > 1) {
		getitimer(ITIMER_REAL, &it);
		printf("after exec: left %d interval %ld\n", it.it_value.tv_sec >= 900, it.it_interval.tv_sec);
		return 0;
	}
	SHOW(alarm(0));
	SHOW(alarm(1000));
	SHOW(alarm(10));
	it = tv(500000000, 7000000);
	SHOW(setitimer(ITIMER_REAL, &it, &old));
	printf("was %d\n", old.it_value.tv_sec >= 8 && old.it_value.tv_sec <= 10);
	SHOW(alarm(0) >= 499);
	SHOW(getitimer(ITIMER_REAL, &it));
	printf("stopped %ld %ld interval %ld\n", it.it_value.tv_sec, it.it_value.tv_usec, it.it_interval.tv_sec);
	it = tv(100, 0);
	signal(SIGALRM, SIG_IGN);
	setitimer(ITIMER_REAL, &it, NULL);
	usleep(5000);
	SHOW(getitimer(ITIMER_REAL, &it));
	printf("once %ld\n", it.it_value.tv_usec);
	signal(SIGALRM, handler);
	it = tv(1000, 1000);
	setitimer(ITIMER_REAL, &it, NULL);
	while (n[SIGALRM] < 5)
		pause();
	printf("fired on\n");
	/* one signal only while it is blocked */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	usleep(20000);
	n[SIGALRM] = 0;
	it = tv(0, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("pending once %d\n", n[SIGALRM]);
	/* of CPU time */
	signal(SIGVTALRM, handler);
	signal(SIGPROF, handler);
	it = tv(10000, 10000);
	SHOW(setitimer(ITIMER_VIRTUAL, &it, NULL));
	SHOW(getitimer(ITIMER_VIRTUAL, &old));
	printf("left %d interval %ld\n", old.it_value.tv_usec > 0, old.it_interval.tv_usec);
	SHOW(setitimer(ITIMER_PROF, &it, NULL));
	burn(SIGVTALRM, 3);
	burn(SIGPROF, 3);
	printf("virtual %d prof %d\n", n[SIGVTALRM] >= 3, n[SIGPROF] >= 3);
	it = tv(0, 0);
	setitimer(ITIMER_VIRTUAL, &it, NULL);
	setitimer(ITIMER_PROF, &it, NULL);
	/* not inherited by fork, kept by exec */
	it = tv(1000000000, 5000000);
	setitimer(ITIMER_REAL, &it, NULL);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		getitimer(ITIMER_REAL, &it);
		printf("child: %ld %ld\n", it.it_value.tv_sec, it.it_interval.tv_sec);
		fflush(stdout);
		it = tv(1000000000, 5000000);
		setitimer(ITIMER_REAL, &it, NULL);
		execl("/proc/self/exe", "self", "x", NULL);
	}
	waitpid(pid, &status, 0);
	alarm(0);
	it = tv(1000000, 0);
	it.it_value.tv_usec = 1000000;
	SHOW(setitimer(ITIMER_REAL, &it, NULL));
	it.it_value.tv_usec = -1;
	SHOW(setitimer(ITIMER_REAL, &it, NULL));
	it = tv(0, 0);
	SHOW(setitimer(3, &it, NULL));
	SHOW(getitimer(3, &it));
	SHOW(getitimer(ITIMER_REAL, BAD_PTR));
	SHOW(setitimer(ITIMER_REAL, BAD_PTR, NULL));
	SHOW(setitimer(ITIMER_REAL, &it, BAD_PTR));
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, NULL, NULL)); /* as if all were 0 */
	/* the default action */
	pid = fork();
	if (!pid) {
		signal(SIGALRM, SIG_DFL);
		ualarm(1000, 0);
		pause();
	}
	waitpid(pid, &status, 0);
	printf("killed by %d\n", WTERMSIG(status));
	return 0;
}
