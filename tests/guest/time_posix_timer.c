/* POSIX timers: what arrives, overruns, SIGEV_NONE, threads, ignored signals, exec and fork do not keep them. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static volatile int count, value, code, tid_ok, overrun;

static void handler(int sig, siginfo_t *si, void *uc)
{
	count++;
	code = si->si_code;
	value = si->si_value.sival_int;
	overrun = si->si_overrun;
	tid_ok = gettid();
}

static struct itimerspec ms(long value, long interval)
{
	return (struct itimerspec){ .it_value = { value / 1000, value % 1000 * 1000000 },
		.it_interval = { interval / 1000, interval % 1000 * 1000000 } };
}

static int create(int clock, int notify, int sig, int val, int tid)
{
	struct sigevent ev = { .sigev_notify = notify, .sigev_signo = sig, .sigev_value.sival_int = val };
	int id = -1;

	ev._sigev_un._tid = tid;
	if (syscall(SYS_timer_create, clock, &ev, &id))
		return -1;
	return id;
}

static int set(int id, int flags, struct itimerspec its, struct itimerspec *old)
{
	return (int)syscall(SYS_timer_settime, id, flags, &its, old);
}

static void wait_count(int n)
{
	for (int i = 0; i < 5000 && count < n; i++)
		usleep(1000);
}

static void *thread(void *arg)
{
	struct itimerspec its = ms(1, 0);
	int id = create(CLOCK_MONOTONIC, SIGEV_SIGNAL | SIGEV_THREAD_ID, SIGRTMIN, 5, gettid());

	count = 0;
	set(id, 0, its, NULL);
	wait_count(1);
	printf("thread: count %d, value %d, to itself %d\n", count, value, tid_ok == gettid());
	syscall(SYS_timer_delete, id);
	return NULL;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct itimerspec its, old;
	struct timespec now;
	sigset_t all;
	pthread_t th;
	int id, none, id2, status;
	pid_t pid;

	if (argc > 1) {
		printf("after exec: %s\n", syscall(SYS_timer_gettime, atoi(argv[1]), &its) ? errno_name(errno) : "there");
		return 0;
	}
	sigaction(SIGRTMIN, &sa, NULL);
	sigaction(SIGALRM, &sa, NULL);
	id = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 77, 0);
	SHOW(set(id, 0, ms(10, 0), NULL));
	wait_count(1);
	printf("count %d code %d value %d overrun %d\n", count, code == SI_TIMER, value, overrun);
	SHOW(syscall(SYS_timer_gettime, id, &old));
	printf("left %ld.%09ld interval %ld\n", old.it_value.tv_sec, old.it_value.tv_nsec, old.it_interval.tv_nsec);

	/* overruns are counted while the signal is blocked */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	count = 0;
	set(id, 0, ms(5, 5), NULL);
	usleep(60000);
	sigpending(&all);
	printf("pending %d\n", sigismember(&all, SIGRTMIN));
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	printf("once %d, overran %d", count >= 1 && count <= 2, overrun >= 5 || count > 1);
	printf(", getoverrun %d\n", syscall(SYS_timer_getoverrun, id) >= 0);
	SHOW(set(id, 0, ms(0, 0), &old));
	printf("interval was %ld\n", old.it_interval.tv_nsec);
	SHOW(syscall(SYS_timer_getoverrun, id));
	SHOW(syscall(SYS_timer_delete, id));
	SHOW(syscall(SYS_timer_delete, id));
	SHOW(syscall(SYS_timer_gettime, id, &old));

	/* no event: SIGALRM with the timer's number */
	count = 0;
	SHOW(syscall(SYS_timer_create, CLOCK_REALTIME, NULL, &id));
	clock_gettime(CLOCK_REALTIME, &now);
	its.it_interval = (struct timespec){ 0, 0 };
	its.it_value = now;
	SHOW(set(id, TIMER_ABSTIME, its, NULL)); /* past: at once */
	wait_count(1);
	printf("alarm %d, value is its number %d\n", count, value == id);

	/* ignored: the timer goes on and is heard again */
	signal(SIGRTMIN + 1, SIG_IGN);
	id2 = create(CLOCK_BOOTTIME, SIGEV_SIGNAL, SIGRTMIN + 1, 9, 0);
	set(id2, 0, ms(2, 2), NULL);
	usleep(20000);
	count = 0;
	sigaction(SIGRTMIN + 1, &sa, NULL);
	wait_count(3);
	printf("heard again %d value %d\n", count >= 3, value);
	syscall(SYS_timer_delete, id2);

	none = create(CLOCK_TAI, SIGEV_NONE, 0, 0, 0);
	SHOW(set(none, 0, ms(100000, 0), NULL));
	syscall(SYS_timer_gettime, none, &old);
	printf("left %d\n", old.it_value.tv_sec >= 90 && old.it_value.tv_sec <= 100);
	SHOW(set(none, 0, ms(1, 0), NULL));
	usleep(5000);
	syscall(SYS_timer_gettime, none, &old);
	printf("left %ld %ld\n", old.it_value.tv_sec, old.it_value.tv_nsec);
	set(none, 0, ms(1, 1000000), NULL);
	usleep(5000);
	syscall(SYS_timer_gettime, none, &old);
	printf("next %d\n", old.it_value.tv_sec >= 990);
	/* set to 0, a timer that tells nobody goes on all the same, but once */
	SHOW(set(none, 0, ms(0, 0), NULL));
	syscall(SYS_timer_gettime, none, &old);
	printf("off %d %ld\n", old.it_value.tv_sec >= 990, old.it_interval.tv_sec);
	SHOW(set(none, 0, ms(100000, 0), NULL));
	SHOW(set(none, 0, ms(0, 5), &old));
	printf("was %d\n", old.it_value.tv_sec >= 90);
	SHOW(set(none, 0, ms(0, 0), &old));
	printf("was %d %ld\n", old.it_value.tv_sec >= 90, old.it_interval.tv_nsec);

	pthread_create(&th, NULL, thread, NULL);
	pthread_join(th, NULL);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		printf("in the child: %s\n", syscall(SYS_timer_gettime, none, &old) ? errno_name(errno) : "there");
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	id = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 1, 0);
	set(id, 0, ms(1, 1), NULL);
	pid = fork();
	if (!pid) {
		char text[16];

		snprintf(text, sizeof(text), "%d", none);
		execl("/proc/self/exe", "self", text, NULL);
	}
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
	return 0;
}
