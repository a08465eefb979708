/* struct siginfo of every source, as sigwaitinfo gives it: every byte that has a meaning, and zeroes elsewhere. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static sigset_t all;

static int zero_from(const siginfo_t *si, size_t at)
{
	for (size_t i = at; i < sizeof(*si); i++)
		if (((const char *)si)[i])
			return 0;
	return 1;
}

static siginfo_t take(void)
{
	siginfo_t si;
	struct timespec lots = { 20, 0 };

	memset(&si, 0xee, sizeof(si));
	if (sigtimedwait(&all, &si, &lots) < 0)
		printf("%s\n", errno_name(errno));
	return si;
}

static void show(const char *what, siginfo_t si)
{
	static const struct { int code; const char *name; } names[] = { { SI_USER, "USER" }, { SI_KERNEL, "KERNEL" }, { SI_QUEUE, "QUEUE" },
		{ SI_TIMER, "TIMER" }, { SI_MESGQ, "MESGQ" }, { SI_ASYNCIO, "ASYNCIO" }, { SI_TKILL, "TKILL" } };
	const char *code = "?";

	for (unsigned i = 0; i < 7; i++)
		if (names[i].code == si.si_code)
			code = names[i].name;
	printf("%s: signo %d errno %d code %s", what, si.si_signo >= SIGRTMIN ? si.si_signo - SIGRTMIN + 1000 : si.si_signo, si.si_errno, code);
	if (si.si_code == SI_TIMER)
		printf(" overrun %d value %d", si.si_overrun, si.si_value.sival_int);
	else if (si.si_code != SI_KERNEL)
		printf(" pid %s uid %d", si.si_pid == getpid() ? "me" : si.si_pid == getppid() ? "parent" : "other", si.si_uid == getuid());
	if (si.si_code == SI_QUEUE || si.si_code == SI_MESGQ)
		printf(" value %lx", (unsigned long)si.si_value.sival_ptr);
	printf(", rest zero %d\n", zero_from(&si, 48));
}

int main(void)
{
	struct itimerval it = { { 0, 0 }, { 0, 1000 } };
	struct itimerspec its = { { 0, 0 }, { 0, 1000000 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3, .sigev_value.sival_ptr = (void *)0x1234567890 };
	siginfo_t si = { .si_code = SI_ASYNCIO };
	timer_t t;
	mqd_t q;
	pid_t pid;
	int status;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	kill(getpid(), SIGTERM);
	show("kill", take());
	raise(SIGTERM);
	show("raise", take());
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_ptr = (void *)0xfedcba98765 });
	show("sigqueue", take());
	sigqueue(getpid(), SIGTERM, (union sigval){ .sival_int = -1 });
	show("sigqueue classic", take());
	setitimer(ITIMER_REAL, &it, NULL);
	show("itimer", take());
	alarm(1);
	show("alarm", take());
	timer_create(CLOCK_MONOTONIC, &ev, &t);
	timer_settime(t, 0, &its, NULL);
	show("timer", take());
	mq_unlink("/umk-info");
	q = mq_open("/umk-info", O_RDWR | O_CREAT, 0600, NULL);
	ev.sigev_signo = SIGUSR2;
	mq_notify(q, &ev);
	mq_send(q, "x", 1, 0);
	show("mq_notify", take());
	mq_unlink("/umk-info");
	si.si_value.sival_int = 5;
	si.si_pid = getpid();
	si.si_uid = getuid();
	syscall(SYS_rt_sigqueueinfo, getpid(), SIGHUP, &si);
	show("rt_sigqueueinfo", take());
	si.si_code = -77;
	si.si_errno = 12;
	syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGHUP, &si);
	show("rt_tgsigqueueinfo", take());
	fflush(stdout);
	pid = fork();
	if (!pid) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	si = take();
	while (si.si_signo != SIGUSR1 && si.si_signo != SIGCHLD)
		si = take();
	if (si.si_signo == SIGUSR1) {
		printf("from the child %d\n", si.si_pid == pid);
		si = take();
	}
	printf("child: code %d status %d pid %d\n", si.si_code == CLD_EXITED, si.si_status, si.si_pid == pid);
	waitpid(pid, &status, 0);
	pid = fork();
	if (!pid) {
		siginfo_t from;

		from = take();
		show("child", from);
		fflush(stdout);
		_exit(0);
	}
	usleep(10000);
	sigqueue(pid, SIGRTMIN + 5, (union sigval){ .sival_int = 9 });
	waitpid(pid, &status, 0);
	take();
	/* what a fault that is blocked does */
	pid = fork();
	if (!pid) {
		*(volatile int *)8 = 0;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("blocked fault kills: %d\n", WTERMSIG(status));
	return 0;
}
