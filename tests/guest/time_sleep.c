/* nanosleep and clock_nanosleep: length, what is left when interrupted, absolute times, errors. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void handler(int sig) { (void)sig; }
static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}
#define SHOW(what, call) do { errno = 0; long r = call; printf("%s: %ld %s\n", what, r, r < 0 ? strerrorname_np(errno) : ""); } while (0)
#define CNS(id, flags, rq, rm) syscall(SYS_clock_nanosleep, id, flags, rq, rm)

int main(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct itimerval it = { { 0, 0 }, { 0, 30000 } };
	struct timespec start, rq = { 0, 20000000 }, rem = { 77, 0 }, zero = { 0, 0 }, bad = { 0, -1 }, neg = { -1, 0 };
	struct timespec lots = { 1000, 0 };
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &start);
	SHOW("sleep", syscall(SYS_nanosleep, &rq, &rem));
	printf("slept long enough %d, rem untouched %d\n", ms_since(&start) >= 20, rem.tv_sec == 77);
	SHOW("zero", syscall(SYS_nanosleep, &zero, NULL));
	SHOW("bad nanoseconds", syscall(SYS_nanosleep, &bad, NULL));
	SHOW("negative", syscall(SYS_nanosleep, &neg, NULL));
	SHOW("bad pointer", syscall(SYS_nanosleep, 8, NULL));
	SHOW("unknown clock", CNS(99, 0, &rq, NULL));
	SHOW("raw clock", CNS(CLOCK_MONOTONIC_RAW, 0, &rq, NULL));
	SHOW("thread clock", CNS(CLOCK_THREAD_CPUTIME_ID, 0, &rq, NULL));
	SHOW("coarse clock", CNS(CLOCK_REALTIME_COARSE, 0, &rq, NULL));
	SHOW("absolute, past", CNS(CLOCK_REALTIME, TIMER_ABSTIME, &rq, NULL));
	clock_gettime(CLOCK_MONOTONIC, &start);
	rq = start;
	rq.tv_nsec += 25000000;
	if (rq.tv_nsec >= 1000000000) {
		rq.tv_sec++;
		rq.tv_nsec -= 1000000000;
	}
	SHOW("absolute", CNS(CLOCK_MONOTONIC, TIMER_ABSTIME, &rq, NULL));
	printf("long enough %d\n", ms_since(&start) >= 25);
	rq = (struct timespec){ 0, 5000000 };
	SHOW("boottime", CNS(CLOCK_BOOTTIME, 0, &rq, NULL));
	SHOW("tai", CNS(CLOCK_TAI, 0, &rq, NULL));

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW("interrupted", syscall(SYS_nanosleep, &lots, &rem));
	printf("rem %d\n", rem.tv_sec == 999);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW("interrupted, bad rem", syscall(SYS_nanosleep, &lots, 8));
	rem.tv_sec = 55;
	rq.tv_sec += 100000000;
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW("absolute interrupted", CNS(CLOCK_MONOTONIC, TIMER_ABSTIME, &rq, &rem));
	printf("rem untouched %d\n", rem.tv_sec == 55);

	/* a stop and continue does not end it: the call is restarted and sleeps what is left */
	pid = fork();
	if (!pid) {
		struct timespec s = { 0, 200000000 };

		clock_gettime(CLOCK_MONOTONIC, &start);
		status = (int)syscall(SYS_nanosleep, &s, NULL);
		_exit(status == 0 && ms_since(&start) >= 200 ? 21 : 22);
	}
	usleep(30000);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	usleep(30000);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	printf("stopped sleeper: %d\n", WEXITSTATUS(status));
	return 0;
}
