/* Calls that wait with another mask: sigsuspend, ppoll, pselect, epoll_pwait: atomic, restored, what the handler's frame holds. */
/* musl */
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <ucontext.h>
#include "show.h"

static volatile int handled, blocked_in_frame, blocked_in_handler;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;
	sigset_t now;

	handled++;
	blocked_in_frame = sigismember(&uc->uc_sigmask, SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	blocked_in_handler = sigismember(&now, SIGUSR1);
}

static void show(const char *what, long ret)
{
	sigset_t now;
	int err = errno;

	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("%s: %ld %s, handled %d, frame blocks %d, handler blocks %d, after %d\n", what, ret, ret < 0 ? errno_name(err) : "ok", handled,
		blocked_in_frame, blocked_in_handler, sigismember(&now, SIGUSR1));
	handled = 0;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct timespec zero = { 0, 0 }, lots = { 20, 0 };
	struct epoll_event ev;
	sigset_t none, usr1;
	struct pollfd p;
	fd_set r;
	int fds[2], ep;

	pipe(fds);
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	sigaction(SIGUSR1, &sa, NULL);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1);
	show("sigsuspend", sigsuspend(&none));
	raise(SIGUSR1);
	show("ppoll", ppoll(&p, 1, &lots, &none));
	raise(SIGUSR1);
	show("ppoll, no time", ppoll(&p, 1, &zero, &none));
	/* readiness wins: the signal is handled, but the call succeeds or not as Linux decides */
	write(fds[1], "x", 1);
	raise(SIGUSR1);
	show("ppoll, ready", ppoll(&p, 1, &lots, &none));
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	handled = 0;
	FD_ZERO(&r);
	FD_SET(fds[0], &r);
	raise(SIGUSR1);
	show("pselect, ready", pselect(fds[0] + 1, &r, NULL, NULL, &lots, &none));
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	handled = 0;
	read(fds[0], &ev, 1);
	raise(SIGUSR1);
	show("pselect", pselect(fds[0] + 1, &r, NULL, NULL, &lots, &none));
	ep = epoll_create1(0);
	ev.events = EPOLLIN;
	epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev);
	raise(SIGUSR1);
	show("epoll_pwait", epoll_pwait(ep, &ev, 1, 20000, &none));
	/* the other way round: blocked only while it waits */
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
	if (!fork()) {
		usleep(20000);
		kill(getppid(), SIGUSR1);
		usleep(20000);
		write(fds[1], "y", 1);
		_exit(0);
	}
	show("blocked during ppoll", ppoll(&p, 1, &lots, &usr1));
	wait(NULL);
	/* masks of a wrong size or address */
	SHOW(syscall(SYS_ppoll, &p, 1, &zero, &none, 4));
	SHOW(syscall(SYS_ppoll, &p, 1, &zero, BAD_PTR, 8));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, &none, 4));
	SHOW(syscall(SYS_epoll_pwait, ep, &ev, 1, 0, BAD_PTR, 8));
	SHOW(syscall(SYS_rt_sigsuspend, &none, 4));
	SHOW(syscall(SYS_rt_sigsuspend, BAD_PTR, 8));
	/* KILL and STOP cannot be blocked by them either */
	sigfillset(&none);
	if (!fork()) {
		pid_t me = getpid();

		if (!fork()) {
			usleep(10000);
			kill(me, SIGKILL);
			_exit(0);
		}
		sigsuspend(&none);
		_exit(1);
	}
	{
		int status;

		wait(&status);
		printf("killed %d\n", WTERMSIG(status));
	}
	return 0;
}
