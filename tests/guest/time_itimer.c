/* alarm, setitimer and getitimer: one shot, intervals, what is left, what fork and the errors do. */
/* musl */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;
static volatile int code;
static void handler(int sig, siginfo_t *info, void *ctx)
{
	(void)sig;
	(void)ctx;
	ticks++;
	code = info->si_code;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct itimerval it = { { 0, 0 }, { 0, 20000 } }, old, zero;
	sigset_t block, none;
	int status;
	pid_t pid;

	memset(&zero, 0, sizeof(zero));
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
	while (!ticks)
		sigsuspend(&none);
	printf("one shot: %d, SI_KERNEL %d\n", (int)ticks, code == 0x80);
	getitimer(ITIMER_REAL, &old);
	printf("spent: %ld %ld\n", (long)old.it_value.tv_sec, (long)old.it_value.tv_usec);

	it.it_interval.tv_usec = 5000;
	setitimer(ITIMER_REAL, &it, NULL);
	while (ticks < 6)
		sigsuspend(&none);
	getitimer(ITIMER_REAL, &old);
	printf("interval: %ld, running %d\n", (long)old.it_interval.tv_usec, old.it_value.tv_usec <= 5000);
	setitimer(ITIMER_REAL, &zero, &old);
	printf("old interval %ld\n", (long)old.it_interval.tv_usec);

	printf("alarm: %u\n", alarm(100));
	pid = fork();
	if (!pid)
		_exit((int)alarm(0)); /* a child has no alarm */
	waitpid(pid, &status, 0);
	printf("child's alarm: %d\n", WEXITSTATUS(status));
	getitimer(ITIMER_REAL, &old);
	printf("alarm seen by getitimer: %d\n", old.it_value.tv_sec >= 98 && old.it_value.tv_sec <= 100);
	printf("alarm replaced: %d\n", (int)alarm(50) >= 99);
	printf("alarm off: %d\n", (int)alarm(0));
	printf("alarm was off: %d\n", (int)alarm(0));

	it.it_value.tv_usec = 1000000;
	printf("bad microseconds: %d", setitimer(ITIMER_REAL, &it, NULL));
	printf(" EINVAL %d\n", errno == EINVAL);
	it.it_value.tv_usec = -1;
	printf("negative: %d", setitimer(ITIMER_REAL, &it, NULL));
	printf(" EINVAL %d\n", errno == EINVAL);
	printf("unknown timer: %d", getitimer(7, &old));
	printf(" EINVAL %d\n", errno == EINVAL);
	printf("bad pointer: %d", setitimer(ITIMER_REAL, (void *)8, NULL));
	printf(" EFAULT %d\n", errno == EFAULT);

	pid = fork();
	if (!pid) {
		signal(SIGALRM, SIG_DFL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		it = (struct itimerval){ { 0, 0 }, { 0, 10000 } };
		setitimer(ITIMER_REAL, &it, NULL);
		for (;;)
			pause();
	}
	waitpid(pid, &status, 0);
	printf("died of %d\n", WTERMSIG(status));
	return 0;
}
