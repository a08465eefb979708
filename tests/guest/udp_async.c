/* O_ASYNC on a UDP socket: SIGIO when something can be read; F_SETSIG; FIOASYNC, FIOSETOWN. */
#include "inet.h"
#include <signal.h>
#include <asm/ioctls.h>

static volatile int count, band, fd_seen;

static void handler(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)uc;
	count++;
	band = (int)info->si_band;
	fd_seen = info->si_fd;
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	int a = bound("127.0.0.1"), b = bound("127.0.0.1"), on = 1, v = 0, me = getpid();
	char buf[16];

	sigaction(SIGIO, &sa, NULL);
	sigaction(SIGRTMIN + 1, &sa, NULL);
	SHOW(fcntl(a, F_SETOWN, getpid()));
	SHOW(fcntl(a, F_SETFL, O_ASYNC | O_NONBLOCK));
	send_to(b, "one", "127.0.0.1", port_of(a));
	SHOW(count);
	SHOW(recv(a, buf, 16, 0));
	SHOW(fcntl(a, F_SETSIG, SIGRTMIN + 1));
	send_to(b, "two", "127.0.0.1", port_of(a));
	SHOW(count);
	SHOW((band & POLLIN) != 0);
	SHOW(fd_seen == a);
	SHOW(recv(a, buf, 16, 0));
	SHOW(fcntl(a, F_SETFL, O_NONBLOCK));
	count = 0;
	send_to(b, "three", "127.0.0.1", port_of(a));
	SHOW(count);
	SHOW(ioctl(b, FIOSETOWN, &me));
	SHOW(ioctl(b, FIOGETOWN, &v));
	SHOW(v == me);
	v = 0;
	SHOW(ioctl(b, SIOCGPGRP, &v));
	SHOW(v == me);
	SHOW(ioctl(b, FIOASYNC, &on));
	SHOW((fcntl(b, F_GETFL) & O_ASYNC) != 0);
	SHOW(ioctl(b, FIONBIO, &on));
	SHOW(recv(b, buf, 16, 0));
	SHOW(ioctl(b, 0x12345, &v));
	return 0;
}
