/* O_ASYNC, F_SETOWN and F_SETSIG on sockets: which signal, from which descriptor, with which band. */
#include <poll.h>
#include <sys/ioctl.h>
#include "each.h"

static sigset_t set;

static void show_signals(const char *what)
{
	struct timespec none = { 0, 50000000 };
	siginfo_t si;
	int got = 0, sig;

	printf("%s:", what);
	while ((sig = sigtimedwait(&set, &si, &none)) > 0) {
		if (!got++)
			printf(" %s code %d%s", sig == SIGIO ? "SIGIO" : sig == SIGURG ? "SIGURG" : "SIGRTMIN", si.si_code,
				si.si_code > 0 && si.si_band & POLLIN ? " IN" : "");
		none.tv_nsec = 0;
	}
	printf("%s\n", got ? "" : " nothing");
	fflush(stdout);
}

int main(void)
{
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigaddset(&set, SIGURG);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	FOR_EACH(k) {
		char buf[8];
		int p[2], on = 1, off = 0;

		title(k->name);
		make_pair(k, p);
		SHOW(fcntl(p[1], F_SETFL, O_ASYNC));
		send(p[0], "x", 1, 0);
		show_signals("no owner");
		SHOW(fcntl(p[1], F_SETOWN, getpid()));
		send(p[0], "x", 1, 0);
		show_signals("data");
		SHOW(fcntl(p[1], F_SETSIG, SIGRTMIN));
		send(p[0], "x", 1, 0);
		show_signals("data, SIGRTMIN");
		recv(p[1], buf, 8, 0);
		SHOW(ioctl(p[1], FIOASYNC, &off));
		send(p[0], "x", 1, 0);
		show_signals("off");
		printf("flag %d\n", !!(fcntl(p[1], F_GETFL) & O_ASYNC));
		SHOW(ioctl(p[1], FIOASYNC, &on));
		printf("flag %d\n", !!(fcntl(p[1], F_GETFL) & O_ASYNC));
		send(p[0], "x", 1, 0);
		show_signals("on");
		if (k->type != SOCK_DGRAM) {
			fcntl(p[1], F_SETSIG, 0);
			while (recv(p[1], buf, 8, MSG_DONTWAIT) > 0)
				;
			show_signals("drained");
			close(p[0]);
			show_signals("closed");
		}
		close(p[1]);
		show_signals("end");
	}
	return 0;
}
