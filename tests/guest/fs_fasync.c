/* O_ASYNC on pipes: owners of each kind, F_SETSIG and its siginfo, errors of the owner commands of fcntl(2). */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <asm/ioctls.h>

#include "show.h"

static volatile int got, last_fd, last_code, last_band;

static void handler(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	got = sig;
	last_fd = si->si_fd;
	last_code = si->si_code;
	last_band = si->si_band;
}

static void report(const char *what)
{
	printf("%s: signal %d", what, got);
	if (got == SIGUSR1)
		printf(" code %s fd %d band %#x", last_code == POLL_IN ? "POLL_IN" : last_code == POLL_OUT ? "POLL_OUT" : "?",
			last_fd, last_band);
	printf("\n");
	got = 0;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	struct f_owner_ex ex = { F_OWNER_TID, 0 };
	int p[2], on = 1, ids[2] = { -1, -1 };
	char c;

	sigaction(SIGIO, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	SHOW(pipe(p));
	SHOW(fcntl(p[0], F_GETOWN));
	SHOW(fcntl(p[0], F_SETFL, O_ASYNC));
	SHOW(fcntl(p[0], F_GETFL) & O_ASYNC);
	SHOW(write(p[1], "x", 1));
	report("no owner");
	SHOW(fcntl(p[0], F_SETOWN, getpid()));
	SHOW(fcntl(p[0], F_GETOWN) == getpid());
	SHOW(write(p[1], "x", 1));
	report("process");
	SHOW(fcntl(p[0], F_GETSIG));
	SHOW(fcntl(p[0], F_SETSIG, SIGUSR1));
	SHOW(fcntl(p[0], F_GETSIG));
	SHOW(fcntl(p[0], F_SETSIG, 65));
	SHOW(fcntl(p[0], F_SETSIG, -1));
	SHOW(write(p[1], "x", 1));
	report("with F_SETSIG");
	ex.pid = gettid();
	SHOW(fcntl(p[0], F_SETOWN_EX, &ex));
	SHOW(write(p[1], "x", 1));
	report("thread");
	ex.pid = 0;
	ex.type = 9;
	SHOW(fcntl(p[0], F_GETOWN_EX, &ex));
	SHOW(ex.type);
	SHOW(ex.pid == gettid());
	SHOW(fcntl(p[0], 17 /* F_GETOWNER_UIDS */, ids));
	SHOW(ids[0] == (int)getuid() && ids[1] == (int)geteuid());
	SHOW(setpgid(0, 0) == 0 || getpgrp() == getpid());
	SHOW(fcntl(p[0], F_SETOWN, -getpgrp()));
	SHOW(fcntl(p[0], F_GETOWN) == -getpgrp());
	SHOW(write(p[1], "x", 1));
	report("group");
	SHOW(fcntl(p[0], F_SETFL, 0));
	SHOW(write(p[1], "x", 1));
	report("off again");
	SHOW(ioctl(p[0], FIOASYNC, &on));
	SHOW(write(p[1], "x", 1));
	report("by FIOASYNC");
	SHOW(fcntl(p[1], F_SETOWN, getpid()));
	SHOW(fcntl(p[1], F_SETSIG, SIGUSR1));
	SHOW(fcntl(p[1], F_SETFL, O_ASYNC));
	SHOW(fcntl(p[0], F_SETFL, 0));
	SHOW(read(p[0], &c, 1));
	report("room to write");
	/* errors */
	SHOW(fcntl(p[0], F_SETOWN, 0x3ffffff0));
	SHOW(fcntl(p[0], F_SETOWN, -0x3ffffff0));
	SHOW(fcntl(p[0], F_SETOWN, (int)0x80000000));
	ex.type = 7;
	SHOW(fcntl(p[0], F_SETOWN_EX, &ex));
	ex.type = F_OWNER_PID;
	ex.pid = 0x3ffffff0;
	SHOW(fcntl(p[0], F_SETOWN_EX, &ex));
	SHOW(fcntl(p[0], F_SETOWN_EX, BAD_PTR));
	SHOW(fcntl(p[0], F_GETOWN_EX, BAD_PTR));
	SHOW(fcntl(p[0], F_SETOWN, 0));
	SHOW(fcntl(p[0], F_GETOWN));
	/* an owner that is gone */
	pid_t child = fork();
	if (!child)
		pause();
	SHOW(fcntl(p[0], F_SETOWN, child));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	SHOW(fcntl(p[0], F_GETOWN));
	/* files that cannot tell keep the flag */
	int fd = open("f", O_CREAT | O_RDWR, 0600);
	SHOW(fcntl(fd, F_SETFL, O_ASYNC));
	SHOW(!!(fcntl(fd, F_GETFL) & O_ASYNC));
	on = 0;
	SHOW(ioctl(fd, FIOASYNC, &on));
	close(p[1]);
	return 0;
}
