/* signalfd: records of every source, order, masks, poll and epoll, blocking, a child that reads its own, errors. */
/* musl */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include "show.h"

static void show(const char *what, const struct signalfd_siginfo *r)
{
	const char *code = r->ssi_code == SI_USER ? "USER" : r->ssi_code == SI_QUEUE ? "QUEUE" : r->ssi_code == SI_TKILL ? "TKILL" :
		r->ssi_code == SI_TIMER ? "TIMER" : r->ssi_code == SI_KERNEL ? "KERNEL" : r->ssi_code == CLD_EXITED ? "EXITED" : "?";

	printf("%s: signo %s%d code %s mine %d int %d ptr %llx status %d overrun %u errno %d\n", what,
		(int)r->ssi_signo >= SIGRTMIN ? "RTMIN+" : "", (int)r->ssi_signo >= SIGRTMIN ? (int)r->ssi_signo - SIGRTMIN : (int)r->ssi_signo,
		code, r->ssi_pid == (unsigned)getpid(), r->ssi_int, (unsigned long long)r->ssi_ptr, r->ssi_status, r->ssi_overrun,
		r->ssi_errno);
}

int main(void)
{
	struct signalfd_siginfo r[4];
	struct itimerspec its = { { 0, 0 }, { 0, 1000000 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_int = 31 };
	struct epoll_event eev = { .events = EPOLLIN }, out;
	sigset_t set, old, small;
	timer_t t;
	char line[128];
	FILE *f;
	int fd, ep;
	pid_t pid;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	fd = SHOW_OK(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	printf("cloexec %d nonblock %d\n", fcntl(fd, F_GETFD), !!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	SHOW(read(fd, r, sizeof(r)));
	SHOW(read(fd, r, 127));
	SHOW(write(fd, r, 128));
	SHOW(poll(&p, 1, 0));
	kill(getpid(), SIGUSR2);
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 5 });
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 6 });
	raise(SIGUSR1);
	SHOW(poll(&p, 1, 0));
	printf("revents %x\n", p.revents);
	SHOW(read(fd, r, sizeof(r) + 100));
	for (int i = 0; i < 4; i++)
		show("record", &r[i]);
	SHOW(poll(&p, 1, 0));

	timer_create(CLOCK_MONOTONIC, &ev, &t);
	timer_settime(t, 0, &its, NULL);
	SHOW(poll(&p, 1, 5000));
	SHOW(read(fd, r, sizeof(r)));
	show("timer", r);
	alarm(1);
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(read(fd, r, sizeof(r)));
	show("alarm", r);
	pid = fork();
	if (!pid) {
		/* the descriptor is about the signals of whoever reads it */
		kill(getpid(), SIGUSR1);
		if (read(fd, r, sizeof(r)) == 128)
			show("child", r);
		fflush(stdout);
		_exit(6);
	}
	waitpid(pid, NULL, 0);
	SHOW(read(fd, r, sizeof(r)));
	printf("child: pid %d code %d status %d\n", r[0].ssi_pid == (unsigned)pid, r[0].ssi_code == CLD_EXITED, r[0].ssi_status);

	/* another mask for the same descriptor */
	sigemptyset(&small);
	sigaddset(&small, SIGUSR2);
	sigaddset(&small, SIGKILL);
	SHOW(signalfd(fd, &small, 0) == fd);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	kill(getpid(), SIGUSR1);
	SHOW(read(fd, r, sizeof(r)));
	ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &eev));
	SHOW(epoll_wait(ep, &out, 1, 0));
	pid = fork();
	if (!pid) {
		usleep(20000);
		kill(getppid(), SIGUSR2);
		_exit(0);
	}
	SHOW(epoll_wait(ep, &out, 1, 5000));
	SHOW(read(fd, r, sizeof(r)));
	printf("from the child %d\n", r[0].ssi_pid == (unsigned)pid);
	waitpid(pid, NULL, 0);
	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", fd);
	f = fopen(line, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "sigmask", 7))
			fputs(line, stdout);
	/* an unblocked signal is delivered, not read; a fault of the buffer loses one */
	kill(getpid(), SIGUSR2);
	SHOW(read(fd, BAD_PTR, 128));
	SHOW(read(fd, r, sizeof(r)));

	SHOW(syscall(SYS_signalfd4, -1, &set, 8, 1));
	SHOW(syscall(SYS_signalfd4, -1, &set, 4, 0));
	SHOW(syscall(SYS_signalfd4, -1, BAD_PTR, 8, 0));
	SHOW(syscall(SYS_signalfd4, 99, &set, 8, 0));
	SHOW(syscall(SYS_signalfd4, 0, &set, 8, 0));
	SHOW_OK(syscall(SYS_signalfd, -1, &set, 8));
	SHOW(syscall(SYS_signalfd, ep, &set, 8));
	return 0;
}
